package org.rgflow.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.rgflow.device.Device;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.Decide;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.ModeScale;
import org.rgflow.launch.Normals;
import org.rgflow.launch.Select;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;

/**
 * Hybrid (Hamiltonian) Monte Carlo: momenta p ~ N(0, M), molecular dynamics of H = S + ½ p M⁻¹ p by a
 * reversible symplectic {@link Integrator}, and a Metropolis decision on ΔH (Duane, Kennedy, Pendleton
 * &amp; Roweth, Phys. Lett. B 195 (1987) 216). With Fourier acceleration M(p) = h(p̂² + m²), so that all
 * modes of a nearly free field move at the same rate (Batrouni et al., Phys. Rev. D 32 (1985) 2736).
 *
 * <p>One update is one trajectory of every replica, recorded as one program: momenta, energy, one
 * fused kick-and-drift per stage, energy, decision. Energies accumulate in double.
 */
public final class Hmc extends FieldChain {
  /** Most integrator steps in a trajectory. */
  public static final int MAX_STEPS = 1000;

  private final Device device;
  private final HmcOptions options;

  private final float[] momenta;
  private final float[][] moved = new float[2][];
  private final double[] partial;
  private final double[] before;
  private final double[] after;
  private final int[] accepted;
  private final double[] tally;
  private final float[] stages;

  private double stepSize;
  private int steps;
  private Program program;
  private Session session;

  private long proposals;
  private long windowProposals;
  private double windowStart;
  private int tunings;

  /**
   * @param field start configuration in {@code layout}, which becomes the chain's own buffer
   * @throws IllegalArgumentException if {@code field} does not have the layout's size
   */
  public Hmc(
      Phi4Action action, FieldLayout layout, float[] field, RandomStream stream, Device device, HmcOptions options) {
    super(action, layout, field, stream);
    this.device = device;
    this.options = options;
    Lattice lattice = layout.lattice();
    int rows = layout.blocks() * lattice.ly();
    momenta = new float[field.length];
    moved[0] = new float[field.length];
    moved[1] = new float[field.length];
    partial = new double[rows * FieldKernels.PARTIAL_SUMS];
    before = new double[rows * layout.lanes()];
    after = new double[rows * layout.lanes()];
    accepted = new int[layout.paddedReplicas()];
    tally = new double[4 * accepted.length];
    stages = new float[2 * options.integrator().stagesPerStep() * MAX_STEPS + 1];
    steps = options.steps();
    stepSize = options.trajectoryLength() / steps;
    record();
  }

  private void record() {
    if (session != null) {
      field();
      session.close();
    }
    float h = (float) action.hopping();
    float u = (float) action.quadratic();
    float g = (float) action.quartic();
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    int lanes = layout.lanes();
    int total = options.integrator().stagesPerStep() * steps;
    program = new Program("HMC trajectory").input(stream.buffer(), stages, tally).output(tally);
    program.add(new Normals(momenta, layout.blocks(), stream.buffer(), Streams.MOMENTA));
    program.add(new Hamiltonian(field, momenta, partial, before, h, u, g, lx, ly, lanes));
    float[] from = field;
    if (options.accelerationMass2().isPresent()) {
      ModeTransform transform = FourierTransforms.of(layout, device);
      float[] modes = new float[field.length];
      float[] velocity = new float[field.length];
      float[] massRoot = massRoots(+0.5);
      float[] inverseRoot = massRoots(-0.5);
      float[] inverse = massRoots(-1);
      program.addAll(multiply(transform, momenta, modes, massRoot, momenta));
      for (int s = 0; s < total; s++) {
        program.add(new Kick(from, momenta, stages, s, h, u, g, lx, ly, lanes));
        program.addAll(multiply(transform, momenta, modes, inverse, velocity));
        program.add(new AddScaled(from, velocity, moved[s % 2], stages, 2 * s + 1, lx * lanes, layout.blocks()));
        from = moved[s % 2];
      }
      program.add(new Kick(from, momenta, stages, total, h, u, g, lx, ly, lanes));
      // ½ p M⁻¹ p = ½ |M^(−½) p|²
      program.addAll(multiply(transform, momenta, modes, inverseRoot, velocity));
      program.add(new Hamiltonian(from, velocity, partial, after, h, u, g, lx, ly, lanes));
    } else {
      for (int s = 0; s < total; s++) {
        program.add(new KickDrift(from, momenta, moved[s % 2], stages, s, h, u, g, lx, ly, lanes));
        from = moved[s % 2];
      }
      program.add(new Kick(from, momenta, stages, total, h, u, g, lx, ly, lanes));
      program.add(new Hamiltonian(from, momenta, partial, after, h, u, g, lx, ly, lanes));
    }
    program.add(new Decide(before, after, accepted, tally, stream.buffer(), Streams.ACCEPT, ly, lanes));
    program.add(new Select(field, from, accepted, lx, ly, lanes));
    session = device.open(program);
  }

  private List<Launch> multiply(ModeTransform transform, float[] x, float[] modes, float[] factor, float[] result) {
    List<Launch> launches = new ArrayList<>(transform.forward(x, modes));
    launches.add(new ModeScale(modes, factor, layout.lattice().sites(), layout.lanes()));
    launches.addAll(transform.inverse(modes, result));
    return launches;
  }

  /** M^power for each mode. */
  private float[] massRoots(double power) {
    LatticeModes modes = new LatticeModes(layout.lattice());
    OptionalDouble mass2 = options.accelerationMass2();
    float[] factors = new float[layout.lattice().sites()];
    for (int k = 0; k < factors.length; k++) {
      factors[k] = (float) Math.pow(action.hopping() * (modes.energy(k) + mass2.orElseThrow()), power);
    }
    return factors;
  }

  @Override
  public String name() {
    String base = options.integrator() == Integrator.OMELYAN ? "hmc-omelyan" : "hmc";
    return options.accelerationMass2().isPresent() ? base + "-fourier" : base;
  }

  public HmcOptions options() {
    return options;
  }

  /** Integrator steps of a trajectory. */
  public int steps() {
    return steps;
  }

  /** Mean step size ε; a trajectory's own varies by the jitter. */
  public double stepSize() {
    return stepSize;
  }

  @Override
  Session session() {
    return session;
  }

  @Override
  public void update() {
    int[] s = stream.buffer();
    double u = PhiloxKernels.uniform(PhiloxKernels.word(0, -1, Streams.MOMENTA + 1, s));
    double epsilon = stepSize * (1 + options.jitter() * (2 * u - 1));
    options.integrator().stages(epsilon, steps, stages);
    run(program);
    stream.advance();
    proposals += layout.replicas();
    windowProposals += layout.replicas();
  }

  @Override
  public void tune() {
    if (windowProposals == 0) {
      return;
    }
    double rate = (sum(0) - windowStart) / windowProposals;
    windowProposals = 0;
    windowStart = sum(0);
    tunings++;
    // Robbins–Monro on ln ε with a gain that falls with the number of tunings.
    double gain = 2 / Math.sqrt(tunings);
    double wanted = stepSize * Math.exp(Math.clamp(gain * (rate - options.targetAcceptance()), -0.7, 0.7));
    // The step size is free and the number of steps its nearest partner, so τ is kept to half a step.
    int number = (int) Math.clamp(Math.rint(options.trajectoryLength() / wanted), 1, MAX_STEPS);
    stepSize = wanted;
    if (number != steps) {
      steps = number;
      record();
    }
  }

  @Override
  public Map<String, Double> tuning() {
    return Map.of("stepSize", stepSize, "steps", (double) steps);
  }

  @Override
  public void restoreTuning(Map<String, Double> tuning) {
    Double size = tuning.get("stepSize");
    Double number = tuning.get("steps");
    if (size == null || number == null || !(size > 0) || Double.isInfinite(size)
        || !(number >= 1 && number <= MAX_STEPS) || number != Math.rint(number)) {
      throw new IllegalArgumentException("HMC needs a stepSize > 0 and 1 to " + MAX_STEPS + " steps, not " + tuning);
    }
    stepSize = size;
    steps = number.intValue();
    record();
  }

  @Override
  public double acceptance() {
    return proposals == 0 ? Double.NaN : sum(0) / proposals;
  }

  /** Mean of e^(−ΔH) since the last reset, which is 1 for an exact chain; unreliable once energies overflow. */
  public double meanBoltzmannWeight() {
    return proposals == 0 ? Double.NaN : sum(1) / proposals;
  }

  /** Trajectories since the last reset whose energy was not finite: the integrator was unstable. */
  public long unstableTrajectories() {
    return (long) sum(3);
  }

  /** ΔH of the last trajectory of a replica. */
  public double lastEnergyChange(int replica) {
    session.download(before);
    session.download(after);
    int lanes = layout.lanes();
    double delta = 0;
    for (int y = 0; y < layout.lattice().ly(); y++) {
      int at = (replica / lanes * layout.lattice().ly() + y) * lanes + replica % lanes;
      delta += after[at] - before[at];
    }
    return delta;
  }

  private double sum(int which) {
    double sum = 0;
    for (int replica = 0; replica < layout.replicas(); replica++) {
      sum += tally[4 * replica + which];
    }
    return sum;
  }

  @Override
  public void resetAcceptance() {
    Arrays.fill(tally, 0);
    proposals = 0;
    windowProposals = 0;
    windowStart = 0;
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
