import { Binary, Operation } from './binary-operations';

/* One kernel for each binary operation, see Binary.run. */

export function add(
  task: i32,
  thread: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rows: i32,
): void {
  const op = Operation.Add;
  Binary.run(op, task, a, aRow, aColumn, b, bRow, bColumn, out, size, columns, rows);
}

export function subtract(
  task: i32,
  thread: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rows: i32,
): void {
  const op = Operation.Subtract;
  Binary.run(op, task, a, aRow, aColumn, b, bRow, bColumn, out, size, columns, rows);
}

export function multiply(
  task: i32,
  thread: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rows: i32,
): void {
  const op = Operation.Multiply;
  Binary.run(op, task, a, aRow, aColumn, b, bRow, bColumn, out, size, columns, rows);
}

export function divide(
  task: i32,
  thread: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rows: i32,
): void {
  const op = Operation.Divide;
  Binary.run(op, task, a, aRow, aColumn, b, bRow, bColumn, out, size, columns, rows);
}

export function maximum(
  task: i32,
  thread: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rows: i32,
): void {
  const op = Operation.Maximum;
  Binary.run(op, task, a, aRow, aColumn, b, bRow, bColumn, out, size, columns, rows);
}

export function minimum(
  task: i32,
  thread: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rows: i32,
): void {
  const op = Operation.Minimum;
  Binary.run(op, task, a, aRow, aColumn, b, bRow, bColumn, out, size, columns, rows);
}

export function squaredDifference(
  task: i32,
  thread: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  size: i32,
  columns: i32,
  rows: i32,
): void {
  const op = Operation.SquaredDifference;
  Binary.run(op, task, a, aRow, aColumn, b, bRow, bColumn, out, size, columns, rows);
}
