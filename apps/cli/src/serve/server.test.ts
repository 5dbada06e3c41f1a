import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '@tgan/runs';
import type { PageState } from './audience.js';
import type { RunState } from './run-watch.js';
import { serveRun, type RunServer } from './server.js';

/** Makes a pipe that has a name; not on Windows. */
const pipeMaker = 'mkfifo';

let folder: string;
let run: string;
let server: RunServer;
const line = (step: number) =>
  `${JSON.stringify({ step, value: step / 10, real: 1, fake: 0, seconds: 0.1 })}\n`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tgan-serve-'));
  run = join(folder, 'run');
  await mkdir(join(run, 'samples'), { recursive: true });
  await writeFile(join(run, 'config.yaml'), 'dataset: moving-mnist\nsteps: 100\n');
  await writeFile(join(run, 'metrics.jsonl'), line(1) + line(2));
  await writeFile(join(run, 'samples', 'step-0000002.gif'), 'GIF89a of two');
  await writeFile(join(run, 'samples', 'step-0000002.png'), 'a strip');
  await writeFile(join(folder, 'secret.gif'), 'secret');
  server = await serveRun(run, 0);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Asks with the path as it is written, unlike fetch, which tidies it. */
async function ask(path: string, options: RequestOptions = {}) {
  const { port } = new URL(server.url);
  const asked = request({ host: '127.0.0.1', port, path, ...options }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('tgan serve', () => {
  it('shows page, state, curves and samples', async () => {
    for (const [path, type] of [
      ['/', /text\/html/],
      ['/icon.svg', /image\/svg/],
      ['/page.css', /text\/css/],
      ['/page.js', /text\/javascript/],
    ] as const) {
      const { status, headers } = await ask(path);
      expect(status, path).toBe(200);
      expect(headers['content-type']).toMatch(type);
    }
    const state = JSON.parse((await ask('/state')).body) as RunState;
    expect(state).toMatchObject({
      ...{ name: 'run', step: 2, steps: 100, samples: ['step-0000002.gif'] },
      last: { value: 0.2, real: 1, fake: 0 },
    });
    expect((await ask('/curves.svg?smooth=0.9&log=1')).body).toContain('smoothed by 0.9');
    const [two, one] = await Promise.all([2, 1].map((n) => ask(`/curves.svg?beside=${n}`)));
    expect([two.body, one.body].map((svg) => /width="(\d+)"/.exec(svg)![1])).toEqual([
      '1096',
      '556',
    ]);
    const sample = await ask('/samples/step-0000002.gif');
    expect(sample).toMatchObject({ status: 200, body: 'GIF89a of two' });
    expect(sample.headers['content-type']).toBe('image/gif');
  });

  it('needs nothing from elsewhere, and lets nothing of elsewhere in', async () => {
    const page = await Promise.all(['/', '/page.css', '/page.js'].map((path) => ask(path)));
    for (const { body, headers } of page) {
      // The name of SVG looks like an address, but is none.
      const text = body.replaceAll('http://www.w3.org/2000/svg', '');
      expect(text).not.toMatch(/https?:|\/\/[a-z]+\.|style=|<script>| on[a-z]+="/);
      const policy = headers['content-security-policy'];
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|http/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('listens on 127.0.0.1 alone', async () => {
    const { hostname, port } = new URL(server.url);
    expect(hostname).toBe('127.0.0.1');
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all!);
    for (const { address } of addresses.filter(({ address }) => address !== hostname)) {
      const socket = connect(Number(port), address);
      await expect(once(socket, 'connect'), address).rejects.toThrow();
      socket.destroy();
    }
  });

  it('shows a run that is still going, as it goes', async () => {
    const { port } = new URL(server.url);
    const asked = request({ host: '127.0.0.1', port, path: '/events' }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.headers['content-type']).toBe('text/event-stream');
    const states = eventsOf(response);
    expect((await states.next()).value).toMatchObject({ step: 2 });
    await appendFile(join(run, 'metrics.jsonl'), line(3) + '{"step":4,"val');
    await writeFile(join(run, 'samples', 'step-0000003.webp'), 'RIFF');
    let state: RunState;
    do state = (await states.next()).value as RunState;
    while (state.samples.length < 2);
    expect(state).toMatchObject({ step: 3, last: { value: 0.3 } });
    await appendFile(join(run, 'metrics.jsonl'), 'ue":0.4}\n');
    do state = (await states.next()).value as RunState;
    while (state.step < 4);
    expect(state.last).toEqual({ value: 0.4, real: 1, fake: 0, seconds: 0.1 });
    asked.destroy();
  });

  it('tells how busy the machine is', async () => {
    const { machine } = await firstEvent(server);
    for (const share of [machine.processors, machine.memory]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
  });

  it('compares a run with others', async () => {
    const other = join(folder, 'other');
    await mkdir(join(other, 'samples'), { recursive: true });
    await writeFile(join(other, 'config.yaml'), 'dataset: moving-mnist\nsteps: 7\n');
    await writeFile(join(other, 'metrics.jsonl'), line(1) + line(2) + line(3));
    await writeFile(join(other, 'samples', 'step-0000003.gif'), 'GIF89a of another');
    expect((await firstEvent(server)).others).toEqual([]);

    const both = await serveRun(run, 0, [other]);
    const { name, step, others } = await firstEvent(both);
    expect([name, step]).toEqual(['run', 2]);
    expect(others).toMatchObject([
      { name: 'other', step: 3, steps: 7, last: { value: 0.3 }, samples: ['step-0000003.gif'] },
    ]);
    const svg = await (await fetch(`${both.url}curves.svg`)).text();
    expect(svg).toContain('>run</text>');
    expect(svg).toContain('>other</text>');
    expect((await fetch(`${both.url}samples/step-0000002.gif`)).status).toBe(200);
    // The sheets of the first run alone are shown.
    expect((await fetch(`${both.url}samples/step-0000003.gif`)).status).toBe(404);
    await both.close();
    await expect(serveRun(run, 0, [folder])).rejects.toThrow(/holds no run/);
  });

  it('waits for a run that has not begun', async () => {
    await rm(join(run, 'metrics.jsonl'));
    await rm(join(run, 'samples'), { recursive: true });
    const other = await serveRun(run, 0);
    const state = (await (await fetch(`${other.url}state`)).json()) as RunState;
    expect(state).toEqual({
      ...{ name: 'run', step: 0, steps: 100, last: {}, samples: [] },
      rates: { generator: 0.00005, critic: 0.00005 },
    });
    expect((await fetch(`${other.url}curves.svg`)).status).toBe(200);
    await other.close();
  });

  it('answers several at once with the same numbers', async () => {
    const steps = Array.from({ length: 5000 }, (_, i) => i + 3);
    await appendFile(join(run, 'metrics.jsonl'), steps.map(line).join(''));
    const answers = await Promise.all(steps.slice(0, 8).map(() => ask('/state')));
    for (const { body } of answers) expect((JSON.parse(body) as RunState).step).toBe(5002);
  });

  it.each([
    ['evil.example', 403],
    ['evil.example:6017', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['127.0.0.1@evil.example', 403],
    ['192.168.0.7', 403],
    ['0.0.0.0', 403],
    ['[::]', 403],
    ['localhost:', 403],
    ['localhost', 200],
    ['LOCALHOST:9000', 200],
    ['127.0.0.1:1', 200],
    ['[::1]:6017', 200],
  ])('answers the host %s with %d', async (host, status) => {
    for (const path of ['/', '/state', '/events', '/samples/step-0000002.gif']) {
      if (status === 200 && path === '/events') continue; // never ends
      expect((await ask(path, { headers: { host } })).status, path).toBe(status);
    }
  });

  it('refuses requests without a host', async () => {
    for (const version of ['1.0', '1.1']) {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.end(`GET /state HTTP/${version}\r\nConnection: close\r\n\r\n`);
      expect(await text(socket)).toMatch(/^HTTP\/1.1 40[03] /);
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    'refuses %s',
    async (method) => {
      const { status, headers } = await ask('/state', { method });
      expect(status).toBe(405);
      expect(headers.allow).toBe('GET, HEAD');
    },
  );

  it('answers HEAD with headers alone', async () => {
    const { status, headers, body } = await ask('/samples/step-0000002.gif', { method: 'HEAD' });
    expect([status, headers['content-length'], body]).toEqual([200, '13', '']);
  });

  it.each([
    '/config.yaml',
    '/metrics.jsonl',
    '/evaluation/report.json',
    '/samples/../evaluation/report.json',
    '/samples/step-0000002.GIF',
    '/samples/./step-2.gif',
    '/events/',
    '/samples/',
    '/samples/step-0000002.png',
    '/samples/../config.yaml',
    '/samples/../../secret.gif',
    '/samples/%2e%2e/%2e%2e/secret.gif',
    '/samples/..%2f..%2fsecret.gif',
    '/samples/%2e%2e%2f%2e%2e%2fsecret.gif',
    '/samples/%252e%252e%252fsecret.gif',
    '/samples/..\\..\\secret.gif',
    '/samples/..%5c..%5csecret.gif',
    '/samples/step-0000002.gif%00',
    '/samples/step-0000002.gif/../../config.yaml',
    '/samples/%',
    '//etc/passwd',
    '/page.js/../../../package.json',
    '/../package.json',
    '/__proto__',
    '/constructor',
    'http://evil.example/config.yaml',
    '*',
  ])('gives nothing at %s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).toBe('not found\n');
  });

  it('gives nothing of the disk but the sample, whatever is asked for', async () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '/',
      '%2e',
      '%2f',
      'samples',
      'secret.gif',
      '%00',
      '~',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const { body } = await ask(`/samples/${pieces.join('')}`);
        expect(body).not.toContain('secret');
        expect(body).not.toContain('dataset');
      }),
      { numRuns: 60 },
    );
  });

  it('follows no link out of the run, and waits for no pipe', async () => {
    const samples = join(run, 'samples');
    await symlink(join(folder, 'secret.gif'), join(samples, 'step-0000005.gif'));
    await symlink(folder, join(samples, 'step-0000006.gif'));
    await mkdir(join(samples, 'step-0000007.gif'));
    if (process.platform !== 'win32') execFileSync(pipeMaker, [join(samples, 'step-0000008.gif')]);
    for (const step of [5, 6, 7, 8]) {
      expect((await ask(`/samples/step-000000${step}.gif`)).status).toBe(404);
    }
    const { samples: listed } = JSON.parse((await ask('/state')).body) as RunState;
    expect(listed).toEqual(['step-0000002.gif']);

    await rm(samples, { recursive: true });
    await writeFile(join(folder, 'step-0000009.gif'), 'secret');
    await symlink(folder, samples);
    expect((await ask('/samples/step-0000009.gif')).status).toBe(404);
  });

  it('refuses a smoothing that is none', async () => {
    for (const smooth of ['1', '-1', 'x', 'Infinity']) {
      expect((await ask(`/curves.svg?smooth=${smooth}`)).status).toBe(400);
    }
  });

  it('says when the port is taken, and when there is no run', async () => {
    const port = Number(new URL(server.url).port);
    const taken = serveRun(run, port);
    await expect(taken).rejects.toThrow(UsageError);
    await expect(taken).rejects.toThrow(/port \d+ is in use; choose another with --port, or 0/);
    await expect(serveRun(folder, 0)).rejects.toThrow(/holds no run: there is no .*config.yaml/);
  });

  it('lets connections that ask for nothing go when a new one comes', async () => {
    const port = Number(new URL(server.url).port);
    const silent = Array.from({ length: 70 }, (_, i) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      // Some never say anything, some never end what they say.
      socket.write(i % 2 ? 'GET /state HTTP/1.1\r\nHost: loc' : '');
      return socket;
    });
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    const watching = request({ host: '127.0.0.1', port, path: '/events' }).end();
    const [response] = (await once(watching, 'response')) as [IncomingMessage];
    const began = performance.now();
    for (let i = 0; i < 10; i++) expect((await ask('/state')).status).toBe(200);
    // Without room they would wait until the first of the silent ones has had its five seconds.
    expect(performance.now() - began).toBeLessThan(3000);
    expect(silent.filter(({ destroyed }) => destroyed).length).toBeGreaterThan(5);
    expect(response.destroyed).toBe(false);
    watching.destroy();
    for (const socket of silent) socket.destroy();
  });

  it('shows nothing of a run that was deleted and begun anew', async () => {
    const tenth = Array.from({ length: 10 }, (_, i) => line(i + 1)).join('');
    await writeFile(join(run, 'metrics.jsonl'), tenth);
    const first = await ask('/curves.svg?smooth=0');
    expect(JSON.parse((await ask('/state')).body)).toMatchObject({ step: 10 });
    await rm(run, { recursive: true });
    expect(JSON.parse((await ask('/state')).body)).not.toHaveProperty('steps');
    await mkdir(join(run, 'samples'), { recursive: true });
    await writeFile(join(run, 'config.yaml'), 'steps: 50\n');
    const other = (step: number) => `${JSON.stringify({ step, value: 7, margin: step })}\n`;
    await writeFile(
      join(run, 'metrics.jsonl'),
      Array.from({ length: 40 }, (_, i) => other(i + 1)),
    );
    expect(JSON.parse((await ask('/state')).body)).toEqual({
      ...{ name: 'run', step: 40, steps: 50, last: { value: 7, margin: 40 }, samples: [] },
      ...{ idle: expect.any(Number), rates: expect.any(Object) },
    });
    const fresh = await serveRun(run, 0);
    const { body } = await ask('/curves.svg?smooth=0');
    expect(body).toBe(await (await fetch(`${fresh.url}curves.svg?smooth=0`)).text());
    expect(body).not.toBe(first.body);
    await fresh.close();
  });

  it('lists samples by their steps, also where these have more digits', async () => {
    const steps = [10_000_000, 9_999_999, 100_000_000, 3];
    const name = (step: number) => `step-${String(step).padStart(7, '0')}.gif`;
    for (const step of steps) await writeFile(join(run, 'samples', name(step)), 'GIF89a');
    const { samples } = JSON.parse((await ask('/state')).body) as RunState;
    expect(samples).toEqual([2, 3, 9_999_999, 10_000_000, 100_000_000].map(name));
  });

  it('ends with its connections', async () => {
    const { port } = new URL(server.url);
    const asked = request({ host: '127.0.0.1', port, path: '/events' }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const broken = once(response, 'error');
    await server.close();
    expect(((await broken)[0] as Error).message).toMatch(/aborted/);
    await expect(fetch(server.url)).rejects.toThrow();
    server = await serveRun(run, 0);
  });
});

/** What a page is told when it is opened. */
async function firstEvent({ url }: RunServer): Promise<PageState> {
  const asked = request(`${url}events`).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const { value } = await eventsOf(response).next();
  asked.destroy();
  return value as PageState;
}

/** The states that a stream of events tells. */
async function* eventsOf(response: IncomingMessage): AsyncGenerator<PageState> {
  let rest = '';
  for await (const chunk of response) {
    rest += String(chunk);
    const whole = rest.split('\n\n');
    rest = whole.pop()!;
    for (const one of whole) yield JSON.parse(one.slice('data: '.length)) as PageState;
  }
}
