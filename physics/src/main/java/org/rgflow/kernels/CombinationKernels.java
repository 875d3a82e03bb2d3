package org.rgflow.kernels;

/**
 * Linear combinations with one coefficient per row, on buffers of rows of {@code lanes} elements. Row r
 * takes coefficient {@code r % a.length}: with a batch laid out as {@code [image][channel][position]} and
 * positions as lanes, {@code channels} coefficients serve all images alike, and {@code images * channels}
 * give every image its own (its own time step, in training).
 */
public final class CombinationKernels {
  private CombinationKernels() {}

  /** out ← a·x + b, both a and b by row. */
  public static void affine(int element, float[] out, float[] x, float[] a, float[] b, int lanes) {
    int row = element / lanes % a.length;
    out[element] = a[row] * x[element] + b[row];
  }

  /** out ← a·x + b·y + c, all three by row. */
  public static void blend(
      int element, float[] out, float[] x, float[] y, float[] a, float[] b, float[] c, int lanes) {
    int row = element / lanes % a.length;
    out[element] = (a[row] * x[element] + b[row] * y[element]) + c[row];
  }

  /** out ← a·x + b·y + c·z. */
  public static void three(
      int element, float[] out, float[] x, float[] y, float[] z, float[] a, float[] b, float[] c, int lanes) {
    int row = element / lanes % a.length;
    out[element] = (a[row] * x[element] + b[row] * y[element]) + c[row] * z[element];
  }

  /** out ← a·x + b·y + c·z + d·w. */
  public static void four(
      int element, float[] out, float[] x, float[] y, float[] z, float[] w, float[] a, float[] b, float[] c, float[] d,
      int lanes) {
    int row = element / lanes % a.length;
    out[element] = ((a[row] * x[element] + b[row] * y[element]) + c[row] * z[element]) + d[row] * w[element];
  }

  /** out ← a, by row. */
  public static void spread(int element, float[] out, float[] a, int lanes) {
    out[element] = a[element / lanes % a.length];
  }

  /** out ← (a·x)·y, a by row. */
  public static void product(int element, float[] out, float[] x, float[] y, float[] a, int lanes) {
    out[element] = a[element / lanes % a.length] * x[element] * y[element];
  }

  /** out ← factor·x / scale, scale by row. */
  public static void quotient(int element, float[] out, float[] x, float[] scale, float factor, int lanes) {
    out[element] = factor * x[element] / scale[element / lanes % scale.length];
  }

  /** x ← min(max(x, low), high). */
  public static void clamp(int element, float[] x, float low, float high) {
    x[element] = Math.min(Math.max(x[element], low), high);
  }

  /** x ← (1 − mask)·x + mask·known: known where the mask is 1, unchanged where it is 0. */
  public static void masked(int element, float[] x, float[] known, float[] mask) {
    x[element] = x[element] * (1f - mask[element]) + known[element] * mask[element];
  }

  /** to ← from. */
  public static void copy(int element, float[] from, float[] to) {
    to[element] = from[element];
  }

  /** to ← from, with {@code none} in the place of negative labels. */
  public static void label(int item, int[] from, int[] to, int none) {
    int negative = (from[item] >> 31) & 1;
    to[item] = from[item] * (1 - negative) + none * negative;
  }
}
