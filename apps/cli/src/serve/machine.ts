import { cpus, freemem, totalmem } from 'node:os';

/** How busy this machine is, as shares from 0 to 1. */
export interface MachineUse {
  /** Of all cores, since the last look. */
  readonly processors: number;
  readonly memory: number;
}

/** Tells how busy this machine is from one look to the next. */
export class Machine {
  #before = times();

  use(): MachineUse {
    const now = times();
    const [idle, all] = [now.idle - this.#before.idle, now.all - this.#before.all];
    // Two looks at once say nothing new.
    if (all > 0) this.#before = now;
    const processors = all > 0 ? 1 - idle / all : 0;
    return { processors, memory: 1 - freemem() / totalmem() };
  }
}

/** Milliseconds of all cores since they began. */
function times(): { readonly idle: number; readonly all: number } {
  let [idle, all] = [0, 0];
  for (const { times } of cpus()) {
    idle += times.idle;
    all += Object.values(times).reduce((sum, time) => sum + time, 0);
  }
  return { idle, all };
}
