package org.rgflow.spectral;

import java.util.List;
import java.util.Locale;

/** The regulators that come with the project. */
public final class Regulators {
  /** What {@link #parse} accepts, for messages and completion. */
  public static final List<String> NAMES = List.of("exponential", "power", "litim", "sharp", "fermi");

  private Regulators() {}

  /** K = e^(−ε/μ): exponential cutoff e^(−p̂²/Λ²); K(0) = 1, so the zero mode never moves. */
  public record Exponential() implements Regulator {
    @Override
    public double logValue(double energy, double scale) {
      return energy == 0 ? 0 : -energy / scale;
    }

    @Override
    public double derivative(double energy, double scale) {
      return energy == 0 ? 0 : energy / (scale * scale) * Math.exp(-energy / scale);
    }

    @Override
    public String label() {
      return "exponential";
    }
  }

  /** K = 1/(1 + (ε/μ)^n): smooth power-law cutoff. */
  public record Power(double n) implements Regulator {
    /** @throws IllegalArgumentException unless n > 0 and finite */
    public Power {
      if (!(n > 0) || Double.isInfinite(n)) {
        throw new IllegalArgumentException("power regulator: the exponent must be > 0, not " + n);
      }
    }

    @Override
    public double logValue(double energy, double scale) {
      return energy == 0 ? 0 : -Math.log1p(Math.pow(energy / scale, n));
    }

    @Override
    public double derivative(double energy, double scale) {
      if (energy == 0) {
        return 0;
      }
      double k = value(energy, scale);
      return n / scale * k * (1 - k);
    }

    @Override
    public String label() {
      return "power:" + n;
    }
  }

  /** K = (1 − ε/μ) θ(μ − ε): linear and with compact support, after Litim's optimised cutoff. */
  public record Litim() implements Regulator {
    @Override
    public double logValue(double energy, double scale) {
      return energy == 0 ? 0 : energy < scale ? Math.log1p(-energy / scale) : Double.NEGATIVE_INFINITY;
    }

    @Override
    public double derivative(double energy, double scale) {
      return energy < scale ? energy / (scale * scale) : 0;
    }

    @Override
    public String label() {
      return "litim";
    }
  }

  /** K = θ(μ − ε): the sharp limit (Wegner & Houghton 1973), in which a mode is kept whole or dropped whole. */
  public record Sharp() implements Regulator {
    @Override
    public double logValue(double energy, double scale) {
      return energy <= scale ? 0 : Double.NEGATIVE_INFINITY;
    }

    /** Zero; the derivative is a δ function at ε = μ, so only the finite-step kernel is usable. */
    @Override
    public double derivative(double energy, double scale) {
      return 0;
    }

    @Override
    public String label() {
      return "sharp";
    }
  }

  /** K = 1/(e^((ε−μ)/T) + 1): the Fermi function, the image model's ᾱ (2402.17090). */
  public record Fermi(double temperature) implements Regulator {
    /** @throws IllegalArgumentException unless T > 0 and finite */
    public Fermi {
      if (!(temperature > 0) || Double.isInfinite(temperature)) {
        throw new IllegalArgumentException("fermi regulator: the temperature must be > 0, not " + temperature);
      }
    }

    @Override
    public double logValue(double energy, double scale) {
      double z = (energy - scale) / temperature;
      return z > 0 ? -z - Math.log1p(Math.exp(-z)) : -Math.log1p(Math.exp(z));
    }

    @Override
    public double derivative(double energy, double scale) {
      double e = Math.exp(-Math.abs((energy - scale) / temperature));
      return e / ((1 + e) * (1 + e) * temperature);
    }

    @Override
    public String label() {
      return "fermi:" + temperature;
    }
  }

  /**
   * Reads {@code exponential}, {@code power} (n = 2), {@code power:4}, {@code litim}, {@code sharp},
   * {@code fermi} (T = 0.5) or {@code fermi:0.25}.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Regulator parse(String text) {
    String[] parts = text.trim().toLowerCase(Locale.ROOT).split(":", 2);
    boolean given = parts.length == 2;
    if (given && !parts[0].equals("power") && !parts[0].equals("fermi") && NAMES.contains(parts[0])) {
      throw new IllegalArgumentException("the " + parts[0] + " regulator takes no parameter, but '" + text
          + "' gives one");
    }
    try {
      return switch (parts[0]) {
        case "exponential" -> new Exponential();
        case "power" -> new Power(given ? Double.parseDouble(parts[1]) : 2);
        case "litim" -> new Litim();
        case "sharp" -> new Sharp();
        case "fermi" -> new Fermi(given ? Double.parseDouble(parts[1]) : 0.5);
        default -> throw new IllegalArgumentException("unknown regulator '" + text + "'; known: "
            + String.join(", ", NAMES));
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("regulator '" + text + "': '" + parts[1] + "' is not a number");
    }
  }
}
