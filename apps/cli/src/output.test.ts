import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { report } from './errors.js';
import { log, printable } from './log.js';
import { stopSignal } from './signals.js';

const folder = mkdtempSync(join(tmpdir(), 'tgan-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program whose output goes where it is told to. */
async function run(stdout: 'pipe' | number, stderr: 'pipe' | number) {
  const source = readFileSync(fileURLToPath(new URL('./log.ts', import.meta.url)), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const path = join(folder, 'program.mjs');
  const work = `guardOutput();
    for (let i = 0; i < 20; i++) {
      log('a line'); printJson('x'.repeat(10_000)); await new Promise((done) => setTimeout(done, 5));
    }
    writeFileSync(${JSON.stringify(join(folder, 'ended'))}, '');`;
  writeFileSync(path, `import { writeFileSync } from 'node:fs';\n${outputText}\n${work}`);
  rmSync(join(folder, 'ended'), { force: true });
  const child = spawn(process.execPath, [path], { stdio: ['ignore', stdout, stderr] });
  child.stdout?.destroy();
  const said: string[] = [];
  child.stderr?.on('data', (text) => said.push(String(text)));
  if (stdout !== 'pipe') child.stderr?.resume();
  const [status] = (await once(child, 'exit')) as [number | null];
  return { status, said: said.join(''), ended: existsSync(join(folder, 'ended')) };
}

describe('output that nobody takes', () => {
  it('ends nothing where a pipe is closed', async () => {
    const { status, said, ended } = await run('pipe', 'pipe');
    expect({ status, ended }).toEqual({ status: 0, ended: true });
    expect(said).not.toMatch(/EPIPE/);
  });

  it.runIf(existsSync('/dev/full'))(
    'ends nothing on a full disk, and the exit code tells',
    async () => {
      const full = openSync('/dev/full', 'w');
      const results = await run(full, 'pipe');
      expect(results).toMatchObject({ status: 1, ended: true });
      expect(results.said).toMatch(/cannot write to standard output \(ENOSPC\)/);
      expect(await run('pipe', full)).toMatchObject({ status: 0, ended: true });
      closeSync(full);
    },
  );
});

describe('report', () => {
  const said = (error: unknown) => {
    const lines: string[] = [];
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      lines.push(String(text));
      return true;
    });
    const status = report(error);
    spy.mockRestore();
    return { status, text: lines.join('') };
  };

  it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'ESTALE', 'EMFILE', 'EACCES', 'ENOENT'])(
    'tells %s in a line that is no stack',
    (code) => {
      const error = Object.assign(new Error(`${code}: open 'a'`), { code, path: 'a\u001b[2Jb' });
      const { status, text } = said(new Error('wrapped', { cause: error }));
      expect(text).toMatch(
        new RegExp(`^tgan: cannot use a\ufffd\\[2Jb: [a-z ,-]+ \\(${code}\\); .+\n$`),
      );
      expect(status).toBe(1);
    },
  );

  it('tells which folder for temporary files is missing', () => {
    vi.stubEnv('TMPDIR', join(folder, 'none'));
    let thrown: unknown;
    try {
      mkdtempSync(join(tmpdir(), 'tgan-mp4-'));
    } catch (error) {
      thrown = error;
    }
    expect(said(thrown)).toEqual({
      status: 1,
      text: `tgan: cannot write to the temporary folder ${join(folder, 'none')}: there is no such file or folder (ENOENT); set TMPDIR to one that can be written\n`,
    });
    vi.unstubAllEnvs();
  });

  it('tells of sizes that no memory has', () => {
    let thrown: unknown;
    try {
      new Float32Array(2 ** 53);
    } catch (error) {
      thrown = error;
    }
    expect(said(thrown)).toEqual({ status: 1, text: expect.stringMatching(/not enough memory/) });
    expect(said(new RangeError('a bug')).text).toMatch(/this is a bug in tgan/);
  });
});

it('names reach the terminal without what it would act on', () => {
  expect(printable('a\u001b]0;title\u0007b\u009bc\u202ed\r')).toBe(
    'a\ufffd]0;title\ufffdb\ufffdc\ufffdd\ufffd',
  );
  expect(printable('two\nlines, ñ 漢')).toBe('two\nlines, ñ 漢');
  expect(log('')).toBe(true);
});

it('SIGHUP stops a run as SIGTERM does, and comes as often as it likes', () => {
  const noted = vi.fn();
  const stop = stopSignal(noted);
  process.emit('SIGHUP');
  process.emit('SIGHUP');
  expect(noted).toHaveBeenCalledOnce();
  expect([stop.exitCode, stop.signal.aborted]).toEqual([129, true]);
  expect(process.listenerCount('SIGHUP')).toBe(1);
  stop.release();
  expect(process.listenerCount('SIGHUP')).toBe(0);
});
