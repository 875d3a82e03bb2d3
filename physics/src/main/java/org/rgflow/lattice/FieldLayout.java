package org.rgflow.lattice;

/**
 * How the fields of several replicas of one lattice lie in one {@code float[]}: in blocks of up to
 * 16 replicas, and inside a block {@code [y][x][lane]}, the lanes being the block's replicas side by
 * side. Every kernel, the Fourier transform included, then vectorises over replicas, and a block of a
 * small lattice stays in the cache. With fewer than 16 replicas there is one block with one lane per
 * replica, with 16 to 31 there are blocks of 8, so that two threads have blocks of their own, otherwise
 * blocks of 16. The last block may contain padding lanes, which are computed like the others and never
 * reported.
 *
 * <p>Mode-space buffers have the same shape, the mode index {@code jy * lx + jx} in place of the site.
 *
 * @param lattice the lattice
 * @param replicas number of independent fields, at least 1
 * @param lanes replicas per block, padding included: 1 to 16
 */
public record FieldLayout(Lattice lattice, int replicas, int lanes) {
  /** Replicas side by side in one block: one 512-bit register of floats. */
  public static final int MAX_LANES = 16;

  /**
   * With the number of lanes that suits the number of replicas.
   *
   * @throws IllegalArgumentException if there is no replica or the buffer would exceed a Java array
   */
  public FieldLayout(Lattice lattice, int replicas) {
    this(lattice, replicas,
        replicas >= MAX_LANES && replicas < 2 * MAX_LANES ? MAX_LANES / 2 : Math.clamp(replicas, 1, MAX_LANES));
  }

  /**
   * @throws IllegalArgumentException if there is no replica, if there are no or more than 16 lanes, or one for several
   *     replicas, or if the buffer would exceed a Java array
   */
  public FieldLayout {
    if (replicas < 1) {
      throw new IllegalArgumentException("there must be at least one replica, not " + replicas);
    }
    if (lanes < 1 || lanes > MAX_LANES || lanes == 1 && replicas > 1) {
      throw new IllegalArgumentException("a block of several replicas has 2 to " + MAX_LANES + " lanes, not " + lanes);
    }
    long size = (replicas + lanes - 1L) / lanes * lanes * lattice.sites();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          replicas + " replicas of a " + lattice + " lattice do not fit one buffer (at most 2^31 sites); use fewer"
              + " replicas");
    }
  }

  public int blocks() {
    return (replicas + lanes - 1) / lanes;
  }

  /** Length of a buffer: blocks × sites × lanes. */
  public int size() {
    return blocks() * lattice.sites() * lanes;
  }

  /** Replicas including the padding lanes. */
  public int paddedReplicas() {
    return blocks() * lanes;
  }

  /** Index of one replica's value at one site (or mode) of {@link Lattice} index {@code site}. */
  public int index(int replica, int site) {
    return (replica / lanes * lattice.sites() + site) * lanes + replica % lanes;
  }

  /** Copies one replica out of a buffer, in site order. */
  public void gather(float[] buffer, int replica, float[] field, int offset) {
    int at = index(replica, 0);
    for (int site = 0; site < lattice.sites(); site++) {
      field[offset + site] = buffer[at + site * lanes];
    }
  }

  /** Copies one replica, in site order, into a buffer. */
  public void scatter(float[] field, int offset, float[] buffer, int replica) {
    int at = index(replica, 0);
    for (int site = 0; site < lattice.sites(); site++) {
      buffer[at + site * lanes] = field[offset + site];
    }
  }
}
