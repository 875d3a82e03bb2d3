package org.rgflow.learned;

import java.io.IOException;
import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.io.Heap;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.ClearGradient;
import org.rgflow.launch.DrawExamples;
import org.rgflow.launch.DrawPlaces;
import org.rgflow.launch.Kick;
import org.rgflow.launch.Normals;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;

/**
 * The configurations that a score model learns from, in mode space: φ and the force ∂S/∂φ of each, and batches of them,
 * carried to random places on the {@link ScorePath} by the exact transition, in random ones of the eight symmetries of
 * the square.
 */
final class ScoreExamples {
  private static final int LANES = VectorFieldKernels.LANES;
  private static final int SYMMETRIES = 8;

  private final Lattice lattice;
  private final int sites;
  private final int count;
  /** φ of each mode, [example][mode]. */
  private final float[] field;
  /** ∂S/∂φ. */
  private final float[] force;
  private final ScoreStatistics statistics;
  /** ±(1 + the mode that each symmetry takes to a mode), [symmetry][mode]. */
  private final int[] sources;

  /**
   * Takes all configurations of an ensemble.
   *
   * @throws IllegalArgumentException if there are none, they were flowed, or the lattice is not square
   * @throws IOException if they do not fit the memory
   */
  ScoreExamples(Ensemble ensemble, Device device) throws IOException {
    lattice = ensemble.lattice();
    if (lattice.lx() != lattice.ly()) {
      throw new IllegalArgumentException("a score model needs a square lattice; the configurations are of " + lattice);
    }
    if (ensemble.snapshots() == 0) {
      throw new IllegalArgumentException("a score model learns from configurations, but the ensemble holds none");
    }
    if (!Double.isInfinite(ensemble.scale())) {
      throw new IllegalArgumentException("a score model learns from the bare ensemble, but these configurations were"
          + " flowed to the scale " + ensemble.scale());
    }
    sites = lattice.sites();
    long all = (long) ensemble.snapshots() * ensemble.replicas();
    if (all * sites > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException(all + " configurations of " + lattice + " do not fit one array; give fewer");
    }
    Heap.require(8 * all * sites, "the modes of " + all + " configurations of " + lattice);
    count = (int) all;
    field = new float[count * sites];
    force = new float[field.length];
    transform(ensemble, device);
    statistics = measure();
    sources = new int[SYMMETRIES * sites];
    for (int i = 0; i < sources.length; i++) {
      int symmetry = i / sites;
      int k = i % sites;
      int jx = k % lattice.lx();
      int jy = k / lattice.lx();
      int source = (symmetry & 4) == 0 ? k : jx * lattice.lx() + jy;
      // Sines are odd under reflections.
      boolean negative = (symmetry & 1) != 0 && isSine(jx) ^ ((symmetry & 2) != 0 && isSine(jy));
      sources[i] = negative ? -1 - source : 1 + source;
    }
  }

  private static boolean isSine(int j) {
    return j > 0 && j % 2 == 0;
  }

  private void transform(Ensemble ensemble, Device device) {
    Phi4Action action = ensemble.action();
    FieldLayout layout = new FieldLayout(lattice, Math.min(256, (count + LANES - 1) / LANES * LANES), LANES);
    ModeTransform transform = FourierTransforms.of(layout, device);
    float[] phi = new float[layout.size()];
    float[] gradient = new float[layout.size()];
    float[] phiModes = new float[layout.size()];
    float[] gradientModes = new float[layout.size()];
    Program program = new Program("forces").input(phi)
        .add(new ClearGradient(gradient, layout.blocks()))
        .add(new Kick(phi, gradient, new float[] {-1, 0}, 0, (float) action.hopping(), (float) action.quadratic(),
            (float) action.quartic(), lattice.lx(), lattice.ly(), layout.lanes()))
        .addAll(transform.forward(phi, phiModes)).addAll(transform.forward(gradient, gradientModes))
        .output(phiModes, gradientModes);
    try (Session session = device.open(program)) {
      for (int begin = 0; begin < count; begin += layout.replicas()) {
        int end = Math.min(count, begin + layout.replicas());
        for (int i = begin; i < end; i++) {
          layout.scatter(ensemble.snapshot(i / ensemble.replicas()), i % ensemble.replicas() * sites, phi, i - begin);
        }
        session.run(program);
        for (int i = begin; i < end; i++) {
          layout.gather(phiModes, i - begin, field, i * sites);
          layout.gather(gradientModes, i - begin, force, i * sites);
        }
      }
    }
  }

  private ScoreStatistics measure() {
    List<LatticeModes.Orbit> orbits = new LatticeModes(lattice).orbits();
    double[] propagator = new double[orbits.size()];
    double[] excess = new double[orbits.size()];
    for (int orbit = 0; orbit < propagator.length; orbit++) {
      int[] modes = orbits.get(orbit).modes();
      double squares = 0;
      for (int mode : modes) {
        for (int i = mode; i < field.length; i += sites) {
          squares += (double) field[i] * field[i];
        }
      }
      double g = squares / ((double) count * modes.length);
      double root = Math.sqrt(g);
      double sum = 0;
      for (int mode : modes) {
        for (int i = mode; i < field.length; i += sites) {
          double excessForce = field[i] / root - root * force[i];
          sum += excessForce * excessForce;
        }
      }
      propagator[orbit] = g;
      excess[orbit] = sum / ((double) count * modes.length);
    }
    return new ScoreStatistics(propagator, excess);
  }

  ScoreStatistics statistics() {
    return statistics;
  }

  /** Number of configurations. */
  int count() {
    return count;
  }

  /** Flowed examples, and what the force at them is to be. */
  final class Batch {
    private final ScoreField target;
    private final FieldLayout layout;
    private final RandomStream stream;
    private final float[] noise;
    private final double[] excessOf = new double[sites];
    /** x₀ of each mode. */
    final float[] bare;
    /** An estimate of f without bias. */
    final float[] expected;
    /** −d(r²)/ds. */
    final float[] weight;
    /** 1 − r². */
    final float[] unresolved;

    /** @param into the field that is placed on the path, and whose u is set */
    Batch(ScoreField into, ScoreStatistics statistics, RandomStream stream) {
      target = into;
      layout = into.layout();
      this.stream = stream;
      noise = new float[layout.size()];
      bare = new float[layout.size()];
      expected = new float[layout.size()];
      weight = new float[layout.size()];
      unresolved = new float[layout.size()];
      List<LatticeModes.Orbit> orbits = new LatticeModes(lattice).orbits();
      for (int orbit = 0; orbit < orbits.size(); orbit++) {
        for (int mode : orbits.get(orbit).modes()) {
          excessOf[mode] = statistics.excess()[orbit];
        }
      }
    }

    /** Draws a batch; the estimate of f is that of {@link org.rgflow.kernels.ScoreKernels#drawExample}. */
    List<Launch> draw() {
      int[] chosen = new int[2 * layout.replicas()];
      double[] places = new double[layout.replicas()];
      return List.of(new Normals(noise, layout.blocks(), stream.buffer(), Streams.SCORE_NOISE),
          new DrawPlaces(chosen, places, target.network().times(), stream.buffer(), Streams.SCORE_EXAMPLES, count,
              ScoreField.TIME),
          new DrawExamples(noise, target.whitened(), target.correlation(), expected, bare, weight, unresolved, chosen,
              places, field, force, sources, target.path().table(excessOf), sites));
    }
  }
}
