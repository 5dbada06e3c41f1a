import { Operation, Unary } from './unary-operations';

/* One kernel for each unary operation, see Unary.run. */

export function negate(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Negate, task, x, out, size, block, p, q);
}

export function absolute(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Absolute, task, x, out, size, block, p, q);
}

export function square(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Square, task, x, out, size, block, p, q);
}

export function root(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Root, task, x, out, size, block, p, q);
}

export function reciprocalRoot(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.ReciprocalRoot, task, x, out, size, block, p, q);
}

export function reciprocal(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Reciprocal, task, x, out, size, block, p, q);
}

export function exponential(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Exponential, task, x, out, size, block, p, q);
}

export function sigmoid(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Sigmoid, task, x, out, size, block, p, q);
}

export function hyperbolicTangent(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.HyperbolicTangent, task, x, out, size, block, p, q);
}

export function rectify(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Rectify, task, x, out, size, block, p, q);
}

export function step(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Step, task, x, out, size, block, p, q);
}

export function clip(
  task: i32,
  thread: i32,
  x: usize,
  out: usize,
  size: i32,
  block: i32,
  p: f32,
  q: f32,
): void {
  Unary.run(Operation.Clip, task, x, out, size, block, p, q);
}
