package org.rgflow.kernels;

/** Exchange of configurations between two chains with different couplings. */
public final class TemperingKernels {
  private TemperingKernels() {}

  /**
   * Decides the exchange for one replica (item = block·lanes + lane). With the sums T = (Σ_μ(∂φ)², φ²,
   * φ⁴) and S_a(φ) = θ_a·T(φ), the exchange changes the total action by Δ = S_a(φ_b) + S_b(φ_a) −
   * S_a(φ_a) − S_b(φ_b) = (θ_a − θ_b)·(T(φ_b) − T(φ_a)), and takes place if u &lt; e^(−Δ).
   *
   * @param a row sums of the first chain, see {@link FieldKernels#rowSums}
   * @param b row sums of the second chain
   * @param difference θ_a − θ_b
   * @param exchanged result, 1 or 0
   * @param tally per replica, increased by min(1, e^(−Δ))
   */
  public static void decide(int item, double[] a, double[] b, double[] difference, int[] exchanged, double[] tally,
      int[] stream, int streamId, int ly, int lanes) {
    int block = item / lanes;
    int lane = item - block * lanes;
    double change = 0;
    for (int y = 0; y < ly; y++) {
      int at = 4 * ((block * ly + y) * lanes + lane);
      change += difference[0] * (b[at + 3] - a[at + 3]) + difference[1] * (b[at + 1] - a[at + 1])
          + difference[2] * (b[at + 2] - a[at + 2]);
    }
    double weight = Math.exp(-change);
    double u = PhiloxKernels.uniform(PhiloxKernels.word(0, item, streamId, stream));
    exchanged[item] = u < weight ? 1 : 0;
    tally[item] += weight < 1 ? weight : 1;
  }

  /** Exchanges an element of the two fields if that was decided for its replica. */
  public static void exchange(int element, float[] a, float[] b, int[] exchanged, int sites, int lanes) {
    int block = element / (sites * lanes);
    if (exchanged[block * lanes + element % lanes] == 1) {
      float kept = a[element];
      a[element] = b[element];
      b[element] = kept;
    }
  }
}
