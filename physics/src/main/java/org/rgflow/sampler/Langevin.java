package org.rgflow.sampler;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.FieldKernels;
import org.rgflow.launch.AddScaled;
import org.rgflow.launch.CountOutside;
import org.rgflow.launch.Decide;
import org.rgflow.launch.Hamiltonian;
import org.rgflow.launch.Kick;
import org.rgflow.launch.KickDrift;
import org.rgflow.launch.Normals;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.launch.QuarticFlow;
import org.rgflow.launch.Select;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;

/**
 * Langevin dynamics dφ = −S'(φ) dt + √2 dW, whose stationary density is e^(−S) (Parisi &amp; Wu 1981),
 * by one of three {@linkplain Scheme schemes} with a fixed step ε. An update makes several steps.
 *
 * <p>Tuning: {@code stepSize}, the step ε; adapted by {@link Scheme#MALA} only, for there the step is no
 * matter of accuracy.
 */
public final class Langevin extends FieldChain {
  private static final String STEP_SIZE = "stepSize";
  private static final int DECISION_STREAMS = 0x800;
  private static final int MAX_STEPS = 0x800;
  private static final double MALA_ACCEPTANCE = 0.574;
  /** A field this many times larger than the theory's own scale has left it for good. */
  private static final double EXPLODED = 100;

  /** How the equation is discretised. */
  public enum Scheme {
    /**
     * Euler–Maruyama: φ' = φ − ε S'(φ) + √(2ε) ξ. The error of expectation values is of order ε: a
     * free mode of stiffness k has variance 1/(k(1 − kε/2)) in place of 1/k, and the scheme is stable
     * only for kε &lt; 2, k up to h(8+m²). The default step has kε = 0.04 for the stiffest mode.
     */
    EULER("langevin"),
    /**
     * Strang splitting S = ½ φ M φ + R, M = h(p̂²+M²) with the Hartree mass M² of the gap equation: half
     * a step of φ̇ = −R'(φ), site by site and in closed form, a step of the Ornstein–Uhlenbeck process
     * of M, mode by mode and exact, and the other half of the first. The error of expectation values is
     * of order ε², and vanishes for a free field; no step is unstable. The default step is 0.1 in units
     * of 1/(M_R + h), M_R = h(M²−m²) being the mean curvature 12g⟨φ²⟩ of the quartic term.
     */
    EXPONENTIAL("langevin-exponential"),
    /**
     * Metropolis-adjusted Langevin (Roberts &amp; Tweedie 1996; Rossky, Doll &amp; Friedman 1978): the
     * Euler step as a proposal, accepted so that e^(−S) is exactly stationary. It is one leapfrog step
     * of length √(2ε) with fresh momenta. The step is tuned to the acceptance 0.574 that is optimal for
     * many degrees of freedom (Roberts &amp; Rosenthal 1998).
     */
    MALA("mala");

    private final String label;

    Scheme(String label) {
      this.label = label;
    }

    /** The name on the command line. */
    public String label() {
      return label;
    }
  }

  private final Scheme scheme;
  private final int steps;
  private final GapEquation gap;
  private final double stiffest;
  private final Program program;
  private final Session session;
  private double step;

  // EULER and MALA: {kick, drift} of a leapfrog stage. EXPONENTIAL: {e^(−ατ), q} for τ = ε/2 and ε.
  private final float[] stages = new float[4];
  private final float[] decay;
  private final float[] noise;
  private final double[] energies;
  private final int[] outside;
  private final double[] tally;
  private double tallyAtTune;
  private long updates;
  private long updatesAtTune;

  /**
   * @param field start configuration in {@code layout}, which becomes the chain's own buffer
   * @param step the step ε; 0 for the scheme's default
   * @param steps steps of an update, at most 2048; 0 for the default: 10 for MALA, else about one unit
   *     of time 1/(h(1+M²)), but at most 50 steps
   * @throws SamplerInstabilityException if an Euler step of this size cannot be stable
   * @throws IllegalArgumentException if a number is out of range, or the field does not have the
   *     layout's size
   */
  public Langevin(Scheme scheme, Phi4Action action, FieldLayout layout, float[] field, RandomStream stream,
      Device device, double step, int steps) {
    if (steps < 0 || steps > MAX_STEPS) {
      throw new IllegalArgumentException(
          scheme.label() + ": " + steps + " steps per update; must be between 1 and " + MAX_STEPS);
    }
    if (!(step >= 0) || Double.isInfinite(step)) {
      throw new IllegalArgumentException(scheme.label() + ": step size " + step + " must be positive");
    }
    this.scheme = scheme;
    super(action, layout, field, stream);
    gap = GapEquation.solve(action, layout.lattice());
    double h = action.hopping();
    energies = new LatticeModes(layout.lattice()).energies();
    double highest = 0;
    for (double p2 : energies) {
      highest = Math.max(highest, p2);
    }
    stiffest = h * (highest + gap.mass2());
    boolean modes = scheme == Scheme.EXPONENTIAL;
    decay = new float[modes ? energies.length : 0];
    noise = new float[decay.length];
    outside = new int[layout.blocks() * layout.lattice().ly()];
    tally = new double[4 * layout.paddedReplicas()];
    setStep(step > 0 ? step : defaultStep());
    this.steps = steps > 0 ? steps : scheme == Scheme.MALA ? 10
        : (int) Math.clamp(Math.ceil(1 / (h * (1 + gap.mass2()) * this.step)), 1, 50);
    program = new Program(scheme.label()).input(stream.buffer(), tally).output(tally);
    switch (scheme) {
      case EULER -> recordEuler();
      case EXPONENTIAL -> recordExponential(FourierTransforms.of(layout, device));
      case MALA -> recordMala();
    }
    session = device.open(program);
  }

  private double defaultStep() {
    double h = action.hopping();
    return switch (scheme) {
      case EULER -> 0.04 / stiffest;
      case EXPONENTIAL -> 0.1 / (h * (gap.mass2() - action.mass2() + 1));
      case MALA -> 1 / (stiffest * Math.cbrt(layout.lattice().sites()));
    };
  }

  private void setStep(double value) {
    if (scheme == Scheme.EULER && value * stiffest >= 2) {
      throw unstable(value, "modes of stiffness up to " + format(stiffest) + " need less than " + format(2 / stiffest),
          Math.min(0.5 * value, 0.5 / stiffest));
    }
    step = value;
    if (scheme != Scheme.EXPONENTIAL) {
      stages[0] = (float) Math.sqrt(0.5 * value);
      stages[1] = (float) Math.sqrt(2 * value);
      return;
    }
    double h = action.hopping();
    double alpha = h * (action.mass2() - gap.mass2());
    for (int i = 0; i < 2; i++) {
      double time = i == 0 ? 0.5 * value : value;
      stages[2 * i] = (float) Math.exp(-alpha * time);
      double lost = alpha == 0 ? 2 * time : -Math.expm1(-2 * alpha * time) / alpha;
      stages[2 * i + 1] = (float) (4 * action.quartic() * lost);
    }
    for (int mode = 0; mode < energies.length; mode++) {
      double stiffness = h * (energies[mode] + gap.mass2());
      decay[mode] = (float) Math.exp(-stiffness * value);
      noise[mode] = (float) Math.sqrt(-Math.expm1(-2 * stiffness * value) / stiffness);
    }
  }

  private void recordEuler() {
    float[] xi = new float[field.length];
    float[] other = new float[field.length];
    float[] from = field;
    float[] to = other;
    program.input(stages);
    for (int i = 0; i < steps; i++) {
      program.add(new Normals(xi, layout.blocks(), stream.buffer(), Streams.LANGEVIN + i));
      program.add(kickDrift(from, xi, to));
      float[] swap = from;
      from = to;
      to = swap;
    }
    int width = layout.lattice().lx() * layout.lanes();
    if (from != field) {
      program.add(new AddScaled(from, xi, field, new float[1], 0, width, layout.blocks()));
    }
    double valley = Math.max(0, -action.mass2()) * action.hopping();
    double scale = Math.sqrt(gap.phi2() + (valley > 0 ? valley / (4 * action.quartic()) : 0));
    program.add(new CountOutside(field, outside, (float) (EXPLODED * scale), width, layout.blocks()));
    program.output(outside);
  }

  private KickDrift kickDrift(float[] phi, float[] p, float[] moved) {
    return new KickDrift(phi, p, moved, stages, 0, (float) action.hopping(), (float) action.quadratic(),
        (float) action.quartic(), layout.lattice().lx(), layout.lattice().ly(), layout.lanes());
  }

  private void recordExponential(ModeTransform transform) {
    float[] modes = new float[field.length];
    program.input(stages, decay, noise);
    for (int i = 0; i < steps; i++) {
      program.add(new QuarticFlow(field, stages, i == 0 ? 0 : 1, layout.blocks()));
      program.addAll(transform.forward(field, modes));
      program.add(new OrnsteinUhlenbeck(modes, decay, noise, layout.lanes(), stream.buffer(), Streams.LANGEVIN + i));
      program.addAll(transform.inverse(modes, field));
    }
    program.add(new QuarticFlow(field, stages, 0, layout.blocks()));
  }

  private void recordMala() {
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    int lanes = layout.lanes();
    float h = (float) action.hopping();
    float u = (float) action.quadratic();
    float g = (float) action.quartic();
    float[] p = new float[field.length];
    float[] proposal = new float[field.length];
    double[] partial = new double[layout.blocks() * ly * FieldKernels.PARTIAL_SUMS];
    double[] before = new double[layout.blocks() * ly * lanes];
    double[] after = new double[before.length];
    int[] accepted = new int[layout.paddedReplicas()];
    program.input(stages);
    for (int i = 0; i < steps; i++) {
      program.add(new Normals(p, layout.blocks(), stream.buffer(), Streams.LANGEVIN + i));
      program.add(new Hamiltonian(field, p, partial, before, h, u, g, lx, ly, lanes));
      program.add(kickDrift(field, p, proposal));
      program.add(new Kick(proposal, p, stages, 0, h, u, g, lx, ly, lanes));
      program.add(new Hamiltonian(proposal, p, partial, after, h, u, g, lx, ly, lanes));
      program.add(new Decide(before, after, accepted, tally, stream.buffer(),
          Streams.LANGEVIN + DECISION_STREAMS + i, ly, lanes));
      program.add(new Select(field, proposal, accepted, lx, ly, lanes));
    }
  }

  @Override
  public String name() {
    return scheme.label();
  }

  public Scheme scheme() {
    return scheme;
  }

  /** The step ε. */
  public double stepSize() {
    return step;
  }

  /** Steps of an update. */
  public int steps() {
    return steps;
  }

  @Override
  Session session() {
    return session;
  }

  /**
   * {@inheritDoc}
   *
   * @throws SamplerInstabilityException if an Euler step has driven a field out of all bounds; the fields are
   *     lost then
   */
  @Override
  public void update() {
    run(program);
    for (int count : outside) {
      if (count > 0) {
        throw unstable(step, "a field has run away in update " + stream.step(), 0.5 * step);
      }
    }
    updates++;
    stream.advance();
  }

  private SamplerInstabilityException unstable(double value, String why, double smaller) {
    return new SamplerInstabilityException(String.format(Locale.ROOT,
        "%s: step size %s is unstable for %s on %s (%s); try %s", scheme.label(), format(value), action,
        layout.lattice(), why, format(smaller)));
  }

  private static String format(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }

  @Override
  public void tune() {
    if (scheme != Scheme.MALA || updates == updatesAtTune) {
      return;
    }
    double total = acceptanceSum();
    double rate = (total - tallyAtTune) / ((double) (updates - updatesAtTune) * steps * layout.paddedReplicas());
    // The slope of the acceptance in ln ε is about −2/3 at the target.
    setStep(step * Math.exp(1.5 * (rate - MALA_ACCEPTANCE)));
    tallyAtTune = total;
    updatesAtTune = updates;
  }

  private double acceptanceSum() {
    double sum = 0;
    for (int replica = 0; replica < layout.paddedReplicas(); replica++) {
      sum += tally[4 * replica];
    }
    return sum;
  }

  @Override
  public Map<String, Double> tuning() {
    return Map.of(STEP_SIZE, step);
  }

  @Override
  public void restoreTuning(Map<String, Double> tuning) {
    setStep(Tuning.positive(tuning, STEP_SIZE));
  }

  @Override
  public double acceptance() {
    if (scheme != Scheme.MALA || updates == 0) {
      return Double.NaN;
    }
    return acceptanceSum() / ((double) updates * steps * layout.paddedReplicas());
  }

  @Override
  public void resetAcceptance() {
    Arrays.fill(tally, 0);
    updates = 0;
    updatesAtTune = 0;
    tallyAtTune = 0;
  }

  /** True for MALA, and for the exponential scheme of a free field. */
  @Override
  public boolean exact() {
    return scheme == Scheme.MALA || scheme == Scheme.EXPONENTIAL && action.quartic() == 0;
  }

  @Override
  public void close() {
    session.close();
  }
}
