package org.rgflow.validation.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rgflow.validation.Check;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;

/**
 * The distribution of (measured − expected)/σ over all Monte Carlo checks, beside the normal distribution that it
 * must follow if the error bars are right.
 */
final class DeviationDiagram {
  /** With fewer checks there is no distribution to speak of. */
  private static final int FEWEST = 20;
  private static final double BIN = 0.5;
  private static final double REACH = 4.5;

  private DeviationDiagram() {}

  /** Empty if there are too few Monte Carlo checks. */
  static Optional<Diagram> of(List<Check> checks) {
    double[] sigmas = checks.stream().filter(c -> c.uncertainty() > 0)
        .mapToDouble(c -> (c.measured() - c.expected()) / c.uncertainty()).filter(Double::isFinite).toArray();
    if (sigmas.length < FEWEST) {
      return Optional.empty();
    }
    int bins = (int) Math.round(2 * REACH / BIN);
    double[] edges = new double[bins + 1];
    Arrays.setAll(edges, i -> -REACH + i * BIN);
    double[] density = new double[bins];
    for (double s : sigmas) {
      int bin = (int) Math.floor((s + REACH) / BIN);
      density[Math.clamp(bin, 0, bins - 1)] += 1 / (sigmas.length * BIN);
    }
    double[] x = new double[181];
    Arrays.setAll(x, i -> -REACH + i * 2 * REACH / (x.length - 1));
    double[] normal = Arrays.stream(x).map(v -> Math.exp(-0.5 * v * v) / Math.sqrt(2 * Math.PI)).toArray();
    double mean = Arrays.stream(sigmas).average().orElseThrow();
    double square = Arrays.stream(sigmas).map(s -> s * s).average().orElseThrow();
    return Optional.of(new Diagram("deviations", "Deviations of all Monte Carlo checks",
        Quantity.linear("(measured − expected) / standard error").between(-REACH, REACH),
        Quantity.linear("density").between(0, Double.NaN),
        List.of(Curve.steps(sigmas.length + " checks", edges, density), Curve.dashes("normal distribution", x, normal)),
        "If the error bars are right and the checks independent, the deviations follow the normal distribution, and "
            + "their mean square is 1. Here the mean is " + Numbers.digits(mean, 2) + " and the mean square "
            + Numbers.digits(square, 3) + ". Checks that share configurations are correlated, which widens the "
                + "scatter of both; what lies beyond the axis is counted in its last bin."));
  }
}
