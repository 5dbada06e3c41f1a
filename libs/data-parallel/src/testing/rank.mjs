// One rank of a job: does what its arguments name, in their order. The tests start it and read what
// it prints.
import { deepStrictEqual, ok } from 'node:assert';
import { Random } from '@tgan/core';
import { connect } from '@tgan/data-parallel';

/** The values that a rank brings to a sum. All ranks know those of all. */
function valuesOf(rank, length, type) {
  const random = new Random(rank, length);
  return type.from({ length }, () => random.number(-1, 1));
}

/** The sum over all ranks, added in the order of the ranks. */
function sumOf(size, length, type) {
  const sum = valuesOf(0, length, type);
  for (let rank = 1; rank < size; rank++) {
    const values = valuesOf(rank, length, type);
    for (let i = 0; i < length; i++) sum[i] += values[i];
  }
  return sum;
}

/** Small and large ones, with and without a part for each rank. */
const lengths = [0, 1, 5, 12, 4096, 30_000, 100_003];
const types = [Float32Array, Float64Array];

const scenarios = {
  /** Sums of a loop over the ranks, to the bit; many are under way, and waited for backwards. */
  sums({ rank, size, allReduce }) {
    const sums = types.flatMap((type) =>
      lengths.map((length) => {
        const values = valuesOf(rank, length, type);
        return { values, pending: allReduce(values), expected: sumOf(size, length, type) };
      }),
    );
    for (const { values, pending, expected } of sums.reverse()) {
      pending.wait();
      deepStrictEqual(values, expected);
    }
  },

  /** Sums in whatever order. */
  anyOrder({ communicator, rank, size, allReduce }) {
    communicator.deterministic = false;
    for (const type of types) {
      for (const length of lengths) {
        const [values, expected] = [valuesOf(rank, length, type), sumOf(size, length, type)];
        const tolerance = type === Float32Array ? 1e-6 : 1e-14;
        allReduce(values).wait();
        ok(values.every((value, i) => Math.abs(value - expected[i]) <= size * tolerance));
      }
    }
    communicator.deterministic = true;
  },

  /** What can be cloned, from every rank, also when there is much of it. */
  values({ communicator, rank, size }) {
    const valueOf = (rank) => ({
      name: `rank ${rank}`,
      weights: Float32Array.of(rank, 0.1),
      steps: new Map([[rank, [undefined, null, -0]]]),
      long: 'x'.repeat(100_000 * rank),
    });
    for (let root = 0; root < size; root++) {
      deepStrictEqual(
        communicator.broadcast(rank === root ? valueOf(root) : undefined, root),
        valueOf(root),
      );
    }
    const all = Array.from({ length: size }, (_, rank) => valueOf(rank));
    deepStrictEqual(communicator.allGather(valueOf(rank)), all);
  },

  /** What a sum sends, and how long the computation waits for a rank that comes late. */
  traffic({ communicator, rank, size, allReduce }) {
    const before = communicator.traffic;
    if (rank === 1) sleep(200);
    allReduce(new Float32Array(1200)).wait();
    const after = communicator.traffic;
    deepStrictEqual(after.bytes - before.bytes, (2 * 4800 * (size - 1)) / size);
    if (rank === 0 && size > 1) ok(after.seconds - before.seconds > 0.1);
  },

  /** Sums move on while the ranks compute: only one of them waits for the other. */
  overlap({ communicator, rank, allReduce }) {
    const pending = allReduce(new Float32Array(2 ** 20).fill(1));
    sleep(500);
    const before = communicator.traffic.seconds;
    pending.wait();
    const waited = communicator.traffic.seconds - before;
    if (rank === 0) console.log(`waited ${waited.toFixed(3)} s`);
  },

  facts({ communicator, rank, size }) {
    const names = communicator.allGather(`${rank}/${size}`).join(' ');
    if (rank === 0) console.log(communicator.version, names);
  },

  /** All fail for the same reason: one says so. */
  failAlike({ communicator, rank }) {
    communicator.fail(() => say(`rank ${rank} failed`, 7));
  },

  failAlone({ communicator, rank }) {
    if (rank === 1) communicator.fail(() => say('rank 1 failed', 7));
    communicator.allGather(rank);
  },

  leave({ communicator, rank }) {
    if (rank === 1) process.exit(5);
    communicator.allGather(rank);
  },

  throwError({ communicator, rank }) {
    if (rank === 1) throw new Error('a bug');
    communicator.allGather(rank);
  },

  /** The others wait for a rank that computes for longer than they have patience. */
  computeLong({ communicator, rank }) {
    const until = performance.now() + 4000;
    if (rank === 1) while (performance.now() < until);
    communicator.allGather(rank);
  },

  kill({ communicator, rank }) {
    if (rank === 1) process.kill(process.pid, 'SIGKILL');
    communicator.allGather(rank);
  },

  /** A rank whose threads are all stopped says nothing more. */
  stop({ communicator, rank }) {
    if (rank === 1) process.kill(process.pid, 'SIGSTOP');
    communicator.allGather(rank);
  },
};

const sleep = (milliseconds) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

function say(text, exitCode) {
  process.stderr.write(`${text}\n`);
  return exitCode;
}

const communicator = await connect();
if (communicator) {
  const { rank, size } = communicator;
  const allReduce = (values) => communicator.allReduce(values);
  for (const name of process.argv.slice(2)) {
    scenarios[name]({ communicator, rank, size, allReduce });
  }
  communicator.close();
  console.log(`rank ${rank} done`);
} else {
  const { sharedObjects } = process.report.getReport();
  console.log('alone,', sharedObjects.some((path) => /koffi|libmpi/.test(path)) ? 'loaded' : '');
}
