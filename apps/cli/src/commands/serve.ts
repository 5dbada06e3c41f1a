import { log, printJson } from '../log.js';
import { serveRun } from '../serve/server.js';

/** What `tgan serve` takes. */
export interface ServeOptions {
  readonly port: number;
  readonly json?: boolean;
}

/** Shows a run in the browser until SIGINT or SIGTERM. */
export async function serve(
  [folder, ...compared]: readonly string[],
  { port, json }: ServeOptions,
): Promise<void> {
  const server = await serveRun(folder, port, compared);
  log(`${folder} is at ${server.url}; Ctrl-C stops the server`);
  if (json) printJson({ url: server.url });
  process.exitCode = await new Promise<number>((stop) => {
    process.once('SIGINT', () => stop(130)).once('SIGTERM', () => stop(143));
    process.once('SIGHUP', () => stop(129));
  });
  await server.close();
}
