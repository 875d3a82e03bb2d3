package org.rgflow.validation.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.rgflow.lattice.Ensemble;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.Observables;
import org.rgflow.statistics.TimeSeries;

/** One picture that says how a simulation went. */
public final class Summaries {
  private Summaries() {}

  /**
   * A configuration of the first replica, the time series of |m|, its autocorrelation function and the
   * distribution of m over all replicas.
   *
   * @throws IllegalArgumentException if the ensemble has no series of m, or no configuration
   */
  public static void sample(Path file, Ensemble ensemble) throws IOException {
    int sites = ensemble.lattice().sites();
    if (!ensemble.hasState() && ensemble.snapshots() == 0) {
      throw new IllegalArgumentException("the ensemble has no configuration to draw");
    }
    float[] configuration = ensemble.hasState() ? Arrays.copyOf(ensemble.state(), sites)
        : ensemble.configuration(ensemble.snapshots() - 1, 0);
    double[] m = ensemble.series(Observables.M);
    TimeSeries series = TimeSeries.interleaved(m, ensemble.replicas()).map(Math::abs);
    Estimate estimate = new GammaMethod().primary(series);
    String title = String.valueOf(ensemble.lattice()).replace('x', '×') + ", " + ensemble.action().toString()
        .replace("mass2", "m²").replace("lambda = ", "λ = ").replace("kappa = ", "κ = ").replace(" -", " −").replace(".0,", ",")
        .replaceAll("\\.0$", "");

    Canvas canvas = new Canvas(1060, 690);
    canvas.boldText(title + "; " + ensemble.sampler(), 24, 32, 15, Canvas.INK, Lettering.Anchor.START);
    Panels.draw(canvas, new Panels.Field("Configuration", "", ensemble.lattice().lx(), configuration), 24, 48, 270);
    Diagrams.histogramChart("Distribution of the magnetisation", "m = (1/V) ∑ φ", m).draw(canvas, 14, 368, 372, 314);
    Diagrams.seriesChart("|m|", series, estimate).draw(canvas, 398, 48, 650, 310);
    Diagrams.autocorrelationChart("|m|", series, estimate).draw(canvas, 398, 368, 650, 314);
    canvas.write(file);
  }
}
