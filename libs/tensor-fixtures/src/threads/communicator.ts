import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Communicator, PendingSum, Traffic } from '@tgan/core';

type Floats = Float32Array | Float64Array;

interface Message {
  readonly call: number;
  readonly value: unknown;
}

/** What joins the threads of one group. */
export interface Wires {
  readonly rank: number;
  /** To each other rank, in the order of the ranks; null for its own. */
  readonly ports: readonly (MessagePort | null)[];
  /** Counts the messages of all ranks. */
  readonly signal: Int32Array;
}

/** The communicator of a thread: each call sends a message to all others and waits for theirs. */
export class ThreadCommunicator implements Communicator {
  readonly rank: number;
  readonly size: number;
  deterministic = true;
  readonly #wires: Wires;
  readonly #received: Map<number, unknown>[];
  #calls = 0;
  #bytes = 0;

  constructor(wires: Wires) {
    this.#wires = wires;
    this.rank = wires.rank;
    this.size = wires.ports.length;
    this.#received = wires.ports.map(() => new Map());
  }

  get traffic(): Traffic {
    return { bytes: this.#bytes, seconds: 0 };
  }

  allReduce(values: Floats): PendingSum {
    this.#bytes += values.byteLength * (this.size - 1);
    const all = this.#exchange(values.slice());
    return {
      wait: () => {
        const [first, ...rest] = all();
        values.set(first);
        for (const terms of rest) terms.forEach((term, i) => (values[i] += term));
      },
    };
  }

  broadcast<T>(value: T, root = 0): T {
    return this.#exchange(this.rank === root ? value : (undefined as T))()[root];
  }

  allGather<T>(value: T): T[] {
    return this.#exchange(value)();
  }

  /** Sends a value to all others. Returns a function that waits for the values of all. */
  #exchange<T>(value: T): () => T[] {
    const call = this.#calls++;
    const { ports, signal } = this.#wires;
    for (const port of ports) port?.postMessage({ call, value } satisfies Message);
    Atomics.add(signal, 0, 1);
    Atomics.notify(signal, 0);
    return () => ports.map((port, rank) => (port ? (this.#receive(rank, call) as T) : value));
  }

  #receive(rank: number, call: number): unknown {
    const { ports, signal } = this.#wires;
    const received = this.#received[rank];
    while (!received.has(call)) {
      const sent = Atomics.load(signal, 0);
      const next = receiveMessageOnPort(ports[rank]!)?.message as Message | undefined;
      if (next) received.set(next.call, next.value);
      else Atomics.wait(signal, 0, sent);
    }
    const value = received.get(call);
    received.delete(call);
    return value;
  }
}
