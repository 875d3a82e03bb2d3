package org.rgflow.kernels;

/** Transforms along one axis and the Ornstein–Uhlenbeck update of modes. */
public final class ModeKernels {
  private ModeKernels() {}

  /**
   * One output element of a matrix applied along the middle axis of an array [outer][n][inner]:
   * {@code out[o][k][i] = Σ_j matrix[k][j] in[o][j][i]}, accumulated in float in the order of j. The
   * naive form of every separable transform: O(n) per element.
   *
   * @param item index of the output element
   * @param matrix n×n, row k the k-th basis function
   */
  public static void axisTransform(int item, float[] in, float[] out, float[] matrix, int n, int inner) {
    int i = item % inner;
    int k = item / inner % n;
    int at = (item / inner / n) * n * inner + i;
    float sum = 0f;
    for (int j = 0; j < n; j++) {
      sum += matrix[k * n + j] * in[at + j * inner];
    }
    out[item] = sum;
  }

  /**
   * One element of x ← decay·x + noise·ξ, mode by mode, ξ taken from a buffer. Layout
   * [block][mode][lane], {@code decay.length} modes.
   */
  public static void ornsteinUhlenbeck(int item, float[] x, float[] decay, float[] noise, float[] xi, int lanes) {
    int mode = item / lanes % decay.length;
    x[item] = decay[mode] * x[item] + noise[mode] * xi[item];
  }

  /**
   * One element of x ← decay·x + noise·ξ with ξ drawn here: the numbers that
   * {@link PhiloxKernels#normals} leaves in a buffer of the same length.
   */
  public static void ornsteinUhlenbeckDrawn(
      int item, float[] x, float[] decay, float[] noise, int lanes, int[] stream, int streamId) {
    int mode = item / lanes % decay.length;
    x[item] = decay[mode] * x[item] + noise[mode] * PhiloxKernels.normal(item, stream, streamId);
  }
}
