import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from './config/index.js';
import { temporaryFolder } from './testing/tiny-run.js';
import { resume, train } from './train.js';
import { openRun } from './trained-run.js';

const { at, remove } = temporaryFolder();
afterAll(remove);

/** The modules that docs/extending.md shows, each of which begins with its name. */
const guide = readFileSync(new URL('../../../docs/extending.md', import.meta.url), 'utf8');
const modules = [...guide.matchAll(/```js\n\/\/ (\S+\.mjs)\n([\s\S]*?)```/g)].map(
  ([, name, code]) => ({ name, code }),
);

beforeAll(() => {
  for (const { name, code } of modules) writeFileSync(at(name), code);
});

const metricsOf = (run: string) =>
  readFileSync(at(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ ...JSON.parse(line), seconds: 0 }));

describe('a module of a user', () => {
  it('adds an entry to each axis, and the run trains, resumes and is sampled', async () => {
    expect(modules).toHaveLength(6);
    const preset = at('mine.yaml');
    const list = modules.map(({ name }) => `./${name}`).join(', ');
    writeFileSync(
      preset,
      `import: [${list}]
dataset: squares
side: 3
model: dense
units: 4
imageSize: 8
objective: relativistic
margin: 0.5
constraint: max-norm
maxNorm: 0.8
optimizer: momentum
momentum: 0.5
schedule: cosine
batchSize: 2
steps: 4
checkpointEvery: 2
sampleCount: 2
learningRate: 0.01
backend: cpu
tensorboard: false
`,
    );
    const config = await loadConfig(preset, {});
    expect(config).toMatchObject({ latentSize: 8, import: modules.map(({ name }) => at(name)) });
    await train(config, { folder: at('whole') });

    // A run that is stopped after two steps comes to the same numbers.
    const controller = new AbortController();
    const stopped = await train(config, {
      folder: at('run'),
      signal: controller.signal,
      onStep: ({ step }) => void (step === 2 && controller.abort()),
    });
    expect(stopped).toMatchObject({ stopped: true, stepsDone: 2 });
    expect(await resume(at('run'))).toMatchObject({ stopped: false, stepsDone: 4 });
    expect(metricsOf('run')).toEqual(metricsOf('whole'));
    expect(new Set(metricsOf('run').map(({ value }) => value)).size).toBe(4);

    const run = await openRun(at('run'), { backend: 'cpu' });
    const videos = await run.sample({ count: 3 });
    expect(videos.shape).toEqual([3, 4, 8, 8, 1]);
    videos.dispose();
    run.dispose();
  });

  it.each<[string, string, RegExp]>([
    ['throws.mjs', "throw new Error('out of luck');", /cannot load the module .*: out of luck$/],
    ['syntax.mjs', 'export default (', /cannot load the module .*syntax.mjs: /],
    ['empty.mjs', 'export const a = 1;', /needs a default export, a function that returns/],
    ['nothing.mjs', 'export default () => 3;', /must return an object with some of: datasets, /],
    ['typo.mjs', 'export default () => ({ objective: [] });', /returns objective; it may return: /],
    ['single.mjs', 'export default () => ({ models: {} });', /models must be a list of entries/],
    [
      'half.mjs',
      "export default () => ({ models: [{ name: 'half', description: 'a' }] });",
      /the module .*half.mjs: a new model "half" needs a function create/,
    ],
    [
      'taken.mjs',
      `export default ({ z }) => ({ schedules: [
        { name: 'constant', description: 'a', options: z.strictObject({}), create: () => () => 1 },
      ] });`,
      /there is a schedule "constant" already/,
    ],
    [
      'clash.mjs',
      `export default ({ z }) => ({ schedules: [
        { name: 'late', description: 'a', create: () => () => 1,
          options: z.strictObject({ digits: z.int().default(1).describe('a') }) },
      ] });`,
      /the schedule late has an option digits, which the dataset moving-mnist has too/,
    ],
    [
      'reserved.mjs',
      `export default ({ z }) => ({ schedules: [
        { name: 'late', description: 'a', create: () => () => 1,
          options: z.strictObject({ steps: z.int().default(1).describe('a') }) },
      ] });`,
      /the schedule late has an option steps, which every run has too/,
    ],
  ])('%s is refused in one line', async (name, code, message) => {
    writeFileSync(at(name), code);
    const reading = readConfig({ import: [at(name)] }, 'test');
    await expect(reading).rejects.toThrow(message);
    await expect(reading).rejects.toMatchObject({
      name: 'ModuleError',
      message: expect.not.stringContaining('\n'),
    });
  });

  it('that is gone is refused in one line', async () => {
    await expect(readConfig({ import: [at('gone.mjs')] }, 'test')).rejects.toThrow(
      `there is no module ${at('gone.mjs')}: correct --import, or import: in the YAML file`,
    );
    await expect(readConfig({ import: 'x.mjs' }, 'test')).rejects.toThrow(
      /import: expected a list/,
    );
  });
});
