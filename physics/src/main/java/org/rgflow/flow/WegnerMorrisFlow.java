package org.rgflow.flow;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.launch.FlowCorrection;
import org.rgflow.launch.FlowDrift;
import org.rgflow.launch.OrnsteinUhlenbeck;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.spectral.Regulators;

/**
 * The Wegner–Morris exact RG with any seed action as a nonlinear Langevin equation (F. Wegner 1974;
 * T. Morris 1995; Cotler &amp; Rezchikov, 2202.11737):
 *
 * <pre>  dφ = −B δŜ/δφ dt + √B dη,   B = −∂_t C,   Ŝ = ½ φ C_Λ⁻¹ φ + V[φ].</pre>
 *
 * <p><b>Time.</b> What happens between two scales does not depend on how the way is parametrised, only
 * on C: each mode's clock is its own C, and B dt = −dC. An {@link #advance} is cut into equal steps of
 * τ = 1/Λ², which is finite (0) at the bare field, and a step from scale s to u uses the exact increment
 * ∫B dt = ΔC = C_s − C_u of every mode, with r = C_u/C_s:
 *
 * <pre>
 * EULER_MARUYAMA   φ_u = r φ_s − ΔC V'(φ_s) + √ΔC ξ                             (r = 1 − ΔC C_s⁻¹)
 * STOCHASTIC_HEUN  φ_u = φ_s − ½ΔC (C_s⁻¹φ_s + V'(φ_s) + C_u⁻¹φ* + V'(φ*)) + √ΔC ξ,  φ* from Euler–Maruyama
 * EXPONENTIAL      φ* = r φ_s − w V'(φ_s) + √(C_u(1−r)) ξ,   w = C_u ln(1/r) = ∫ (C_u/C) dC
 *                  φ_u = φ* − ½w (V'(φ*) − V'(φ_s))
 * </pre>
 *
 * with weak orders 1, 2 and 2 in the length of the steps; EXPONENTIAL with V = 0 is Polchinski's exact
 * kernel. (S. M. Cox &amp; P. C. Matthews, J. Comput. Phys. 176 (2002) 430 for exponential time
 * differencing; P. Kloeden &amp; E. Platen, Numerical Solution of SDEs, ch. 14, for weak orders.)
 *
 * <p><b>Coupled runs.</b> A flow of noise refinement 2 assembles the noise of every step from two
 * draws, those that a flow of refinement 1 and twice the number of steps makes from the same stream: the
 * two follow the same path of the Wiener process, and the difference of their results is the step-size
 * error with little noise, which is what {@link FlowMeasurement} extrapolates.
 *
 * <p><b>Instability.</b> An explicit integrator explodes when ΔC V'' exceeds about 2; Heun's also when
 * C falls by more than a factor 5 in one step, which is refused. After every advance the fields are checked: a value
 * that is not finite, or a mean square above {@value #EXPLOSION} times the sum of what it was and of the free variance,
 * is reported as {@link FlowInstabilityException}.
 */
public final class WegnerMorrisFlow implements Flow {
  /** Growth of the mean square in one advance that counts as an explosion. */
  static final double EXPLOSION = 1e4;
  /** ln(C_s/C_u) = ln 5, at which Heun's factor on the noise, 1 − ½(C_s/C_u − 1), reaches −1. */
  private static final double HEUN_LIMIT = Math.log(5);

  private final FieldLayout layout;
  private final RunningCovariance covariance;
  private final SeedAction seedAction;
  private final FlowIntegrator integrator;
  private final int steps;
  private final int refinement;
  private final RandomStream stream;
  private final ModeRows rows;
  private final ModeSchedule schedule;
  private final Interval interval;
  private final double[] work;
  private final double freeVariance;

  private final float[] field;
  private final float[] drawDecay;
  private final float[] drawNoise;
  private final float[] decay;
  private final float[] weight;
  private final float[] keep;
  private final float[] past;
  private final float[] correctionWeight;
  private final Program load;
  private final Program draw;
  private final Program step;
  private final Program store;
  private final Session session;

  /**
   * A flow with one draw of noise per step.
   *
   * @param transform the modes, with the layout of the fields
   * @param covariance C_Λ
   * @param steps steps of every {@link #advance}, at least 1
   * @param stream seed and position of the noise
   */
  public WegnerMorrisFlow(
      Device device, ModeTransform transform, RunningCovariance covariance, SeedAction seedAction,
      FlowIntegrator integrator, int steps, RandomStream stream) {
    this(device, transform, covariance, seedAction, integrator, steps, 1, stream);
  }

  /**
   * @param steps steps of every {@link #advance}, at least 1
   * @param refinement draws of noise per step, at least 1; see the class comment
   * @throws IllegalArgumentException if a number is not positive, or the regulator has no finite B and
   *     the integrator needs one
   */
  public WegnerMorrisFlow(
      Device device, ModeTransform transform, RunningCovariance covariance, SeedAction seedAction,
      FlowIntegrator integrator, int steps, int refinement, RandomStream stream) {
    if (steps < 1 || refinement < 1) {
      throw new IllegalArgumentException(
          "a flow needs at least one step and one draw per step, not " + steps + " and " + refinement);
    }
    if (covariance.regulator() instanceof Regulators.Sharp && integrator != FlowIntegrator.EXPONENTIAL) {
      throw new IllegalArgumentException("the sharp regulator switches modes off at an instant, which "
          + integrator.label() + " cannot integrate; use the exponential integrator, the polchinski scheme, or litim");
    }
    this.layout = transform.layout();
    this.covariance = covariance;
    this.seedAction = seedAction;
    this.integrator = integrator;
    this.steps = steps;
    this.refinement = refinement;
    this.stream = stream;
    this.rows = new ModeRows(layout.lattice());
    this.schedule = covariance.schedule(rows.momentum2());
    this.interval = new Interval();
    this.work = new double[rows.pairs()];
    double sum = 0;
    for (int k = 0; k < rows.pairs(); k++) {
      sum = Math.max(sum, covariance.bare(rows.momentum2()[k]));
    }
    this.freeVariance = sum;

    int modes = rows.modes();
    int lanes = layout.lanes();
    field = new float[layout.size()];
    drawDecay = new float[modes];
    drawNoise = new float[modes];
    decay = new float[modes];
    weight = new float[modes];
    keep = new float[modes];
    past = new float[modes];
    Arrays.fill(keep, 1);
    correctionWeight = new float[modes];
    boolean interacting = seedAction.interacting();
    boolean corrected = integrator == FlowIntegrator.STOCHASTIC_HEUN
        || integrator == FlowIntegrator.EXPONENTIAL && interacting;
    float[] x = new float[layout.size()];
    float[] noise = new float[layout.size()];
    float[] before = new float[layout.size()];
    float[] predicted = corrected ? new float[layout.size()] : x;
    float[] after = corrected && interacting ? new float[layout.size()] : before;

    load = new Program("wegner-morris load").input(field).addAll(transform.forward(field, x));
    draw = new Program("wegner-morris noise")
        .input(drawDecay, drawNoise, stream.buffer())
        .add(new OrnsteinUhlenbeck(noise, drawDecay, drawNoise, lanes, stream.buffer(), Streams.FLOW));
    step = new Program("wegner-morris step").input(decay, weight);
    float[] sites = interacting ? new float[layout.size()] : null;
    float[] siteForce = interacting ? new float[layout.size()] : null;
    if (interacting) {
      recordForce(transform, x, sites, siteForce, before);
    }
    step.add(new FlowDrift(x, before, noise, predicted, decay, weight, modes, lanes));
    if (corrected) {
      if (interacting) {
        recordForce(transform, predicted, sites, siteForce, after);
      }
      step.input(keep, past, correctionWeight)
          .add(new FlowCorrection(x, predicted, before, after, keep, past, correctionWeight, modes, lanes));
    }
    store = new Program("wegner-morris store").addAll(transform.inverse(x, field)).output(field);
    session = device.open(load, draw, step, store);
  }

  private void recordForce(ModeTransform transform, float[] modes, float[] sites, float[] siteForce, float[] force) {
    step.addAll(transform.inverse(modes, sites))
        .addAll(seedAction.force(layout, covariance.factor(), sites, siteForce))
        .addAll(transform.forward(siteForce, force));
  }

  @Override
  public String name() {
    return "wegner-morris";
  }

  public RunningCovariance covariance() {
    return covariance;
  }

  public SeedAction seedAction() {
    return seedAction;
  }

  public FlowIntegrator integrator() {
    return integrator;
  }

  public int steps() {
    return steps;
  }

  @Override
  public FieldLayout layout() {
    return layout;
  }

  @Override
  public float[] field() {
    return field;
  }

  @Override
  public RandomStream stream() {
    return stream;
  }

  @Override
  public void advance(double from, double to) {
    Scales.requireDescending(from, to);
    double meanSquare = meanSquare();
    session.run(load);
    double tau = 1 / (from * from);
    double length = (1 / (to * to) - tau) / steps;
    for (int s = 0; s < steps; s++) {
      double begin = s == 0 ? from : Math.sqrt(1 / (tau + s * length));
      double end = s == steps - 1 ? to : Math.sqrt(1 / (tau + (s + 1) * length));
      for (int part = 0; part < refinement; part++) {
        double partBegin = part == 0 ? begin : Math.sqrt(1 / (tau + (s + (double) part / refinement) * length));
        double partEnd = part == refinement - 1
            ? end : Math.sqrt(1 / (tau + (s + (part + 1.0) / refinement) * length));
        setDraw(partBegin, partEnd, part);
        session.run(draw);
        stream.advance();
      }
      setStep(begin, end);
      session.run(step);
    }
    session.run(store);
    requireStable(meanSquare, from, to);
  }

  /** C_s, C_u, ln(C_s/C_u), 1 − C_u/C_s and C_u/C_s of every frequency pair for a step between two scales. */
  private final class Interval {
    private final double[] logFrom = new double[rows.pairs()];
    private final double[] logTo = new double[rows.pairs()];
    private final double[] covarianceFrom = new double[rows.pairs()];
    private final double[] covarianceTo = new double[rows.pairs()];
    private final double[] loss = new double[rows.pairs()];
    private final double[] lost = new double[rows.pairs()];
    private final double[] survived = new double[rows.pairs()];
    private double from = Double.NaN;
    private double to = Double.NaN;

    void set(double newFrom, double newTo) {
      if (newFrom == from && newTo == to) {
        return;
      }
      if (newFrom == to) {
        System.arraycopy(logTo, 0, logFrom, 0, logTo.length);
        System.arraycopy(covarianceTo, 0, covarianceFrom, 0, logTo.length);
      } else {
        evaluate(newFrom, logFrom, covarianceFrom);
      }
      evaluate(newTo, logTo, covarianceTo);
      from = newFrom;
      to = newTo;
      for (int k = 0; k < loss.length; k++) {
        // Infinite for a mode that is gone.
        loss[k] = logTo[k] == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : Math.max(0, logFrom[k] - logTo[k]);
        lost[k] = -Math.expm1(-loss[k]);
        survived[k] = covarianceTo[k] == 0 ? 0 : covarianceTo[k] / covarianceFrom[k];
      }
    }

    private void evaluate(double scale, double[] log, double[] covariance) {
      for (int k = 0; k < log.length; k++) {
        log[k] = schedule.regulator().logValue(schedule.energy(k), scale * scale);
        covariance[k] = schedule.referenceCovariance(k) * Math.exp(log[k]);
      }
    }
  }

  /** Noise of one part of a step; EXPONENTIAL's earlier parts decay over the later ones. */
  private void setDraw(double from, double to, int part) {
    interval.set(from, to);
    boolean exact = integrator == FlowIntegrator.EXPONENTIAL;
    if (refinement > 1) {
      for (int k = 0; k < work.length; k++) {
        work[k] = part == 0 ? 0 : exact ? interval.survived[k] : 1;
      }
      rows.spread(work, drawDecay);
    }
    double[] scale = exact ? interval.covarianceTo : interval.covarianceFrom;
    for (int k = 0; k < work.length; k++) {
      work[k] = Math.sqrt(scale[k] * interval.lost[k]);
    }
    rows.spread(work, drawNoise);
  }

  private void setStep(double from, double to) {
    interval.set(from, to);
    rows.spread(interval.survived, decay);
    if (integrator == FlowIntegrator.STOCHASTIC_HEUN) {
      setHeun(from, to);
    }
    if (!seedAction.interacting()) {
      return;
    }
    for (int k = 0; k < work.length; k++) {
      double exponential = interval.covarianceTo[k] == 0 ? 0 : interval.covarianceTo[k] * interval.loss[k];
      work[k] = integrator == FlowIntegrator.EXPONENTIAL ? exponential : interval.covarianceFrom[k] * interval.lost[k];
    }
    rows.spread(work, weight);
    for (int k = 0; k < work.length; k++) {
      work[k] *= 0.5;
    }
    rows.spread(work, correctionWeight);
  }

  private void setHeun(double from, double to) {
    int worst = 0;
    for (int k = 0; k < work.length; k++) {
      boolean alive = interval.covarianceFrom[k] > 0;
      if (alive && (interval.covarianceFrom[worst] == 0 || interval.loss[k] > interval.loss[worst])) {
        worst = k;
      }
      work[k] = alive ? 1 - 0.5 * Math.expm1(interval.loss[k]) : 1;
    }
    if (interval.covarianceFrom[worst] > 0 && interval.loss[worst] > HEUN_LIMIT) {
      throw new FlowInstabilityException(tooLongForHeun(worst, from, to));
    }
    rows.spread(work, keep);
    for (int k = 0; k < work.length; k++) {
      work[k] = interval.covarianceFrom[k] > 0 ? 0.5 * interval.lost[k] : 0;
    }
    rows.spread(work, past);
  }

  private String tooLongForHeun(int k, double from, double to) {
    String what = String.format(Locale.ROOT,
        "wegner-morris flow: stochastic-heun is unstable with %d steps (C falls by a factor %.3g at p2 = %.4g between"
            + " %.4g and %.4g)",
        steps, Math.exp(interval.loss[k]), schedule.energy(k), from, to);
    return interval.covarianceTo[k] == 0
        ? what + "; where the " + covariance.regulator().label()
        + " regulator vanishes, use exponential or euler-maruyama"
        : what + "; use more steps, for instance " + (long) Math.ceil(1.5 * steps * interval.loss[k] / HEUN_LIMIT)
            + ", or the exponential integrator";
  }

  private double meanSquare() {
    double sum = 0;
    for (float value : field) {
      sum += (double) value * value;
    }
    return sum / field.length;
  }

  private void requireStable(double before, double from, double to) {
    double after = meanSquare();
    if (!(after <= EXPLOSION * (before + freeVariance))) {
      throw new FlowInstabilityException(String.format(Locale.ROOT,
          "wegner-morris flow with seed action %s became unstable between the scales %s and %s with %d %s steps "
              + "(mean square field %.3g); use more steps, for instance %d, or a weaker seed action",
          seedAction.label(), from, to, steps, integrator.label(), after, 4L * steps));
    }
  }

  /** With a free seed action the law that the integrator approximates, Polchinski's; otherwise empty. */
  @Override
  public Optional<ModeLaw> law() {
    if (seedAction.interacting()) {
      return Optional.empty();
    }
    return Optional.of(new ModeLaw() {
      @Override
      public ModeSchedule.Transition transition(double[] momentum2, double from, double to) {
        return covariance.schedule(momentum2).transition(from * from, to * to, ModeSchedule.Variable.FIELD);
      }

      @Override
      public double subtraction(double momentum2) {
        return covariance.bare(momentum2);
      }
    });
  }

  @Override
  public void close() {
    session.close();
  }
}
