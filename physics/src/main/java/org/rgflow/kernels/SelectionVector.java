package org.rgflow.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What happens to the fields of chosen replicas, on the Vector API, over ranges of elements. */
public final class SelectionVector {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int N = FLOATS.length();
  private static final int MAX_LANES = 16;
  private static final ThreadLocal<float[]> PATTERN = ThreadLocal.withInitial(() -> new float[MAX_LANES * N]);

  private SelectionVector() {}

  /** {@link FieldKernels#select} on the elements {@code begin <= element < end}, of 1 to 16 lanes. */
  public static void select(
      int begin, int end, float[] phi, float[] proposal, int[] accepted, int sites, int lanes) {
    float[] pattern = PATTERN.get();
    int period = period(lanes);
    int stop;
    for (int at = begin; at < end; at = stop) {
      stop = Math.min(end, (at / (sites * lanes) + 1) * sites * lanes);
      if (!choose(at, pattern, accepted, sites, lanes)) {
        continue;
      }
      int e = at;
      for (int k = 0; e <= stop - N; e += N) {
        VectorMask<Float> chosen = FloatVector.fromArray(FLOATS, pattern, k).compare(VectorOperators.NE, 0f);
        FloatVector.fromArray(FLOATS, phi, e).blend(FloatVector.fromArray(FLOATS, proposal, e), chosen)
            .intoArray(phi, e);
        k = k + N == period ? 0 : k + N;
      }
      for (; e < stop; e++) {
        FieldKernels.select(e, phi, proposal, accepted, sites, lanes);
      }
    }
  }

  /** {@link TemperingKernels#exchange} on the elements {@code begin <= element < end}, of 1 to 16 lanes. */
  public static void exchange(int begin, int end, float[] a, float[] b, int[] exchanged, int sites, int lanes) {
    float[] pattern = PATTERN.get();
    int period = period(lanes);
    int stop;
    for (int at = begin; at < end; at = stop) {
      stop = Math.min(end, (at / (sites * lanes) + 1) * sites * lanes);
      if (!choose(at, pattern, exchanged, sites, lanes)) {
        continue;
      }
      int e = at;
      for (int k = 0; e <= stop - N; e += N) {
        VectorMask<Float> chosen = FloatVector.fromArray(FLOATS, pattern, k).compare(VectorOperators.NE, 0f);
        FloatVector x = FloatVector.fromArray(FLOATS, a, e);
        FloatVector y = FloatVector.fromArray(FLOATS, b, e);
        x.blend(y, chosen).intoArray(a, e);
        y.blend(x, chosen).intoArray(b, e);
        k = k + N == period ? 0 : k + N;
      }
      for (; e < stop; e++) {
        TemperingKernels.exchange(e, a, b, exchanged, sites, lanes);
      }
    }
  }

  /** After so many elements, whole vectors, the lanes come round to the same place. */
  private static int period(int lanes) {
    return lanes % N == 0 ? lanes : N % lanes == 0 ? N : lanes * N;
  }

  /**
   * Writes a period of 1 for the lanes of chosen replicas and 0 for the others, beginning with element {@code at}.
   *
   * @return whether a replica of the block is chosen
   */
  private static boolean choose(int at, float[] pattern, int[] chosen, int sites, int lanes) {
    int first = at / (sites * lanes) * lanes;
    boolean any = false;
    for (int lane = 0; lane < lanes; lane++) {
      any |= chosen[first + lane] == 1;
    }
    int lane = at % lanes;
    for (int k = 0; any && k < period(lanes); k++) {
      pattern[k] = chosen[first + lane] == 1 ? 1f : 0f;
      lane = lane + 1 == lanes ? 0 : lane + 1;
    }
    return any;
  }
}
