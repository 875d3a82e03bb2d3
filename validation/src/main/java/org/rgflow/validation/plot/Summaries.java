package org.rgflow.validation.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rgflow.flow.FlowReport;
import org.rgflow.lattice.Ensemble;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.Observables;
import org.rgflow.statistics.TimeSeries;

/** One picture that says how a simulation went. */
public final class Summaries {
  private static final int MAX_PANELS = 8;

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
    Canvas canvas = new Canvas(1060, 690);
    canvas.boldText(title(ensemble) + "; " + ensemble.sampler(), 24, 32, 15, Canvas.INK, Lettering.Anchor.START);
    Panels.draw(canvas, new Panels.Field("Configuration", "", ensemble.lattice().lx(), configuration), 24, 48, 270);
    Diagrams.histogramChart("Distribution of the magnetisation", "m = (1/V) ∑ φ", m).draw(canvas, 14, 368, 372, 314);
    Diagrams.seriesChart("|m|", series, estimate).draw(canvas, 398, 48, 650, 310);
    Diagrams.autocorrelationChart("|m|", series, estimate).draw(canvas, 398, 368, 650, 314);
    canvas.write(file);
  }

  /**
   * One configuration at every scale of a flow, and below it the propagators and the invariants.
   *
   * @param before the ensemble that was flowed
   * @param report the flow of its configurations, with the fields kept
   * @throws IllegalArgumentException if the report holds no fields
   */
  public static void flow(Path file, Ensemble before, FlowReport report) throws IOException {
    List<Panels.Field> fields = new ArrayList<>();
    int side = before.lattice().lx();
    fields.add(new Panels.Field(Panels.scaleLabel(before.scale()), phi2(report.start()), side,
        before.configuration(0, 0)));
    for (FlowReport.Scale scale : report.scales()) {
      Ensemble flowed = scale.fields().orElseThrow(() -> new IllegalArgumentException("the flow kept no fields to "
          + "draw"));
      fields.add(new Panels.Field(Panels.scaleLabel(scale.lambda()), phi2(scale), side, flowed.configuration(0, 0)));
    }
    List<Panels.Field> shown = Panels.atMost(fields, MAX_PANELS);
    double tile = 168;
    double gap = 12;
    double left = 24;
    double tileHeight = tile * before.lattice().ly() / before.lattice().lx();
    double width = Math.max(2 * left + shown.size() * (tile + gap) - gap + 58, 1060);
    Canvas canvas = new Canvas(width, 88 + tileHeight + 370);
    canvas.boldText(title(before) + " along the flow: " + report.scheme(), left, 32, 15, Canvas.INK,
        Lettering.Anchor.START);
    Panels.row(canvas, shown, left, 76, tile, gap);

    List<Diagrams.Curve> propagators = new ArrayList<>();
    propagators.add(propagator(report.start()));
    report.scales().forEach(scale -> propagators.add(propagator(scale)));
    List<Diagrams.Curve> invariants = new ArrayList<>();
    for (FlowReport.Scale scale : report.scales()) {
      List<FlowReport.Invariant> known = scale.invariant().stream().filter(FlowReport.Invariant::informative).toList();
      invariants.add(new Diagrams.Curve(Panels.scaleLabel(scale.lambda()),
          known.stream().mapToDouble(FlowReport.Invariant::momentum2).toArray(),
          known.stream().mapToDouble(FlowReport.Invariant::sigmas).toArray(), null));
    }
    double top = 88 + tileHeight;
    double half = (width - 28) / 2;
    Diagrams.propagatorChart("Propagator", propagators).draw(canvas, 14, top, half, 362);
    Diagrams.invariantChart(invariants).draw(canvas, 14 + half, top, half, 362);
    canvas.write(file);
  }

  private static Diagrams.Curve propagator(FlowReport.Scale scale) {
    return new Diagrams.Curve(Panels.scaleLabel(scale.lambda()),
        scale.propagator().stream().mapToDouble(FlowReport.Point::momentum2).toArray(),
        scale.propagator().stream().mapToDouble(p -> p.value().mean()).toArray(),
        scale.propagator().stream().mapToDouble(p -> p.value().error()).toArray());
  }

  private static String phi2(FlowReport.Scale scale) {
    return "⟨φ²⟩ = " + Panels.trimmed(scale.observables().get("phi2").mean());
  }

  private static String title(Ensemble ensemble) {
    return String.valueOf(ensemble.lattice()).replace('x', '×') + ", " + ensemble.action().toString()
        .replace("mass2", "m²").replace("lambda = ", "λ = ").replace("kappa = ", "κ = ").replace(" -",
            " −").replace(".0,", ",")
        .replaceAll("\\.0$", "");
  }
}
