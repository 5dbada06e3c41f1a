import type { ThreadProgram } from '../index.js';

/** Calls everything that a communicator has, in an order of its own for each kind. */
const ranks: ThreadProgram<{ failing?: number }> = async (communicator, { failing }) => {
  const { rank, size } = communicator;
  if (rank === failing) throw new Error(`rank ${rank} fails`);
  const [small, large] = [Float64Array.of(rank, 1), new Float32Array(1e5).fill(rank)];
  const pending = [small, large].map((values) => communicator.allReduce(values));
  const gathered = communicator.allGather({ rank });
  const given = communicator.broadcast(`from ${rank}`, size - 1);
  for (const sum of pending.reverse()) sum.wait();
  return { gathered, given, small, large: [...new Set(large)] };
};

export default ranks;
