import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type * as core from '@tgan/core';
import type * as ganLayers from '@tgan/gan-layers';
import type * as critic3d from '@tgan/critic-3d';
import type * as svcConstraint from '@tgan/svc-constraint';
import type * as videoGan from '@tgan/video-gan';
import type * as wganTrainer from '@tgan/wgan-trainer';
import type * as tf from '@tensorflow/tfjs';
import * as z from 'zod';
import { Axes, axisNames, builtInAxes, type Extension } from './axes.js';

/** A user's module cannot be loaded, or what it adds is wrong. The message is one line. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError';
}

/** What a user's module gets, so that it does not need to install packages. */
export interface ExtensionTools {
  readonly tf: typeof tf;
  readonly z: typeof z;
  readonly core: typeof core;
  readonly ganLayers: typeof ganLayers;
  readonly critic3d: typeof critic3d;
  readonly svcConstraint: typeof svcConstraint;
  readonly videoGan: typeof videoGan;
  readonly wganTrainer: typeof wganTrainer;
}

/** The default export of a user's module. */
export type ExtensionFactory = (tools: ExtensionTools) => Extension | Promise<Extension>;

const keys = axisNames.map((axis) => `${axis}s`);

/**
 * The axes with what modules add to them. See docs/extending.md.
 *
 * @param modules - paths, relative to the working directory unless absolute.
 * @throws ModuleError when a module is missing or broken.
 */
export async function loadAxes(modules: readonly string[]): Promise<Axes> {
  if (modules.length === 0) return builtInAxes;
  const extensions: Extension[] = [];
  for (const path of modules) {
    const extension = await loadExtension(path);
    try {
      // Each by itself, so that an error names the module.
      new Axes([...extensions, extension]);
    } catch (error) {
      throw new ModuleError(`the module ${path}: ${(error as Error).message}`, { cause: error });
    }
    extensions.push(extension);
  }
  return new Axes(extensions);
}

async function loadExtension(path: string): Promise<Extension> {
  await stat(path).catch(() => {
    throw new ModuleError(
      `there is no module ${path}: correct --import, or import: in the YAML file`,
    );
  });
  let extension: unknown;
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as {
      default?: ExtensionFactory;
    };
    if (typeof module.default !== 'function') {
      throw new Error(`it needs a default export, a function that returns { ${keys[0]}: [...] }`);
    }
    extension = await module.default(await tools());
  } catch (error) {
    const [line] = String(error instanceof Error ? error.message : error).split('\n');
    throw new ModuleError(`cannot load the module ${path}: ${line}`, { cause: error });
  }
  if (typeof extension !== 'object' || extension === null) {
    throw new ModuleError(
      `the module ${path} must return an object with some of: ${keys.join(', ')}`,
    );
  }
  for (const [key, entries] of Object.entries(extension)) {
    if (!keys.includes(key)) {
      throw new ModuleError(`the module ${path} returns ${key}; it may return: ${keys.join(', ')}`);
    }
    if (!Array.isArray(entries)) {
      throw new ModuleError(`the module ${path}: ${key} must be a list of entries`);
    }
  }
  return extension as Extension;
}

async function tools(): Promise<ExtensionTools> {
  const [tf, core, ganLayers, critic3d, svcConstraint, videoGan, wganTrainer] = await Promise.all([
    import('@tensorflow/tfjs'),
    import('@tgan/core'),
    import('@tgan/gan-layers'),
    import('@tgan/critic-3d'),
    import('@tgan/svc-constraint'),
    import('@tgan/video-gan'),
    import('@tgan/wgan-trainer'),
  ]);
  return { tf, z, core, ganLayers, critic3d, svcConstraint, videoGan, wganTrainer };
}
