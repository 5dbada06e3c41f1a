import type { ServerResponse } from 'node:http';
import type { RunState, RunWatch } from './run-watch.js';

/** Milliseconds between two looks at the run while somebody watches. */
const LOOK_EVERY = 1000;

/**
 * The pages that are open: each is sent the state of the run when it changes (server-sent events).
 */
export class Audience {
  readonly #run: RunWatch;
  readonly #responses = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;
  #sent = '';

  constructor(run: RunWatch) {
    this.#run = run;
  }

  /** Keeps a response open until its page goes. */
  async admit(response: ServerResponse): Promise<void> {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    this.#responses.add(response);
    response.on('close', () => {
      this.#responses.delete(response);
      if (this.#responses.size === 0) this.close();
    });
    this.#timer ??= setInterval(() => void this.#look().catch(() => {}), LOOK_EVERY);
    response.write(event(await this.#run.state()));
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { idle, ...state } = await this.#run.state();
    const text = JSON.stringify(state);
    // An idle run still tells every ten seconds that it is, which also shows that the server is
    // there.
    if (text === this.#sent && (idle ?? 0) % 10 !== 0) return;
    this.#sent = text;
    for (const response of this.#responses) {
      // A page that does not read what it is sent is let go.
      if (response.writableLength > 1 << 20) response.destroy();
      else response.write(event({ ...state, ...(idle !== undefined && { idle }) }));
    }
  }
}

const event = (state: RunState) => `data: ${JSON.stringify(state)}\n\n`;
