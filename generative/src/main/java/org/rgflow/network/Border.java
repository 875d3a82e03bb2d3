package org.rgflow.network;

/** What a convolution finds beyond the border of its input. */
enum Border {
  ZERO,
  /** The opposite side: the input lies on a torus. */
  PERIODIC;

  /** The coordinate that is meant by one which may lie outside, and then still does unless the border is periodic. */
  int place(int coordinate, int side) {
    return this == PERIODIC ? Math.floorMod(coordinate, side) : coordinate;
  }
}
