import type { Handle } from './abi/abi.js';
import { shared, type Mpi, type Request } from './mpi.js';
import type { Work } from './sum.js';

/** What a rank tells the others from time to time. */
const word = { alive: 0, leaving: 1, failed: 2 } as const;
type Word = (typeof word)[keyof typeof word];

/** Seconds from one beat to the next. */
const beat = 1;

/** Another rank, as this one sees it. */
interface Peer {
  readonly rank: number;
  readonly heard: Uint8Array;
  readonly said: Uint8Array;
  receiving: Request;
  sending: Request | undefined;
  /** Milliseconds. */
  lastHeard: number;
  last: Word;
}

/**
 * Notices ranks that are lost: killed, stopped, or cut off. Each rank sends each other one a beat
 * every second, also while it computes or waits, because a thread of its own does it. Who is silent
 * for longer than `patience` is lost.
 */
export class Watch {
  readonly #mpi: Mpi;
  readonly #comm: Handle;
  readonly #peers: Peer[];
  readonly #patience: number;
  #lastBeat = -Infinity;
  #lastLook: number;
  #own: Word = word.alive;

  /** @param patience - seconds. */
  constructor(mpi: Mpi, comm: Handle, patience: number, now: number) {
    this.#mpi = mpi;
    this.#comm = comm;
    this.#patience = 1000 * patience;
    this.#lastLook = now;
    const own = mpi.rank(comm);
    const ranks = Array.from({ length: mpi.size(comm) }, (_, rank) => rank);
    this.#peers = ranks
      .filter((rank) => rank !== own)
      .map((rank) => {
        const [heard, said] = [oneByte(), oneByte()];
        const receiving = mpi.startReceive(comm, heard, rank);
        const last = word.alive;
        return { rank, heard, said, receiving, sending: undefined, lastHeard: now, last };
      });
  }

  /**
   * Sends what is due and hears what has come.
   *
   * @returns the ranks that are lost.
   */
  look(now: number): number[] {
    // Who was stopped or asleep itself cannot tell.
    if (now - this.#lastLook > this.#patience / 2) {
      for (const peer of this.#peers) peer.lastHeard = now;
    }
    this.#lastLook = now;
    for (const peer of this.#peers) this.#hear(peer, now);
    if (now - this.#lastBeat >= 1000 * beat) {
      this.#lastBeat = now;
      for (const peer of this.#peers) this.#say(peer);
    }
    return this.#peers
      .filter(({ last, lastHeard }) => last === word.alive && now - lastHeard > this.#patience)
      .map(({ rank }) => rank);
  }

  /** Tells all ranks that this one has failed. */
  announceFailure(): void {
    this.#tell(word.failed);
  }

  /** The ranks that said that they failed. */
  get failed(): number[] {
    return this.#peers.filter(({ last }) => last === word.failed).map(({ rank }) => rank);
  }

  /** Says goodbye, and waits until every rank has. */
  *leave(): Work {
    this.#tell(word.leaving);
    for (;;) {
      for (const peer of this.#peers) this.#hear(peer, performance.now());
      // What was sent last may be an old beat.
      const isSaid = this.#peers.map((peer) => this.#say(peer) && this.#isSent(peer));
      if (isSaid.every(Boolean) && this.#peers.every(({ last }) => last !== word.alive)) return;
      yield;
    }
  }

  #tell(own: Word): void {
    this.#own = own;
    this.#lastBeat = -Infinity;
  }

  #hear(peer: Peer, now: number): void {
    while (peer.last === word.alive && this.#mpi.isDone(peer.receiving)) {
      peer.lastHeard = now;
      peer.last = peer.heard[0] as Word;
      if (peer.last !== word.alive) return;
      peer.receiving = this.#mpi.startReceive(this.#comm, peer.heard, peer.rank);
    }
  }

  /** Sends this rank's word unless the last one is still on its way, or says the same for good. */
  #say(peer: Peer): boolean {
    if (!this.#isSent(peer)) return false;
    const isLast = peer.sending !== undefined && peer.said[0] !== word.alive;
    if (isLast) return true;
    peer.said[0] = this.#own;
    peer.sending = this.#mpi.startSend(this.#comm, peer.said, peer.rank);
    return this.#own !== word.alive;
  }

  #isSent = ({ sending }: Peer) => sending === undefined || this.#mpi.isDone(sending);
}

const oneByte = () => new Uint8Array(shared(1), 0, 1);
