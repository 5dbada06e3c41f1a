/**
 * A convolution of kernel 4 and stride 2, cut into tiles.
 *
 * V [points][rows][phases * xc] holds the transformed tiles of x, and M [points][rows][yc] those
 * of y. A row is a tile. Strides are in bytes.
 */
@unmanaged
export class Plan {
  xd: i32;
  xh: i32;
  xw: i32;
  xc: i32;
  yd: i32;
  yh: i32;
  yw: i32;
  yc: i32;
  kindD: i32;
  kindH: i32;
  kindW: i32;
  tilesD: i32;
  tilesH: i32;
  tilesW: i32;
  vPoint: usize;
  vRow: usize;
  mPoint: usize;
  mRow: usize;
}
