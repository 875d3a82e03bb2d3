package org.rgflow.learned;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.kernels.PhiloxVector;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.model.TensorLayout;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.LatticeModes;

/**
 * The parameters of a {@link ContinuousFlow} in one array, and their gradient in another:
 *
 * <pre>
 *   frequencies  [n]          ω_j
 *   mixing       [F][n+1]     A_fj
 *   times        [D][T]       B_db, the contraction of the functions of time
 *   kernel       [R][D][F]    W_rdf for each orbit r of distances
 *   prior        [R]          ln σ for each orbit of modes
 * </pre>
 */
final class FlowParameters {
  /** Largest frequency at the start. */
  private static final double HIGHEST = 5;

  private final FlowShape shape;
  private final int orbits;
  private final float[] values;
  private final float[] gradient;
  private final TensorLayout layout;

  final int frequencies;
  final int mixing;
  final int times;
  final int kernel;
  final int prior;

  FlowParameters(FlowShape shape) {
    this.shape = shape;
    orbits = new LatticeModes(shape.lattice()).orbits().size();
    List<TensorLayout.Slice> slices = new ArrayList<>();
    int n = shape.frequencies();
    frequencies = add(slices, "frequencies", n);
    mixing = add(slices, "mixing", shape.features(), n + 1);
    times = add(slices, "times", shape.timeChannels(), shape.timeFeatures());
    kernel = add(slices, "kernel", orbits, shape.timeChannels(), shape.features());
    prior = add(slices, "prior", orbits);
    layout = new TensorLayout(slices, end(slices));
    values = new float[layout.length()];
    gradient = new float[layout.length()];
  }

  /** How many there are. */
  static long count(FlowShape shape) {
    long orbits = new LatticeModes(shape.lattice()).orbits().size();
    long n = shape.frequencies();
    return n + shape.features() * (n + 1) + (long) shape.timeChannels() * shape.timeFeatures()
        + orbits * shape.timeChannels() * shape.features() + orbits;
  }

  private static int add(List<TensorLayout.Slice> slices, String name, Integer... extents) {
    int offset = end(slices);
    slices.add(new TensorLayout.Slice(name, List.of(extents), offset));
    return offset;
  }

  private static int end(List<TensorLayout.Slice> slices) {
    return slices.isEmpty() ? 0 : slices.getLast().offset() + slices.getLast().elements();
  }

  float[] values() {
    return values;
  }

  float[] gradient() {
    return gradient;
  }

  TensorLayout layout() {
    return layout;
  }

  /**
   * The start: equally spaced frequencies, random contractions, no velocity, and for the prior the free field
   * z/(p̂² + M²).
   */
  void initialise(long seed, Phi4Action action, double priorMass2) {
    float[] normals = new float[values.length];
    PhiloxVector.normals(0, normals.length, normals, new RandomStream(seed).buffer(), Streams.PARAMETERS);
    int n = shape.frequencies();
    for (int j = 0; j < n; j++) {
      values[frequencies + j] = (float) (HIGHEST * (j + 0.5) / n);
    }
    System.arraycopy(normals, mixing, values, mixing, kernel - mixing);
    List<LatticeModes.Orbit> modes = new LatticeModes(shape.lattice()).orbits();
    for (int k = 0; k < orbits; k++) {
      values[prior + k] =
          (float) (0.5 * Math.log(action.covarianceFactor() / (modes.get(k).momentum2() + priorMass2)));
    }
  }
}
