import type { ServerResponse } from 'node:http';
import type { RunState, RunWatch } from './run-watch.js';

/** Milliseconds from one look at the run to the next while a page is open. */
const LOOK_EVERY = 1000;

/**
 * The open pages. Each gets the state of the run when it changes, as server-sent events.
 */
export class Audience {
  readonly #run: RunWatch;
  readonly #responses = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;
  #sent = '';

  constructor(run: RunWatch) {
    this.#run = run;
  }

  /** Keeps a response open until its page is closed. */
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

  /** Stops looking. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { idle, ...state } = await this.#run.state();
    const text = JSON.stringify(state);
    // An idle run sends its state every ten seconds, which also shows that the server is up.
    if (text === this.#sent && (idle ?? 0) % 10 !== 0) return;
    this.#sent = text;
    for (const response of this.#responses) {
      // A page that does not read its events is disconnected.
      if (response.writableLength > 1 << 20) response.destroy();
      else response.write(event({ ...state, ...(idle !== undefined && { idle }) }));
    }
  }
}

const event = (state: RunState) => `data: ${JSON.stringify(state)}\n\n`;
