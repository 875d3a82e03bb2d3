package org.rgflow.validation.plot;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.TimeSeries;

/** The diagrams that one looks at after a lattice simulation, written as PNG. */
public final class Diagrams {
  /** A measured function: {@code y(x) ± error}; {@code error} may be null. */
  public record Curve(String label, double[] x, double[] y, double[] error) {}

  private static final double WIDTH = 620;
  private static final double HEIGHT = 420;
  /** More points than this are drawn as a line through every n-th of them. */
  private static final int MAX_POINTS = 4000;

  private Diagrams() {}

  /** Propagators G(p̂²) with error bars, both axes logarithmic; a zero mode, which has no place there, is left out. */
  public static void propagators(Path file, String title, List<Curve> curves) throws IOException {
    draw(file, propagatorChart(title, curves));
  }

  static Chart propagatorChart(String title, List<Curve> curves) {
    Chart chart = new Chart(title, "p̂²", "G(p)").scales(Axis.Scale.LOGARITHMIC, Axis.Scale.LOGARITHMIC)
        .legend(Chart.Corner.LOWER_LEFT);
    double top = 0;
    for (int i = 0; i < curves.size(); i++) {
      Curve c = curves.get(i);
      Color color = curves.size() == 1 ? Chart.COLORS.getFirst()
          : ColorMap.SEQUENTIAL.at((double) i / (curves.size() - 1));
      chart.line("", c.x(), c.y(), new Color(color.getRed(), color.getGreen(), color.getBlue(), 90));
      chart.points(c.label(), c.x(), c.y(), c.error(), color);
      top = Math.max(top, Arrays.stream(c.y()).filter(Double::isFinite).max().orElse(0));
    }
    double lowest = lowestMeaningful(curves, top);
    if (top > 0) {
      chart.yRange(lowest, top * 2);
    }
    return chart;
  }

  /** How far what the flow must preserve is from its expected value, in standard errors, for every scale. */
  static Chart invariantChart(List<Curve> curves) {
    Chart chart = new Chart("What the flow preserves", "p̂²", "(measured − expected) / error")
        .scales(Axis.Scale.LOGARITHMIC, Axis.Scale.LINEAR);
    double low = Double.POSITIVE_INFINITY;
    double high = 1;
    double reach = 4.5;
    for (int i = 0; i < curves.size(); i++) {
      Curve c = curves.get(i);
      chart.points(c.label(), c.x(), c.y(), null, ColorMap.SEQUENTIAL.at((i + 1.0) / curves.size()));
      for (int k = 0; k < c.x().length; k++) {
        if (c.x()[k] > 0) {
          low = Math.min(low, c.x()[k]);
          high = Math.max(high, c.x()[k]);
          reach = Math.max(reach, Double.isFinite(c.y()[k]) ? Math.abs(c.y()[k]) * 1.1 : 0);
        }
      }
    }
    double left = Double.isInfinite(low) ? 0.01 : low / 1.4;
    double right = high * 1.4;
    for (double band : new double[] {-2, 0, 2}) {
      chart.dashes("", new double[] {left, right}, new double[] {band, band}, Canvas.MUTED);
    }
    return chart.xRange(left, right).yRange(-reach, reach * 1.6);
  }

  /** The bottom of a propagator plot: eight decades below its top at most. */
  private static double lowestMeaningful(List<Curve> curves, double top) {
    double low = top;
    for (Curve c : curves) {
      for (double y : c.y()) {
        if (y > 0) {
          low = Math.min(low, y);
        }
      }
    }
    return Math.max(low / 2, top * 1e-8);
  }

  /**
   * A time series above its normalised autocorrelation function
   * ρ(t) = Γ(t)/Γ(0), Γ summed over all replicas about the common mean. The estimate gives the window
   * of the summation and the integrated autocorrelation time.
   *
   * @param name the observable as it shall be written on the axis, for instance {@code |m|}
   */
  public static void timeSeries(Path file, String name, TimeSeries series, Estimate estimate) throws IOException {
    Canvas canvas = new Canvas(WIDTH + 80, 560);
    seriesChart(name, series, estimate).draw(canvas, 10, 8, canvas.width() - 20, 262);
    autocorrelationChart(name, series, estimate).draw(canvas, 10, 280, canvas.width() - 20, 270);
    canvas.write(file);
  }

  static Chart seriesChart(String name, TimeSeries series, Estimate estimate) {
    double[] values = series.replica(0);
    int stride = (values.length + MAX_POINTS - 1) / MAX_POINTS;
    double[] t = new double[(values.length + stride - 1) / stride];
    double[] y = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = i * (double) stride;
      y[i] = values[i * stride];
    }
    String replicas = series.replicas() > 1 ? " (first of " + series.replicas() + " replicas)" : "";
    Axis seen = Axis.around(Axis.Scale.LINEAR, y);
    return new Chart("Time series of " + name + replicas, "measurement", name)
        .line("", t, y, Chart.COLORS.getFirst())
        .dashes("mean " + withError(estimate.mean(), estimate.error()), new double[] {0, values.length},
            new double[] {estimate.mean(), estimate.mean()}, Chart.COLORS.get(1))
        .xRange(0, Math.max(1, values.length - 1)).yRange(seen.low(), seen.high() + 0.22 * (seen.high() - seen.low()));
  }

  static Chart autocorrelationChart(String name, TimeSeries series, Estimate estimate) {
    int longest = series.replica(0).length;
    int lags = (int) Math.min(Math.max(12, 4L * estimate.window() + 8), Math.max(1, longest - 1));
    double[] rho = autocorrelation(series, lags);
    double[] lag = new double[rho.length];
    Arrays.setAll(lag, i -> i);
    return new Chart("Autocorrelation function of " + name, "lag t (measurements)", "ρ(t)")
        .line("", lag, rho, new Color(0x80B8D8))
        .points("", lag, rho, null, Chart.COLORS.getFirst())
        .dashes("", new double[] {0, lags}, new double[] {0, 0}, Canvas.MUTED)
        .dashes("window of the sum, W = " + estimate.window(), new double[] {estimate.window(), estimate.window()},
            new double[] {-1, 2}, Chart.COLORS.get(1))
        .note("integrated autocorrelation time τ = " + withError(estimate.tauInt(), estimate.tauIntError()))
        .xRange(-0.02 * lags, lags)
        .yRange(Math.min(-0.15, Arrays.stream(rho).min().orElse(0) - 0.05), 1.08);
  }

  /** ρ(t) for t = 0 … lags. */
  static double[] autocorrelation(TimeSeries series, int lags) {
    double mean = series.mean();
    double[] rho = new double[lags + 1];
    for (int t = 0; t <= lags; t++) {
      double sum = 0;
      long pairs = 0;
      for (int r = 0; r < series.replicas(); r++) {
        double[] x = series.replica(r);
        for (int i = 0; i + t < x.length; i++) {
          sum += (x[i] - mean) * (x[i + t] - mean);
        }
        pairs += Math.max(0, x.length - t);
      }
      rho[t] = sum / pairs;
    }
    double variance = rho[0];
    for (int t = 0; t <= lags; t++) {
      rho[t] /= variance;
    }
    return rho;
  }

  /** The distribution of a quantity that is symmetric about zero, the magnetisation for instance. */
  public static void histogram(Path file, String title, String xLabel, double[] values) throws IOException {
    draw(file, histogramChart(title, xLabel, values));
  }

  static Chart histogramChart(String title, String xLabel, double[] values) {
    double reach = Arrays.stream(values).map(Math::abs).filter(Double::isFinite).max().orElse(1);
    reach = reach > 0 ? reach * 1.0001 : 1;
    int bins = Math.clamp(2 * (long) Math.ceil(Math.cbrt(values.length)), 8, 80);
    double[] edges = new double[bins + 1];
    double[] density = new double[bins];
    double binWidth = 2 * reach / bins;
    for (int b = 0; b <= bins; b++) {
      edges[b] = -reach + b * binWidth;
    }
    int counted = 0;
    for (double v : values) {
      if (Double.isFinite(v)) {
        density[Math.min(bins - 1, (int) ((v + reach) / binWidth))]++;
        counted++;
      }
    }
    for (int b = 0; b < bins; b++) {
      density[b] /= counted * binWidth;
    }
    double top = Arrays.stream(density).max().orElse(1);
    return new Chart(title, xLabel, "probability density").bars("", edges, density, Chart.COLORS.getFirst())
        .xRange(-reach * 1.04, reach * 1.04).yRange(0, top * 1.12)
        .note(counted + " values");
  }

  /** Any measured functions over linear axes. */
  public static void curves(Path file, String title, String xLabel, String yLabel,
      List<Curve> curves) throws IOException {
    Chart chart = new Chart(title, xLabel, yLabel);
    for (int i = 0; i < curves.size(); i++) {
      Curve c = curves.get(i);
      chart.points(c.label(), c.x(), c.y(), c.error(), Chart.COLORS.get(i % Chart.COLORS.size()));
    }
    draw(file, chart);
  }

  /** Measured powers over wave numbers; the powers are on a logarithmic axis. */
  public static void spectra(Path file, String title, String xLabel, String yLabel, List<Curve> curves)
      throws IOException {
    Chart chart = new Chart(title, xLabel, yLabel).scales(Axis.Scale.LINEAR, Axis.Scale.LOGARITHMIC);
    for (int i = 0; i < curves.size(); i++) {
      Curve c = curves.get(i);
      chart.points(c.label(), c.x(), c.y(), c.error(), Chart.COLORS.get(i % Chart.COLORS.size()));
      chart.line("", c.x(), c.y(), Chart.COLORS.get(i % Chart.COLORS.size()));
    }
    draw(file, chart);
  }

  private static void draw(Path file, Chart chart) throws IOException {
    Canvas canvas = new Canvas(WIDTH, HEIGHT);
    chart.draw(canvas, 8, 8, WIDTH - 16, HEIGHT - 16);
    canvas.write(file);
  }

  /** {@code 0.2759 ± 0.0012}: two digits of the error, and as many decimals of the value. */
  private static String withError(double value, double error) {
    if (!Double.isFinite(value)) {
      return "unknown";
    }
    if (!(error > 0) || Double.isInfinite(error)) {
      return Panels.trimmed(value).replace("-", "−");
    }
    int decimals = Math.clamp((long) (1 - Math.floor(Math.log10(error))), 0, 12);
    String format = "%." + decimals + "f";
    return String.format(Locale.ROOT, format + " ± " + format, value, error).replace("-", "−");
  }
}
