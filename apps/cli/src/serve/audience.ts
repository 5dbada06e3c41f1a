import type { ServerResponse } from 'node:http';
import { Machine, type MachineUse } from './machine.js';
import type { RunState, RunWatch } from './run-watch.js';

/** Milliseconds from one look at the run to the next while a page is open. */
const LOOK_EVERY = 1000;

/** What a page is told: the run, those that it is compared with, and the machine. */
export interface PageState extends RunState {
  readonly others: readonly RunState[];
  readonly machine: MachineUse;
}

/**
 * The open pages. Each gets the state of the runs when one changes, as server-sent events.
 */
export class Audience {
  readonly #run: RunWatch;
  readonly #others: readonly RunWatch[];
  readonly #machine = new Machine();
  readonly #responses = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;
  #sent = '';

  constructor(run: RunWatch, others: readonly RunWatch[]) {
    this.#run = run;
    this.#others = others;
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
    const { idle, ...state } = await this.#states();
    response.write(this.#event(state, idle));
  }

  /** Stops looking. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const { idle, ...state } = await this.#states();
    const text = JSON.stringify(state);
    // An idle run sends its state every ten seconds, which also shows that the server is up.
    if (text === this.#sent && (idle ?? 0) % 10 !== 0) return;
    this.#sent = text;
    for (const response of this.#responses) {
      // A page that does not read its events is disconnected.
      if (response.writableLength > 1 << 20) response.destroy();
      else response.write(this.#event(state, idle));
    }
  }

  async #states(): Promise<Omit<PageState, 'machine'>> {
    const [state, ...others] = await Promise.all(
      [this.#run, ...this.#others].map((run) => run.state()),
    );
    return { ...state, others };
  }

  #event(state: Omit<PageState, 'idle' | 'machine'>, idle: number | undefined): string {
    const machine = this.#machine.use();
    const told: PageState = { ...state, ...(idle !== undefined && { idle }), machine };
    return `data: ${JSON.stringify(told)}\n\n`;
  }
}
