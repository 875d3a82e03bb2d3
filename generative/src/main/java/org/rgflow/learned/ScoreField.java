package org.rgflow.learned;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.launch.FromSamples;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeProduct;
import org.rgflow.launch.ModeScale;
import org.rgflow.launch.SpreadModes;
import org.rgflow.launch.ToSamples;
import org.rgflow.network.LatticeNetwork;
import org.rgflow.network.Purpose;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.ModeTransform;

/**
 * The force f(u, s) of a {@link ScoreModel}, from modes to modes. The network N reads two fields, the whitened one and
 * the Wiener filter's estimate of the bare field, and gives the anharmonic force in units of its size:
 *
 * <pre>  f_k = c √G_k N̂_k(u, W/σ),   W_k = √G_k r_k u_k,   σ² = ⟨φ²⟩,   c² = ⟨(φ/G − ∂S/∂φ)²⟩ per site.</pre>
 *
 * <p>All memory is planned here, that for derivatives when they are asked for.
 */
final class ScoreField {
  private static final int LANES = VectorFieldKernels.LANES;
  /** The path in units of the network's time. */
  static final float TIME = 10;

  private final ScorePath path;
  private final FieldLayout layout;
  private final LatticeNetwork network;
  private final ModeTransform transform;
  private final int sites;
  private final float[] whitened;
  private final float[] correlation;
  private final float[] force;
  private final float[] forceGradient;
  private final float[] direction;
  private final float[] derivative;
  /** √G/σ and c√G of each mode. */
  private final float[] wiener;
  private final float[] gain;
  /** Time, and r of each mode, where all fields are at the same place. */
  private final float[] commonTime = new float[1];
  private final float[] commonCorrelation;
  private final float[] scratch;
  private final float[] field;
  private final float[] estimate;
  private LatticeNetwork.Tangents tangents;

  /**
   * Plans the memory.
   *
   * @param batch number of fields, a multiple of 16
   */
  ScoreField(ScoreConfiguration configuration, ScoreStatistics statistics, int batch, Purpose purpose, Device device) {
    Lattice lattice = configuration.lattice();
    path = statistics.path(lattice, configuration.action());
    layout = new FieldLayout(lattice, batch, LANES);
    network = new LatticeNetwork(configuration.shape(), batch, configuration.seed(), purpose);
    transform = FourierTransforms.of(layout, device);
    sites = lattice.sites();
    whitened = new float[layout.size()];
    correlation = new float[layout.size()];
    force = new float[layout.size()];
    forceGradient = new float[purpose == Purpose.TRAINING ? layout.size() : 0];
    direction = new float[purpose == Purpose.TRAINING ? 0 : layout.size()];
    derivative = new float[direction.length];
    commonCorrelation = new float[sites];
    scratch = new float[layout.size()];
    field = new float[layout.size()];
    estimate = new float[layout.size()];
    wiener = new float[sites];
    gain = new float[sites];
    double variance = 0;
    for (int k = 0; k < sites; k++) {
      variance += path.propagator(k) / sites;
    }
    double unit = statistics.force(lattice);
    for (int k = 0; k < sites; k++) {
      wiener[k] = (float) Math.sqrt(path.propagator(k) / variance);
      gain[k] = (float) (unit * Math.sqrt(path.propagator(k)));
    }
  }

  ScorePath path() {
    return path;
  }

  FieldLayout layout() {
    return layout;
  }

  LatticeNetwork network() {
    return network;
  }

  ModeTransform transform() {
    return transform;
  }

  /** u, modes in {@link FieldLayout}. */
  float[] whitened() {
    return whitened;
  }

  /** f. */
  float[] force() {
    return force;
  }

  /** ∂L/∂f, to be given before {@link #backward}. */
  float[] forceGradient() {
    return forceGradient;
  }

  /** v, a direction for each field. */
  float[] direction() {
    return direction;
  }

  /** Σ_l ∂f_k/∂u_l v_l. */
  float[] derivative() {
    return derivative;
  }

  /** r of each mode and field. */
  float[] correlation() {
    return correlation;
  }

  /** Places all fields on the path by the next run of {@link #placement}. */
  void place(double s) {
    commonTime[0] = (float) (TIME * s);
    for (int k = 0; k < sites; k++) {
      commonCorrelation[k] = (float) path.correlation(k, s);
    }
  }

  /** Takes all fields where {@link #place} says. */
  Program placement(String name) {
    return new Program(name).input(commonTime, commonCorrelation)
        .add(new SpreadModes(network.times(), commonTime, 1, 1))
        .add(new SpreadModes(correlation, commonCorrelation, LANES, layout.blocks()));
  }

  /** From {@link #whitened} to {@link #force}. */
  List<Launch> forward() {
    List<Launch> launches = new ArrayList<>();
    read(launches, whitened, network.input());
    launches.addAll(network.forward());
    write(launches, network.output(), force);
    return launches;
  }

  /** From {@link #forceGradient} to the gradient of the network's parameters. */
  List<Launch> backward() {
    List<Launch> launches = new ArrayList<>();
    launches.add(new ModeAffine(scratch, forceGradient, gain, new float[sites], LANES, layout.blocks()));
    launches.addAll(transform.inverse(scratch, field));
    launches.add(new ToSamples(field, network.outputGradient(), sites, 1, 0));
    launches.addAll(network.backward());
    return launches;
  }

  /** Once after {@link #forward}, before any number of {@link #differentiate}. */
  List<Launch> prepareDerivatives() {
    return tangents().prepare();
  }

  /** From {@link #direction} to {@link #derivative}. */
  List<Launch> differentiate() {
    List<Launch> launches = new ArrayList<>();
    read(launches, direction, tangents().input());
    launches.addAll(tangents().launches());
    write(launches, tangents().output(), derivative);
    return launches;
  }

  private LatticeNetwork.Tangents tangents() {
    if (tangents == null) {
      tangents = network.tangents();
    }
    return tangents;
  }

  /** Modes to the two fields that the network reads; linear, hence also for directions. */
  private void read(List<Launch> launches, float[] modes, float[] input) {
    launches.add(new ModeProduct(scratch, correlation, modes, wiener, LANES, layout.blocks()));
    launches.addAll(transform.inverse(modes, field));
    launches.addAll(transform.inverse(scratch, estimate));
    launches.add(new ToSamples(field, input, sites, 2, 0));
    launches.add(new ToSamples(estimate, input, sites, 2, 1));
  }

  /** The network's field to modes of the force. */
  private void write(List<Launch> launches, float[] output, float[] modes) {
    launches.add(new FromSamples(output, scratch, sites));
    launches.addAll(transform.forward(scratch, modes));
    launches.add(new ModeScale(modes, gain, sites, LANES));
  }
}
