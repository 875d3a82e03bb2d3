package org.rgflow.validation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.Axis;

/**
 * A diagram as inline SVG with real text, and its legend as a list below it. Colours are the style sheet's ({@code
 * .hue0} …), so that they follow light, dark and paper; symbols differ as well as colours.
 */
final class DiagramDrawing {
  /** Colours of the style sheet. */
  static final int HUES = 8;

  private static final double WIDTH = 460;
  private static final double HEIGHT = 300;
  private static final double TOP = 10;
  private static final double RIGHT = WIDTH - 14;
  private static final double BOTTOM = HEIGHT - 46;
  /** Width of a digit at the size of the ticks' labels. */
  private static final double DIGIT = 7.4;
  private static final double CAP = 2.5;
  /** Symbols of radius 3, one for each hue. */
  private static final String[] SYMBOLS = {
    "m-3.2 0a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0 -6.4 0z", "m-2.9 -2.9h5.8v5.8h-5.8z", "m0 -3.8l3.6 6.3h-7.2z",
    "m0 -4l3.4 4l-3.4 4l-3.4 -4z", "m0 3.8l3.6 -6.3h-7.2z",
        "m-3.8 -1.2h2.6v-2.6h2.4v2.6h2.6v2.4h-2.6v2.6h-2.4v-2.6h-2.6z",
    "m-3.8 -3h7.6l-3.8 3l3.8 3h-7.6l3.8 -3z", "m-1.4 -3.8h2.8v7.6h-2.8z"
  };

  private final Diagram diagram;
  private final Axis x;
  private final Axis y;
  private final double left;
  private final List<Axis.Tick> yTicks;
  private final int[] hues;

  private DiagramDrawing(Diagram diagram) {
    this.diagram = diagram;
    x = axis(diagram.x(), diagram.curves().stream().map(Curve::x));
    y = axis(diagram.y(), diagram.curves().stream().flatMap(DiagramDrawing::heights));
    yTicks = y.ticks(6);
    left = 30 + DIGIT * yTicks.stream().mapToInt(t -> t.label().length()).max().orElse(1);
    hues = hues(diagram.curves());
  }

  /** Writes the drawing and, if a curve has a label, the legend. */
  static void write(Diagram diagram, Markup out) {
    DiagramDrawing drawing = new DiagramDrawing(diagram);
    drawing.write(out);
    drawing.writeLegend(out);
  }

  private static Axis axis(Quantity quantity, Stream<double[]> values) {
    Axis around = Axis.around(quantity.scale(), values.toArray(double[][]::new));
    double low = Double.isNaN(quantity.low()) ? around.low() : quantity.low();
    double high = Double.isNaN(quantity.high()) ? around.high() : quantity.high();
    return low < high ? new Axis(quantity.scale(), low, high) : around;
  }

  private static Stream<double[]> heights(Curve curve) {
    double[] y = curve.y();
    if (curve.mark() == Curve.Mark.STEPS) {
      return Stream.of(y, new double[] {0});
    }
    if (curve.error() == null) {
      return Stream.of(y);
    }
    double[] low = new double[y.length];
    double[] high = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      low[i] = y[i] - curve.error()[i];
      high[i] = y[i] + curve.error()[i];
      if (y[i] > 0 && low[i] <= 0) {
        low[i] = y[i]; // a logarithmic axis ends at the values
      }
    }
    return Stream.of(y, low, high);
  }

  /** Automatic hues follow the greatest that was chosen. */
  private static int[] hues(List<Curve> curves) {
    int next = 1 + curves.stream().mapToInt(Curve::hue).max().orElse(Curve.AUTOMATIC);
    int[] result = new int[curves.size()];
    for (int i = 0; i < result.length; i++) {
      int hue = curves.get(i).hue();
      result[i] = (hue == Curve.AUTOMATIC ? next++ : hue) % HUES;
    }
    return result;
  }

  private double across(double value) {
    return left + x.position(value) * (RIGHT - left);
  }

  private double down(double value) {
    return BOTTOM - y.position(value) * (BOTTOM - TOP);
  }

  private void write(Markup out) {
    out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 " + number(WIDTH) + " " + number(HEIGHT),
        "role", "img", "aria-label", diagram.title());
    writeAxes(out);
    // A nested picture clips what lies outside the axes.
    out.open("svg", "x", number(left), "y", number(TOP), "width", number(RIGHT - left), "height", number(BOTTOM - TOP),
        "viewBox", String.join(" ", number(left), number(TOP), number(RIGHT - left), number(BOTTOM - TOP)));
    for (int i = 0; i < hues.length; i++) {
      writeCurve(diagram.curves().get(i), hues[i], out);
    }
    out.close();
    out.empty("rect", "class", "frame", "x", number(left), "y", number(TOP), "width", number(RIGHT - left), "height",
        number(BOTTOM - TOP));
    out.close().line();
  }

  private void writeAxes(Markup out) {
    for (Axis.Tick tick : yTicks) {
      double at = down(tick.value());
      if (tick.major()) {
        line(out, "grid", left, at, RIGHT, at);
        label(out, tick.label(), left - 6, at + 4.3, "end");
      }
      line(out, "tick", left - (tick.major() ? 4 : 2.5), at, left, at);
    }
    double end = Double.NEGATIVE_INFINITY;
    for (Axis.Tick tick : x.ticks((int) ((RIGHT - left) / 62))) {
      double at = across(tick.value());
      if (tick.major()) {
        line(out, "grid", at, TOP, at, BOTTOM);
        double half = DIGIT * tick.label().length() / 2;
        if (at - half > end + 5 && at + half < WIDTH + 4) {
          label(out, tick.label(), at, BOTTOM + 17, "middle");
          end = at + half;
        }
      }
      line(out, "tick", at, BOTTOM, at, BOTTOM + (tick.major() ? 4 : 2.5));
    }
    label(out, diagram.x().title(), (left + RIGHT) / 2, HEIGHT - 8, "middle");
    out.element("text", diagram.y().title(), "transform", "translate(14 " + number((TOP + BOTTOM) / 2)
        + ") rotate(-90)",
        "text-anchor", "middle");
  }

  private static void line(Markup out, String style, double x0, double y0, double x1, double y1) {
    out.empty("line", "class", style, "x1", number(x0), "y1", number(y0), "x2", number(x1), "y2", number(y1));
  }

  private static void label(Markup out, String text, double x, double y, String anchor) {
    out.element("text", text, "x", number(x), "y", number(y), "text-anchor", anchor);
  }

  private void writeCurve(Curve curve, int hue, Markup out) {
    String style = "hue" + hue + " " + curve.mark().name().toLowerCase(Locale.ROOT);
    switch (curve.mark()) {
      case LINE, DASHES -> out.empty("path", "class", style, "d", path(curve));
      case STEPS -> out.empty("path", "class", style, "d", steps(curve));
      case POINTS -> {
        String bars = bars(curve);
        if (!bars.isEmpty()) {
          out.empty("path", "class", "hue" + hue + " bars", "d", bars);
        }
        out.empty("path", "class", style, "d", symbols(curve, hue));
      }
    }
  }

  private boolean has(double px, double py) {
    return Double.isFinite(px) && Double.isFinite(py);
  }

  private String path(Curve curve) {
    StringBuilder d = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < curve.y().length; i++) {
      double px = across(curve.x()[i]);
      double py = down(curve.y()[i]);
      if (has(px, py)) {
        d.append(pen ? 'L' : 'M').append(point(px, py));
      }
      pen = has(px, py);
    }
    return d.toString();
  }

  private String steps(Curve curve) {
    StringBuilder d = new StringBuilder();
    double zero = diagram.y().scale() == Axis.Scale.LINEAR ? Math.min(BOTTOM, down(0)) : BOTTOM;
    for (int i = 0; i < curve.y().length; i++) {
      double from = across(curve.x()[i]);
      double to = across(curve.x()[i + 1]);
      double height = down(curve.y()[i]);
      if (has(from, to) && !Double.isNaN(height)) {
        d.append('M').append(point(from, zero)).append('L').append(point(from, height)).append('L').append(point(to,
            height))
            .append('L').append(point(to, zero));
      }
    }
    return d.toString();
  }

  private String bars(Curve curve) {
    StringBuilder d = new StringBuilder();
    for (int i = 0; curve.error() != null && i < curve.y().length; i++) {
      double px = across(curve.x()[i]);
      double high = down(curve.y()[i] + curve.error()[i]);
      double low = down(curve.y()[i] - curve.error()[i]);
      if (has(px, down(curve.y()[i])) && has(px, high)) {
        double foot = Double.isNaN(low) ? BOTTOM + 10 : Math.min(low, BOTTOM + 10);
        d.append('M').append(point(px, high)).append('L').append(point(px, foot));
        d.append('M').append(point(px - CAP, high)).append('h').append(number(2 * CAP));
        d.append('M').append(point(px - CAP, foot)).append('h').append(number(2 * CAP));
      }
    }
    return d.toString();
  }

  private String symbols(Curve curve, int hue) {
    List<String> d = new ArrayList<>();
    for (int i = 0; i < curve.y().length; i++) {
      double px = across(curve.x()[i]);
      double py = down(curve.y()[i]);
      if (has(px, py)) {
        d.add("M" + point(px, py) + SYMBOLS[hue]);
      }
    }
    return String.join("", d);
  }

  private void writeLegend(Markup out) {
    if (diagram.curves().stream().allMatch(c -> c.label().isEmpty())) {
      return;
    }
    out.open("ul", "class", "legend");
    for (int i = 0; i < hues.length; i++) {
      Curve curve = diagram.curves().get(i);
      if (curve.label().isEmpty()) {
        continue;
      }
      out.open("li").open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 28 12", "aria-hidden", "true");
      String style = "hue" + hues[i] + " " + curve.mark().name().toLowerCase(Locale.ROOT);
      String key = switch (curve.mark()) {
        case LINE, DASHES -> "M1 6H27";
        case STEPS -> "M4 11V2H24V11";
        case POINTS -> "M14 6" + SYMBOLS[hues[i]];
      };
      out.empty("path", "class", style, "d", key).close().text(curve.label()).close();
    }
    out.close().line();
  }

  private static String point(double px, double py) {
    return number(px) + " " + number(py);
  }

  /** One decimal; far away is far enough. */
  private static String number(double value) {
    double rounded = Math.rint(10 * Math.clamp(value, -1e4, 1e4)) / 10;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}
