package org.rgflow.statistics;

/**
 * Block sums of several primary series, the common ground of the resampling methods. A block never
 * crosses from one replica into the next; the lengths of a replica's blocks differ by at most one.
 */
final class Blocks {
  /** {@code sum[block][primary]}, relative to {@link #origin}. */
  final double[][] sum;
  final int[] length;
  final double[] origin;
  final int size;

  private Blocks(double[][] sum, int[] length, double[] origin, int size) {
    this.sum = sum;
    this.length = length;
    this.origin = origin;
    this.size = size;
  }

  /** About {@code blocks} blocks in all, at least one per replica, at most one per value. */
  static Blocks ofNumber(int blocks, TimeSeries[] primaries) {
    TimeSeries.requireSameShape(primaries);
    int perReplica = Math.max(1, (blocks + primaries[0].replicas() - 1) / primaries[0].replicas());
    int[] counts = new int[primaries[0].replicas()];
    for (int r = 0; r < counts.length; r++) {
      counts[r] = Math.min(perReplica, primaries[0].replica(r).length);
    }
    return cut(counts, primaries);
  }

  /** Blocks of at least {@code length} values, at least one per replica. */
  static Blocks ofLength(int length, TimeSeries[] primaries) {
    TimeSeries.requireSameShape(primaries);
    int[] counts = new int[primaries[0].replicas()];
    for (int r = 0; r < counts.length; r++) {
      counts[r] = Math.max(1, primaries[0].replica(r).length / length);
    }
    return cut(counts, primaries);
  }

  private static Blocks cut(int[] counts, TimeSeries[] primaries) {
    int total = 0;
    for (int count : counts) {
      total += count;
    }
    double[] origin = new double[primaries.length];
    for (int a = 0; a < origin.length; a++) {
      origin[a] = primaries[a].mean();
    }
    double[][] sum = new double[total][primaries.length];
    int[] length = new int[total];
    int block = 0;
    for (int r = 0; r < counts.length; r++) {
      int n = primaries[0].replica(r).length;
      for (int b = 0; b < counts[r]; b++) {
        int from = (int) ((long) b * n / counts[r]);
        int to = (int) ((b + 1L) * n / counts[r]);
        for (int a = 0; a < origin.length; a++) {
          double[] x = primaries[a].replica(r);
          double s = 0;
          for (int i = from; i < to; i++) {
            s += x[i] - origin[a];
          }
          sum[block][a] = s;
        }
        length[block++] = to - from;
      }
    }
    return new Blocks(sum, length, origin, primaries[0].size());
  }

  int count() {
    return sum.length;
  }

  /** The mean length of a block, rounded. */
  int meanLength() {
    return Math.max(1, Math.round((float) size / count()));
  }
}
