import { Block } from './block';

/** Rows of the source that one task turns. */
const ROWS = 16;

/**
 * Transposes a batch of matrices [batch, rows, columns] to [batch, columns, rows], four by four.
 * Task = (matrix, block of 16 rows).
 */
export function transposeMatrices(
  task: i32,
  thread: i32,
  source: usize,
  target: usize,
  rows: i32,
  columns: i32,
): void {
  const blocks = (rows + ROWS - 1) / ROWS;
  const matrix = task / blocks;
  const start = (task - matrix * blocks) * ROWS;
  const end = min(rows, start + ROWS);
  const offset = <usize>matrix * <usize>(rows * columns) * 4;
  source += offset;
  target += offset;
  const from = <usize>columns * 4;
  const to = <usize>rows * 4;
  const wholeRows = start + ((end - start) & ~3);
  const wholeColumns = columns & ~3;
  for (let c = 0; c < wholeColumns; c += 4) {
    for (let r = start; r < wholeRows; r += 4) {
      Block.transpose(
        source + <usize>r * from + <usize>c * 4,
        from,
        target + <usize>c * to + <usize>r * 4,
        to,
      );
    }
  }
  for (let r = start; r < end; r++) {
    for (let c = r < wholeRows ? wholeColumns : 0; c < columns; c++) {
      store<f32>(
        target + <usize>c * to + <usize>r * 4,
        load<f32>(source + <usize>r * from + <usize>c * 4),
      );
    }
  }
}
