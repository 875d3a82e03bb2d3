package org.rgflow.sampler;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.launch.ClusterBonds;
import org.rgflow.launch.ClusterFlips;
import org.rgflow.launch.WolffClusters;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * Embedded Ising clusters (Brower &amp; Tamayo 1989): at fixed |φ| the signs of the field are an Ising
 * model with couplings h|φφ₊|, updated by Wolff's or Swendsen and Wang's algorithm with bond
 * probability 1 − e^(−2hφφ₊) for φφ₊ &gt; 0: 1 − e^(−4φφ₊) in the GERDES convention, 1 − e^(−2ϕϕ₊) in the
 * CANONICAL one. An update ends with a sweep of Metropolis hits and sweeps of overrelaxation, as in
 * {@link Metropolis}, which move |φ| and make the chain ergodic.
 *
 * <p>Tuning: {@code range} and {@code stiffness} of the local sweeps, and for Wolff {@code clusters}, the
 * number of clusters of an update, chosen so that they flip about a quarter of the sites together.
 */
public final class Cluster extends FieldChain {
  /** Overrelaxation sweeps of an update, unless chosen otherwise. */
  public static final int OVERRELAXATION_SWEEPS = 1;

  private static final String CLUSTERS = "clusters";
  private static final int MAX_CLUSTERS = 64;
  private static final int SEED_STREAMS = 0x800;
  private static final double FLIPPED_SITES = 0.25;

  /** How clusters are chosen. */
  public enum Algorithm {
    /** Clusters grown from random sites, always flipped (Wolff 1989). */
    WOLFF("wolff"),
    /** The whole lattice cut into clusters, each flipped with probability ½ (Swendsen &amp; Wang 1987). */
    SWENDSEN_WANG("swendsen-wang");

    private final String label;

    Algorithm(String label) {
      this.label = label;
    }

    /** The name on the command line. */
    public String label() {
      return label;
    }
  }

  private final Algorithm algorithm;
  private final LocalSweeps sweeps;
  private final int[] clusters = {1};
  private final double[] flipped;
  private final Program program;
  private final Session session;
  private long updatesSinceTune;

  /** With {@value #OVERRELAXATION_SWEEPS} overrelaxation sweep. */
  public Cluster(Algorithm algorithm, Phi4Action action, FieldLayout layout, float[] field, RandomStream stream,
      Device device) {
    this(algorithm, action, layout, field, stream, device, OVERRELAXATION_SWEEPS);
  }

  /**
   * @param field start configuration in {@code layout}, which becomes the chain's own buffer
   * @param overrelaxation number of overrelaxation sweeps after the Metropolis sweep, 0 to 500
   * @throws IllegalArgumentException if that number is outside its bounds, or the field does not have
   *     the layout's size
   */
  public Cluster(Algorithm algorithm, Phi4Action action, FieldLayout layout, float[] field, RandomStream stream,
      Device device, int overrelaxation) {
    super(action, layout, field, stream);
    this.algorithm = algorithm;
    flipped = new double[layout.paddedReplicas()];
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    int lanes = layout.lanes();
    float h = (float) action.hopping();
    program = new Program(algorithm.label()).input(stream.buffer());
    switch (algorithm) {
      case WOLFF -> program.input(clusters, flipped).output(flipped).add(new WolffClusters(field,
          new int[field.length], flipped, clusters, h, stream.buffer(), Streams.CLUSTER,
          Streams.CLUSTER + SEED_STREAMS, lx, ly, lanes));
      case SWENDSEN_WANG -> {
        int[] bonds = new int[field.length];
        program.add(new ClusterBonds(field, bonds, h, stream.buffer(), Streams.CLUSTER, lx, ly, lanes));
        program.add(new ClusterFlips(field, bonds, new int[field.length], lx, ly, lanes));
      }
    }
    sweeps = new LocalSweeps(action, layout, field, stream.buffer());
    sweeps.record(program, Metropolis.HITS, overrelaxation);
    session = device.open(program, sweeps.counting());
  }

  @Override
  public String name() {
    return algorithm.label();
  }

  public Algorithm algorithm() {
    return algorithm;
  }

  @Override
  Session session() {
    return session;
  }

  @Override
  public void update() {
    run(program);
    sweeps.countUpdate();
    updatesSinceTune++;
    stream.advance();
  }

  @Override
  public void tune() {
    sweeps.tune(session);
    if (algorithm == Algorithm.WOLFF && updatesSinceTune > 0) {
      double size = meanClusterSize();
      double wanted = FLIPPED_SITES * layout.lattice().sites() / size;
      clusters[0] = (int) Math.clamp(Math.round(wanted), 1, MAX_CLUSTERS);
      Arrays.fill(flipped, 0);
    }
    updatesSinceTune = 0;
  }

  private double meanClusterSize() {
    double sum = 0;
    for (double sites : flipped) {
      sum += sites;
    }
    return sum / ((double) clusters[0] * flipped.length * updatesSinceTune);
  }

  @Override
  public Map<String, Double> tuning() {
    Map<String, Double> tuning = new HashMap<>(sweeps.tuning());
    if (algorithm == Algorithm.WOLFF) {
      tuning.put(CLUSTERS, (double) clusters[0]);
    }
    return Map.copyOf(tuning);
  }

  @Override
  public void restoreTuning(Map<String, Double> tuning) {
    double number = algorithm == Algorithm.WOLFF ? Tuning.positive(tuning, CLUSTERS) : 1;
    if (number > MAX_CLUSTERS || number != Math.rint(number)) {
      throw new IllegalArgumentException(
          "tuning parameter '" + CLUSTERS + "' must be a whole number up to " + MAX_CLUSTERS + ", not " + number);
    }
    sweeps.restoreTuning(tuning);
    clusters[0] = (int) number;
  }

  /** Acceptance of the Metropolis hits of the local sweeps. */
  @Override
  public double acceptance() {
    return sweeps.acceptance(session);
  }

  @Override
  public void resetAcceptance() {
    sweeps.resetAcceptance(session);
  }

  @Override
  public boolean exact() {
    return true;
  }

  @Override
  public void close() {
    session.close();
  }
}
