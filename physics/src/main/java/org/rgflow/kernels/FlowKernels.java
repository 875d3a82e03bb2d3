package org.rgflow.kernels;

/**
 * One step of a stochastic flow in mode space, on buffers laid out as {@code [block][mode][lane]} (see
 * FieldLayout). Coefficients are one per mode, the same for all replicas. An element is one mode of one
 * replica.
 */
public final class FlowKernels {
  private FlowKernels() {}

  /** x ← decay[mode]·x: a step without noise. */
  public static void scale(int element, float[] x, float[] decay, int modes, int lanes) {
    x[element] = decay[element / lanes % modes] * x[element];
  }

  /** moved ← decay[mode]·x − weight[mode]·force + noise: a Langevin step, force = ∂V/∂φ. */
  public static void drift(
      int element, float[] x, float[] force, float[] noise, float[] moved, float[] decay, float[] weight,
      int modes, int lanes) {
    int mode = element / lanes % modes;
    moved[element] = (decay[mode] * x[element] - weight[mode] * force[element]) + noise[element];
  }

  /** x ← keep[mode]·predicted + past[mode]·x − weight[mode]·(after − before): a corrector with both forces. */
  public static void correct(
      int element, float[] x, float[] predicted, float[] before, float[] after,
      float[] keep, float[] past, float[] weight, int modes, int lanes) {
    int mode = element / lanes % modes;
    x[element] = (keep[mode] * predicted[element] + past[mode] * x[element])
        - weight[mode] * (after[element] - before[element]);
  }

  /** force ← c φ³, the derivative of (c/4) φ⁴. */
  public static void cubic(int element, float[] phi, float[] force, float c) {
    float f = phi[element];
    force[element] = c * (f * (f * f));
  }

  /**
   * Mean square over the modes of an orbit, per replica: item = (block·orbits + orbit)·lanes + lane,
   * {@code power[item]} = the mean of x² over the modes {@code members[j]}, start[orbit] ≤ j &lt;
   * start[orbit+1].
   */
  public static void orbitPower(
      int item, float[] x, int[] start, int[] members, double[] power, int modes, int lanes) {
    int orbits = start.length - 1;
    int row = item / lanes;
    int lane = item - row * lanes;
    int block = row / orbits;
    int orbit = row - block * orbits;
    double sum = 0;
    for (int j = start[orbit]; j < start[orbit + 1]; j++) {
      double value = x[(block * modes + members[j]) * lanes + lane];
      sum += value * value;
    }
    power[item] = sum / (start[orbit + 1] - start[orbit]);
  }
}
