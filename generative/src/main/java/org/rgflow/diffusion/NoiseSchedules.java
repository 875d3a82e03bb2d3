package org.rgflow.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.Regulator;
import org.rgflow.spectral.Regulators;
import org.rgflow.text.NearestName;

/**
 * The noise schedules that come with the project, all behind {@link Regulator}, so that the physics-informed
 * choice can be judged against the others. Modes are channels: {@code (colour * d + k1) * d + k2}.
 *
 * <table><caption>K is ᾱ</caption>
 * <tr><th>name</th><th>regulator K(ε, μ)</th><th>energy ε</th><th>scale μ_t</th></tr>
 * <tr><td>fermi</td><td>1/(e^((ε−μ)/T') + 1)</td><td>−cos πk₁ − cos πk₂</td><td>4 → −4, linear</td></tr>
 * <tr><td>fermi-terminal</td><td>the same</td><td>the same</td><td>linear, from log-SNR limits</td></tr>
 * <tr><td>cosine</td><td>1/(e^(−μ) + 1)</td><td>0: white</td><td>log-SNR of the cosine</td></tr>
 * <tr><td>blurring</td><td>{@link Blurring}</td><td>(π/d)² (k₁² + k₂²)</td><td>white log-SNR 10 → −10</td></tr>
 * <tr><td>linear</td><td>1/(e^(−μ) + 1)</td><td>0: white</td><td>log-SNR of linear β</td></tr>
 * <tr><td>equal-snr</td><td>1/(e^(ε−μ) + 1)</td><td>ln σ_k²</td><td>log-SNR of the cosine</td></tr>
 * </table>
 */
public final class NoiseSchedules {
  /** What {@link #named} accepts. */
  public static final List<String> NAMES = List.of("fermi", "fermi-terminal", "cosine", "linear", "blurring",
      "equal-snr");

  private NoiseSchedules() {}

  /**
   * What the Fermi schedules leave open.
   *
   * @param temperature T' &gt; 0: log-SNR differs by 4/T' between the lowest and the highest frequency
   * @param high log-SNR at which every mode begins at least, for {@code fermi-terminal}
   * @param low log-SNR at which every mode ends at most, for {@code fermi-terminal}
   */
  public record FermiShape(double temperature, double high, double low) {
    /** T' = 0.5 as published; log-SNR from 13 to −7. */
    public static final FermiShape DEFAULT = new FermiShape(0.5, 13, -7);

    /** @throws IllegalArgumentException if the temperature is not positive or the limits are in the wrong order */
    public FermiShape {
      new Regulators.Fermi(temperature);
      requireFalling(high, low);
    }
  }

  private static void requireFalling(double high, double low) {
    if (!(low < high) || Double.isInfinite(high) || Double.isInfinite(low)) {
      throw new IllegalArgumentException("the log-SNR must fall, not go from " + high + " to " + low);
    }
  }

  /** The Fermi schedule for every colour alike. */
  public static NoiseSchedule fermi(FermiSchedule schedule, int colours) {
    double[] mu = new double[schedule.steps()];
    Arrays.setAll(mu, schedule::mu);
    double[] energies = tile(schedule.side() * schedule.side(), colours, schedule::energy);
    return schedule("fermi:" + schedule.temperature() + ":" + mu[0] + ":" + mu[mu.length - 1], energies,
        new Regulators.Fermi(schedule.temperature()), mu);
  }

  /**
   * The Fermi schedule with the narrowest range of μ in which every mode begins at a log-SNR of at least
   * {@code high} and ends at no more than {@code low}: since log-SNR_k(t) = (μ_t − ε_k)/T' + ln σ_k²,
   *
   * <pre>  μ_0 = max_k (ε_k + T' (high − ln σ_k²)),   μ_(T−1) = min_k (ε_k + T' (low − ln σ_k²)).</pre>
   *
   * @param deviation σ_k, the data's standard deviation of each mode, colours × d²
   * @throws IllegalArgumentException if the limits are in the wrong order or a deviation is not positive
   */
  public static NoiseSchedule fermiBetween(
      int side, int colours, double temperature, double[] deviation, double high, double low, int steps) {
    requireFalling(high, low);
    FermiSchedule shape = new FermiSchedule(side, temperature, 1, -1, Math.max(2, steps));
    double[] energies = tile(side * side, colours, shape::energy);
    requireDeviations(deviation, energies.length);
    double first = Double.NEGATIVE_INFINITY;
    double last = Double.POSITIVE_INFINITY;
    for (int k = 0; k < energies.length; k++) {
      double logVariance = 2 * Math.log(deviation[k]);
      first = Math.max(first, energies[k] + temperature * (high - logVariance));
      last = Math.min(last, energies[k] + temperature * (low - logVariance));
    }
    return fermi(new FermiSchedule(side, temperature, first, last, steps), colours);
  }

  /**
   * White noise with the cosine schedule of Nichol &amp; Dhariwal (2102.09672, equation 17): ᾱ_t = f(t)/f(0),
   * f(t) = cos²(π/2 · (t/T + s)/(1 + s)), s = 0.008, t = 1 … T here steps 0 … T−1, and β_t ≤ 0.999, which
   * only the last step feels.
   */
  public static NoiseSchedule cosine(int modes, int steps) {
    return schedule("cosine", new double[modes], new Regulators.Fermi(1), cosineLogSnr(steps));
  }

  /**
   * White noise with DDPM's schedule (Ho, Jain &amp; Abbeel, 2006.11239): ᾱ_t = Π_(s≤t) (1 − β_s), β linear from 10⁻⁴
   * to 0.02 in 1000 steps; for another number of steps T, both ends are multiplied by 1000/T and β ≤ 0.999.
   */
  public static NoiseSchedule linear(int modes, int steps) {
    if (steps < 2) {
      throw new IllegalArgumentException("a schedule needs at least 2 steps, not " + steps);
    }
    double[] logSnr = new double[steps];
    double logAlphaBar = 0;
    for (int t = 0; t < steps; t++) {
      double beta = Math.min(0.999, 1000.0 / steps * (1e-4 + (0.02 - 1e-4) * t / (steps - 1)));
      logAlphaBar += Math.log1p(-beta);
      logSnr[t] = logAlphaBar - Math.log(-Math.expm1(logAlphaBar));
    }
    return schedule("linear", new double[modes], new Regulators.Fermi(1), logSnr);
  }

  /**
   * Noise as strong as the data in every mode: the covariance of the noise is that of the data, so that all
   * modes have the same signal-to-noise ratio at all times (EqualSNR, Falck et al., 2505.11278, equation for
   * s_t with Σ = C). For unit noise that is log ᾱ/(1−ᾱ) = μ_t − ln σ_k², a Fermi function with the energies ln σ_k²
   * and temperature 1. μ_t is the log-SNR of {@link #cosine}.
   *
   * @param deviation σ_k, the data's standard deviation of each mode
   */
  public static NoiseSchedule equalSnr(double[] deviation, int steps) {
    requireDeviations(deviation, deviation.length);
    double[] energies = new double[deviation.length];
    Arrays.setAll(energies, k -> 2 * Math.log(deviation[k]));
    return schedule("equal-snr", energies, new Regulators.Fermi(1), cosineLogSnr(steps));
  }

  /**
   * Blurring diffusion (Hoogeboom &amp; Salimans, 2209.05557); see {@link Blurring}. The paper's process does not
   * preserve the variance (x_t = a_t d_t x_0 + σ_t z); here it is taken in the variable that does, which has the same
   * signal-to-noise ratio in every mode at every time.
   *
   * @param maximumBlur σ_B at the end, in pixels; 20 in the paper, for whole images of 64 pixels and more
   */
  public static NoiseSchedule blurring(int side, int colours, double maximumBlur, int steps) {
    if (side < 1 || steps < 2) {
      throw new IllegalArgumentException("a schedule needs patches of at least 1x1 and 2 steps, not " + side
          + " and " + steps);
    }
    Blurring regulator = new Blurring(maximumBlur, 0.001, 10, -10);
    double[] energies = tile(side * side, colours, k -> {
      double unit = Math.PI / side;
      int k1 = k / side;
      int k2 = k % side;
      return unit * unit * (k1 * k1 + k2 * k2);
    });
    double[] mu = new double[steps];
    Arrays.setAll(mu, t -> regulator.scale((double) t / (steps - 1)));
    return schedule(regulator.label(), energies, regulator, mu);
  }

  /** {@link #named(String, int, int, double[], int, FermiShape)} with {@link FermiShape#DEFAULT}. */
  public static NoiseSchedule named(String name, int side, int colours, double[] deviation, int steps) {
    return named(name, side, colours, deviation, steps, FermiShape.DEFAULT);
  }

  /**
   * A schedule by its name: {@code fermi} with the published range of μ, {@code fermi-terminal} with the log-SNR of
   * every mode between the shape's limits, {@code cosine}, {@code linear}, {@code blurring} with σ_B = 20,
   * {@code equal-snr}.
   *
   * @param deviation the data's standard deviation of each mode, used by fermi-terminal and equal-snr
   * @throws IllegalArgumentException with a suggestion if there is none of that name
   */
  public static NoiseSchedule named(
      String name, int side, int colours, double[] deviation, int steps, FermiShape shape) {
    return switch (name) {
      case "fermi" -> fermi(new FermiSchedule(side, shape.temperature, 4, -4, steps), colours);
      case "fermi-terminal" ->
          fermiBetween(side, colours, shape.temperature, deviation, shape.high, shape.low, steps);
      case "cosine" -> cosine(colours * side * side, steps);
      case "linear" -> linear(colours * side * side, steps);
      case "blurring" -> blurring(side, colours, 20, steps);
      case "equal-snr" -> equalSnr(deviation, steps);
      default -> throw new IllegalArgumentException(NearestName.message("schedule", name, NAMES));
    };
  }

  /**
   * The regulator of blurring diffusion. At time τ in [0, 1] white noise has log-SNR μ = −2 ln tan θ, θ linear in τ
   * between the limits, and the image has been blurred by a Gaussian of σ_B(τ) = σ_max sin²(πτ/2) pixels, which
   * leaves d = (1 − m) e^(−ε σ_B²/2) + m of a mode with Laplace eigenvalue ε:
   *
   * <pre>  K(ε, μ) = 1/(e^(−μ)/d² + 1),   d at the τ of μ.</pre>
   *
   * @param maximumBlur σ_max in pixels, at least 0
   * @param leastScale m in (0, 1]
   * @param high μ at τ = 0
   * @param low μ at τ = 1
   */
  public record Blurring(double maximumBlur, double leastScale, double high, double low) implements Regulator {
    /** @throws IllegalArgumentException if a parameter is impossible */
    public Blurring {
      if (!(maximumBlur >= 0) || Double.isInfinite(maximumBlur) || !(leastScale > 0) || !(leastScale <= 1)
          || !(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
        throw new IllegalArgumentException("blurring: impossible parameters " + maximumBlur + ", " + leastScale
            + ", " + high + ", " + low + "; the blur must be >= 0, the least scale in (0, 1], the log-SNR fall");
      }
    }

    /** μ at time τ. */
    public double scale(double time) {
      double begin = Math.atan(Math.exp(-0.5 * high));
      double end = Math.atan(Math.exp(-0.5 * low));
      return -2 * Math.log(Math.tan(begin + time * (end - begin)));
    }

    private double time(double scale) {
      double begin = Math.atan(Math.exp(-0.5 * high));
      double end = Math.atan(Math.exp(-0.5 * low));
      return Math.clamp((Math.atan(Math.exp(-0.5 * scale)) - begin) / (end - begin), 0.0, 1.0);
    }

    private double logScaling(double energy, double time) {
      double sine = Math.sin(0.5 * Math.PI * time);
      double blur = maximumBlur * sine * sine;
      return Math.log((1 - leastScale) * Math.exp(-0.5 * energy * blur * blur) + leastScale);
    }

    @Override
    public double logValue(double energy, double scale) {
      double z = -scale - 2 * logScaling(energy, time(scale));
      return z > 0 ? -z - Math.log1p(Math.exp(-z)) : -Math.log1p(Math.exp(z));
    }

    @Override
    public double derivative(double energy, double scale) {
      double k = value(energy, scale);
      double rate = 1;
      if (scale < high && scale > low) {
        double time = time(scale);
        double sine = Math.sin(0.5 * Math.PI * time);
        double blur = maximumBlur * sine * sine;
        double width = Math.atan(Math.exp(-0.5 * low)) - Math.atan(Math.exp(-0.5 * high));
        double timeRate = -0.5 / (2 * Math.cosh(0.5 * scale)) / width;
        double blurRate = maximumBlur * Math.PI * sine * Math.cos(0.5 * Math.PI * time) * timeRate;
        double gaussian = (1 - leastScale) * Math.exp(-0.5 * energy * blur * blur);
        rate += -2 * energy * blur * blurRate * gaussian / (gaussian + leastScale);
      }
      return k * (1 - k) * rate;
    }

    @Override
    public String label() {
      return "blurring:" + maximumBlur;
    }
  }

  /** ln ᾱ/(1−ᾱ) of the cosine schedule. */
  private static double[] cosineLogSnr(int steps) {
    if (steps < 2) {
      throw new IllegalArgumentException("a schedule needs at least 2 steps, not " + steps);
    }
    double s = 0.008;
    double origin = 0.5 * Math.PI * s / (1 + s);
    double[] logSnr = new double[steps];
    double previous = 1;
    for (int t = 0; t < steps; t++) {
      double angle = 0.5 * Math.PI * ((t + 1.0) / steps + s) / (1 + s);
      double ratio = Math.cos(angle) / Math.cos(origin);
      double alphaBar = Math.max(ratio * ratio, previous * 0.001);
      // 1 − cos²a/cos²b = sin(a−b) sin(a+b)/cos²b
      double noise = alphaBar > ratio * ratio ? 1 - alphaBar
          : Math.sin(angle - origin) * Math.sin(angle + origin) / (Math.cos(origin) * Math.cos(origin));
      logSnr[t] = Math.log(alphaBar / noise);
      previous = alphaBar;
    }
    return logSnr;
  }

  private static NoiseSchedule schedule(String label, double[] energies, Regulator regulator, double[] mu) {
    double[] covariance = new double[energies.length];
    Arrays.fill(covariance, 1);
    return new NoiseSchedule(label, new ModeSchedule(covariance, energies, regulator), mu);
  }

  private static double[] tile(int perColour, int colours, IntToDoubleFunction energy) {
    if (colours < 1) {
      throw new IllegalArgumentException("an image has at least one colour, not " + colours);
    }
    double[] energies = new double[Math.multiplyExact(perColour, colours)];
    Arrays.setAll(energies, i -> energy.applyAsDouble(i % perColour));
    return energies;
  }

  private static void requireDeviations(double[] deviation, int modes) {
    if (deviation.length != modes) {
      throw new IllegalArgumentException(deviation.length + " standard deviations for " + modes + " modes");
    }
    for (int k = 0; k < modes; k++) {
      if (!(deviation[k] > 0) || Double.isInfinite(deviation[k])) {
        throw new IllegalArgumentException("mode " + k + " has standard deviation " + deviation[k]
            + "; it must be positive");
      }
    }
  }
}
