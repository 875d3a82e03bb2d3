package org.rgflow.kernels;

/** What Langevin dynamics needs beside {@link FieldKernels}: the exact local flow and a watch on the field. */
public final class LangevinKernels {
  private LangevinKernels() {}

  /**
   * One element of the exact solution of φ̇ = −αφ − 4gφ³ over a time τ (Bernoulli's equation):
   *
   * <pre>  φ ← e^(−ατ) φ / √(1 + q φ²),   q = 4g (1 − e^(−2ατ))/α ≥ 0.</pre>
   *
   * @param coefficients pairs {e^(−ατ), q}
   * @param at index of the pair to use
   */
  public static void quarticFlow(int element, float[] phi, float[] coefficients, int at) {
    float f = phi[element];
    phi[element] = coefficients[2 * at] * f / (float) Math.sqrt(1f + coefficients[2 * at + 1] * (f * f));
  }

  /** {@code outside[row]} = number of the row's elements that are not within ±limit; NaN is outside. */
  public static void countOutside(int row, float[] phi, int[] outside, float limit, int width) {
    int count = 0;
    for (int element = row * width; element < (row + 1) * width; element++) {
      float f = phi[element];
      // Two conditions: a device may turn x <= y ? 0 : 1 into x > y ? 1 : 0, which loses NaN.
      int finite = f - f == 0f ? 1 : 0;
      int within = f * f <= limit * limit ? 1 : 0;
      count += 1 - finite * within;
    }
    outside[row] = count;
  }

  /**
   * Adds a local potential to the energies of rows: {@code energy[item] += a Σφ² + b Σφ⁴}, from the sums of
   * {@link FieldKernels#rowSums}, item as there.
   *
   * @param coefficients {a, b}
   */
  public static void addLocalEnergy(int item, double[] energy, double[] sums, double[] coefficients) {
    energy[item] += coefficients[0] * sums[4 * item + 1] + coefficients[1] * sums[4 * item + 2];
  }
}
