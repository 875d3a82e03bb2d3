package org.rgflow.learned;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.device.JvmLaunch;
import org.rgflow.device.Launch;
import org.rgflow.kernels.VectorFieldKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
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
 * <p>All memory is planned here, that for derivatives when they are asked for. Launches run on the JVM only.
 */
final class ScoreField {
  private static final int LANES = VectorFieldKernels.LANES;
  /** The path in units of the network's time. */
  private static final float TIME = 10;

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
    device.requireAnyLaunch("a score model");
    Lattice lattice = configuration.lattice();
    path = statistics.path(lattice, configuration.action());
    layout = new FieldLayout(lattice, batch);
    network = new LatticeNetwork(configuration.shape(), batch, configuration.seed(), purpose);
    transform = FourierTransforms.of(layout);
    sites = lattice.sites();
    whitened = new float[layout.size()];
    correlation = new float[layout.size()];
    force = new float[layout.size()];
    forceGradient = new float[purpose == Purpose.TRAINING ? layout.size() : 0];
    direction = new float[purpose == Purpose.TRAINING ? 0 : layout.size()];
    derivative = new float[direction.length];
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

  /** r of one mode and field. */
  float correlation(int index) {
    return correlation[index];
  }

  /** Places one field on the path. */
  void place(int replica, double s) {
    network.times()[replica] = (float) (TIME * s);
    int at = layout.index(replica, 0);
    for (int k = 0; k < sites; k++) {
      correlation[at + k * LANES] = (float) path.correlation(k, s);
    }
  }

  /** Places all fields on the path. */
  void place(double s) {
    place(0, s);
    for (int replica = 0; replica < layout.replicas(); replica++) {
      network.times()[replica] = network.times()[0];
    }
    for (int block = 0; block < layout.blocks(); block++) {
      for (int k = 0; k < sites; k++) {
        int at = (block * sites + k) * LANES;
        Arrays.fill(correlation, at, at + LANES, correlation[k * LANES]);
      }
    }
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
    launches.add(eachMode((i, k) -> scratch[i] = gain[k] * forceGradient[i]));
    launches.addAll(transform.inverse(scratch, field));
    launches.add(eachReplica((from, to) -> network.outputGradient()[to] = field[from]));
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
    launches.add(eachMode((i, k) -> scratch[i] = wiener[k] * correlation[i] * modes[i]));
    launches.addAll(transform.inverse(modes, field));
    launches.addAll(transform.inverse(scratch, estimate));
    launches.add(eachReplica((from, to) -> {
      input[2 * to] = field[from];
      input[2 * to + 1] = estimate[from];
    }));
  }

  /** The network's field to modes of the force. */
  private void write(List<Launch> launches, float[] output, float[] modes) {
    launches.add(eachReplica((to, from) -> scratch[to] = output[from]));
    launches.addAll(transform.forward(scratch, modes));
    launches.add(eachMode((i, k) -> modes[i] *= gain[k]));
  }

  @FunctionalInterface
  private interface Pair {
    void at(int first, int second);
  }

  /** Something to do for each element of a buffer and its mode. */
  private Launch eachMode(Pair body) {
    return JvmLaunch.each(layout.blocks(), 4 * sites * LANES, block -> {
      int begin = block * sites * LANES;
      for (int i = 0; i < sites * LANES; i++) {
        body.at(begin + i, i / LANES);
      }
    });
  }

  /** Something to do for each element of a field buffer and its place in [replica][site]. */
  private Launch eachReplica(Pair body) {
    return JvmLaunch.each(layout.blocks(), 4 * sites * LANES, block -> {
      for (int lane = 0; lane < LANES; lane++) {
        for (int site = 0; site < sites; site++) {
          body.at((block * sites + site) * LANES + lane, (block * LANES + lane) * sites + site);
        }
      }
    });
  }
}
