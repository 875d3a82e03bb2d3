package org.rgflow.flow;

import java.util.function.DoubleUnaryOperator;

/**
 * Polchinski's flow of a single mode, solved by quadrature: the density
 * P₀(φ) ∝ exp(−φ²/(2C₀) − S_int(φ)) under the Ornstein–Uhlenbeck kernel φ_t = K φ₀ + √(C₀K(1−K)) ξ,
 * with K falling from 1. At every K the density keeps the form
 *
 * <pre>
 *   P_t(φ) ∝ exp(−φ²/(2C_t) − S_t(φ)),   C_t = K C₀,
 *   e^(−S_t) = N(0, C₀−C_t) ∗ e^(−S_int)   (Polchinski 1984; Cotler &amp; Rezchikov, 2202.11737 §3)
 *   ∂S_t/∂C = ½ (S_t'² − S_t'')            (the same in differential form)
 * </pre>
 *
 * It is the exact reference for everything that the lattice flows do mode by mode, and for the
 * identities on entropy and relative entropy.
 *
 * <p>Quadrature: the trapezoidal rule on analytic integrands that have fallen below e^(−60) at the
 * ends, with a third of the narrowest width of the integrand as step; its error is below the rounding
 * error. Cost of a {@link Density}: about 10⁵ to 10⁶ exponentials.
 */
public final class OneModeFlow {
  /** Integrands are cut where they are e^(−60) of their maximum. */
  private static final double RANGE = 60;
  /** Points on either side of zero at which the largest integrand is looked for. */
  private static final int SCAN = 32;

  private final double covariance;
  private final Interaction1D interaction;

  /**
   * @param covariance C₀ &gt; 0
   * @throws IllegalArgumentException if C₀ is not positive or P₀ cannot be normalised
   */
  public OneModeFlow(double covariance, Interaction1D interaction) {
    if (!(covariance > 0) || Double.isInfinite(covariance)) {
      throw new IllegalArgumentException("the reference covariance must be positive and finite, not " + covariance);
    }
    if (interaction.quartic() == 0 && 0.5 / covariance + interaction.quadratic() <= 0) {
      throw new IllegalArgumentException(
          "1/(2C) + a = " + (0.5 / covariance + interaction.quadratic())
          + " without φ⁴ term: the density cannot be normalised");
    }
    this.covariance = covariance;
    this.interaction = interaction;
  }

  /** C₀. */
  public double referenceCovariance() {
    return covariance;
  }

  public Interaction1D interaction() {
    return interaction;
  }

  /**
   * The density at cutoff K.
   *
   * @param cutoff 0 &lt; K ≤ 1
   * @throws IllegalArgumentException if K is outside
   */
  public Density at(double cutoff) {
    return new Density(cutoff);
  }

  /**
   * ∂S/∂C − ½(S'² − S''), which vanishes for the exact flow. The derivative by C is taken as an
   * eighth-order difference of {@link Density#effectiveAction} in C, the others are averages over the
   * convolution, so that the two sides are computed independently; they agree to about 1e-11.
   *
   * @param cutoff 0 &lt; K &lt; 1
   */
  public double polchinskiResidual(double phi, double cutoff) {
    double step = 0.02 * Math.min(cutoff, 1 - cutoff);
    double[] weights = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
    double slope = 0;
    for (int j = 1; j <= weights.length; j++) {
      slope += weights[j - 1]
          * (average(phi, cutoff + j * step).action - average(phi, cutoff - j * step).action);
    }
    Average here = average(phi, cutoff);
    return slope / (step * covariance) - 0.5 * (here.force * here.force - here.curvature());
  }

  /** Averages over φ + y, y ~ N(0, V), V = C₀(1 − K), weighted with e^(−S_int(φ+y)): the law of φ₀ given φ_t = φ. */
  private record Average(double action, double mean, double force, double forceSquare, double second) {
    double curvature() {
      return second - (forceSquare - force * force);
    }
  }

  private Average average(double phi, double cutoff) {
    double variance = covariance * (1 - cutoff);
    if (variance == 0) {
      double force = interaction.derivative(phi);
      return new Average(interaction.value(phi), phi, force, force * force, interaction.secondDerivative(phi));
    }
    double low;
    double high;
    if (interaction.quartic() > 0) {
      double a = interaction.quadratic();
      double b = interaction.quartic();
      double reach = Math.abs(phi) + Math.sqrt(Math.max(0, -a / (2 * b)));
      double bound = Double.POSITIVE_INFINITY;
      for (int i = -SCAN; i <= SCAN; i++) {
        bound = Math.min(bound, exponent(reach * i / SCAN, phi, variance));
      }
      // Where the exponent is below bound + RANGE, both of its terms are.
      double spread = Math.sqrt(2 * variance * (bound + RANGE - interaction.minimum()));
      double wall = Math.sqrt((Math.sqrt(a * a + 4 * b * (bound + RANGE)) - a) / (2 * b));
      low = Math.max(phi - spread, -wall);
      high = Math.min(phi + spread, wall);
    } else {
      double stiffness = 1 / variance + 2 * interaction.quadratic();
      double spread = Math.sqrt(2 * RANGE / stiffness);
      low = phi / (variance * stiffness) - spread;
      high = low + 2 * spread;
    }
    double far = Math.max(-low, high);
    double step = 1 / (3 * Math.sqrt(1 / variance + Math.max(0, interaction.secondDerivative(far))));
    int points = (int) Math.ceil((high - low) / step) + 1;
    step = (high - low) / (points - 1);
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < points; i++) {
      lowest = Math.min(lowest, exponent(low + i * step, phi, variance));
    }
    double weight = 0;
    double mean = 0;
    double force = 0;
    double forceSquare = 0;
    double second = 0;
    for (int i = 0; i < points; i++) {
      double x = low + i * step;
      double w = Math.exp(lowest - exponent(x, phi, variance));
      double f = interaction.derivative(x);
      weight += w;
      mean += w * x;
      force += w * f;
      forceSquare += w * f * f;
      second += w * interaction.secondDerivative(x);
    }
    double action = lowest - Math.log(weight * step / Math.sqrt(2 * Math.PI * variance));
    return new Average(action, mean / weight, force / weight, forceSquare / weight, second / weight);
  }

  private double exponent(double x, double phi, double variance) {
    double distance = x - phi;
    return distance * distance / (2 * variance) + interaction.value(x);
  }

  /** P_t at one cutoff K, tabulated on a uniform grid on which all expectations are trapezoidal sums. */
  public final class Density {
    private final double cutoff;
    private final double running;
    private final double first;
    private final double step;
    private final double[] weight;
    private final double[] action;
    private final double[] force;
    private final double logNormalisation;

    private Density(double cutoff) {
      if (!(cutoff > 0 && cutoff <= 1)) {
        throw new IllegalArgumentException("the cutoff K must be in (0, 1], not " + cutoff);
      }
      this.cutoff = cutoff;
      this.running = cutoff * covariance;
      double a = interaction.quadratic();
      double b = interaction.quartic();
      double half = b > 0
          ? Math.sqrt(2 * running * (RANGE + average(0, cutoff).action - interaction.minimum()))
          : Math.sqrt(2 * RANGE * (cutoff * cutoff / (1 / covariance + 2 * a) + noiseVariance()));
      // The narrowest width of P₀ where it is above e^(−60), carried along by the kernel.
      double narrowest = 1 / (1 / covariance + 2 * Math.abs(a) + 12 * Math.sqrt(RANGE * b) + 12 * Math.abs(a));
      double width = Math.sqrt(cutoff * cutoff * narrowest + noiseVariance());
      int points = 2 * (int) Math.ceil(3 * half / width) + 1;
      this.step = 2 * half / (points - 1);
      this.first = -half;
      this.action = new double[points];
      this.force = new double[points];
      this.weight = new double[points];
      double lowest = Double.POSITIVE_INFINITY;
      for (int i = 0; i < points; i++) {
        Average average = average(position(i), cutoff);
        action[i] = average.action;
        force[i] = average.force;
        weight[i] = gaussian(position(i)) + average.action;
        lowest = Math.min(lowest, weight[i]);
      }
      double total = 0;
      for (int i = 0; i < points; i++) {
        weight[i] = Math.exp(lowest - weight[i]);
        total += weight[i];
      }
      for (int i = 0; i < points; i++) {
        weight[i] /= total;
      }
      logNormalisation = Math.log(total * step) - lowest;
    }

    private double position(int i) {
      return first + i * step;
    }

    private double gaussian(double phi) {
      return phi * phi / (2 * running);
    }

    /** K. */
    public double cutoff() {
      return cutoff;
    }

    /** C_t = K C₀. */
    public double covariance() {
      return running;
    }

    /** The variance n = C₀K(1−K) of φ_t given φ₀. */
    public double noiseVariance() {
      return running * (1 - cutoff);
    }

    /** S_t(φ) = −ln (N(0, C₀−C_t) ∗ e^(−S_int))(φ). */
    public double effectiveAction(double phi) {
      return average(phi, cutoff).action;
    }

    /** S_t'(φ) = E[S_int'(φ₀) | φ_t = φ]. */
    public double effectiveForce(double phi) {
      return average(phi, cutoff).force;
    }

    /** S_t''(φ) = E[S_int''(φ₀) | φ] − Var[S_int'(φ₀) | φ]. */
    public double effectiveCurvature(double phi) {
      return average(phi, cutoff).curvature();
    }

    /** E[φ₀ | φ_t = φ], by integration; Tweedie's formula says it is φ − (C₀−C_t) S_t'(φ). */
    public double posteriorMean(double phi) {
      return average(phi, cutoff).mean;
    }

    /** ln P_t(φ), normalised. */
    public double logDensity(double phi) {
      return -gaussian(phi) - average(phi, cutoff).action - logNormalisation;
    }

    /** ∂ ln P_t(φ) = −φ/C_t − S_t'(φ). */
    public double score(double phi) {
      return -phi / running - average(phi, cutoff).force;
    }

    /** ln (Z_t/√(2πC_t)), Z_t = ∫ exp(−φ²/(2C_t) − S_t) dφ: the same at every K. */
    public double logPartitionRatio() {
      return logNormalisation - 0.5 * Math.log(2 * Math.PI * running);
    }

    /** E[f(φ)] of a smooth f that grows at most like a power. */
    public double expectation(DoubleUnaryOperator f) {
      double sum = 0;
      for (int i = 0; i < weight.length; i++) {
        sum += weight[i] * f.applyAsDouble(position(i));
      }
      return sum;
    }

    /** E[φ^n]. */
    public double moment(int n) {
      return expectation(phi -> Math.pow(phi, n));
    }

    /** Var φ_t, the full propagator G_t. */
    public double variance() {
      return moment(2);
    }

    /** κ₄ = E[φ⁴] − 3E[φ²]². */
    public double fourthCumulant() {
      double square = moment(2);
      return moment(4) - 3 * square * square;
    }

    /** The preserved (G_t − C_t)/K². */
    public double propagatorInvariant() {
      return (variance() - running) / (cutoff * cutoff);
    }

    /** The preserved κ₄/K⁴. */
    public double fourthCumulantInvariant() {
      return fourthCumulant() / (cutoff * cutoff * cutoff * cutoff);
    }

    /** −∫ P ln P. */
    public double entropy() {
      double sum = 0;
      for (int i = 0; i < weight.length; i++) {
        sum += weight[i] * (gaussian(position(i)) + action[i]);
      }
      return sum + logNormalisation;
    }

    /** E[(∂ ln P)²]. */
    public double fisherInformation() {
      double sum = 0;
      for (int i = 0; i < weight.length; i++) {
        double score = position(i) / running + force[i];
        sum += weight[i] * score * score;
      }
      return sum;
    }

    /** KL(P_t ‖ N(0, variance)). */
    public double relativeEntropy(double variance) {
      return variance() / (2 * variance) + 0.5 * Math.log(2 * Math.PI * variance) - entropy();
    }

    /** E_P[(∂ ln (P_t/N(0, variance)))²]. */
    public double relativeFisherInformation(double variance) {
      double sum = 0;
      for (int i = 0; i < weight.length; i++) {
        double score = position(i) / variance - position(i) / running - force[i];
        sum += weight[i] * score * score;
      }
      return sum;
    }
  }
}
