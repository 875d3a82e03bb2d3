package org.rgflow.validation.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A diagram: curves, points with error bars and bars over two axes, with a title and a legend. Values
 * that are not finite, or not positive on a logarithmic axis, are left out.
 */
final class Chart {
  /** Colours that the common kinds of colour blindness tell apart (Okabe and Ito), in the order of use. */
  static final List<Color> COLORS = List.of(new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73),
      new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9));

  /** How a series looks. */
  private enum Mark {
    LINE,
    DASHES,
    POINTS,
    BARS
  }

  /** Where the legend is. */
  enum Corner {
    UPPER_RIGHT,
    LOWER_LEFT
  }

  private record Series(Mark mark, String label, double[] x, double[] y, double[] error, Color color) {}

  private static final double TITLE = 13;
  private static final double LABEL = 11.5;
  private static final double SMALL = 10;
  private static final double RADIUS = 2.6;

  private final String title;
  private final String xLabel;
  private final String yLabel;
  private final List<Series> series = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Axis.Scale xScale = Axis.Scale.LINEAR;
  private Axis.Scale yScale = Axis.Scale.LINEAR;
  private Axis xAxis;
  private Axis yAxis;
  private Corner corner = Corner.UPPER_RIGHT;

  Chart(String title, String xLabel, String yLabel) {
    this.title = title;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
  }

  Chart scales(Axis.Scale x, Axis.Scale y) {
    xScale = x;
    yScale = y;
    return this;
  }

  Chart xRange(double low, double high) {
    xAxis = new Axis(xScale, low, high);
    return this;
  }

  Chart yRange(double low, double high) {
    yAxis = new Axis(yScale, low, high);
    return this;
  }

  Chart line(String label, double[] x, double[] y, Color color) {
    series.add(new Series(Mark.LINE, label, x, y, null, color));
    return this;
  }

  Chart dashes(String label, double[] x, double[] y, Color color) {
    series.add(new Series(Mark.DASHES, label, x, y, null, color));
    return this;
  }

  /** Points with error bars; {@code error} may be null. */
  Chart points(String label, double[] x, double[] y, double[] error, Color color) {
    series.add(new Series(Mark.POINTS, label, x, y, error, color));
    return this;
  }

  /** Bars between consecutive edges; one edge more than heights. */
  Chart bars(String label, double[] edges, double[] heights, Color color) {
    series.add(new Series(Mark.BARS, label, edges, heights, null, color));
    return this;
  }

  Chart legend(Corner place) {
    corner = place;
    return this;
  }

  /** A line of text in the legend. */
  Chart note(String text) {
    notes.add(text);
    return this;
  }

  void draw(Canvas canvas, double left, double top, double width, double height) {
    Axis x = xAxis != null ? xAxis : Axis.around(xScale, series.stream().map(Series::x).toArray(double[][]::new));
    Axis y = yAxis != null ? yAxis : Axis.around(yScale,
        series.stream().flatMap(Chart::heights).toArray(double[][]::new));
    List<Axis.Tick> xTicks = x.ticks((int) Math.max(2, width / 75));
    List<Axis.Tick> yTicks = y.ticks((int) Math.max(2, height / 45));
    double widest = yTicks.stream().mapToDouble(t -> Lettering.width(t.label(), SMALL, Lettering.Weight.REGULAR)).max()
        .orElse(0);
    double x0 = left + widest + 30;
    double x1 = left + width - 12;
    double y0 = top + 30;
    double y1 = top + height - 42;

    canvas.boldText(title, x0, top + 17, TITLE, Canvas.INK, Lettering.Anchor.START);
    for (Axis.Tick tick : yTicks) {
      double at = y1 - y.position(tick.value()) * (y1 - y0);
      if (tick.major()) {
        canvas.line(x0, at, x1, at, 0.7, Canvas.GRID);
        canvas.text(tick.label(), x0 - 7, at + 0.35 * SMALL, SMALL, Canvas.INK, Lettering.Anchor.END);
      }
      canvas.line(x0 - (tick.major() ? 4 : 2.5), at, x0, at, 0.8, Canvas.INK);
    }
    double lastEnd = Double.NEGATIVE_INFINITY;
    for (Axis.Tick tick : xTicks) {
      double at = x0 + x.position(tick.value()) * (x1 - x0);
      if (tick.major()) {
        canvas.line(at, y0, at, y1, 0.7, Canvas.GRID);
        double half = Lettering.width(tick.label(), SMALL, Lettering.Weight.REGULAR) / 2;
        if (at - half > lastEnd + 4) {
          canvas.text(tick.label(), at, y1 + 16, SMALL, Canvas.INK, Lettering.Anchor.MIDDLE);
          lastEnd = at + half;
        }
      }
      canvas.line(at, y1, at, y1 + (tick.major() ? 4 : 2.5), 0.8, Canvas.INK);
    }
    canvas.text(xLabel, (x0 + x1) / 2, y1 + 34, LABEL, Canvas.INK, Lettering.Anchor.MIDDLE);
    canvas.uprightText(yLabel, left + 13, (y0 + y1) / 2, LABEL, Canvas.INK);

    Graphics2D g = canvas.graphics();
    Shape clip = g.getClip();
    g.clip(new Rectangle2D.Double(x0, y0, x1 - x0, y1 - y0));
    for (Series s : series) {
      drawSeries(canvas, s, x, y, x0, y0, x1, y1);
    }
    g.setClip(clip);
    canvas.frame(x0, y0, x1 - x0, y1 - y0, 0.8, Canvas.INK);
    drawLegend(canvas, x0, y0, x1, y1);
  }

  private static Stream<double[]> heights(Series s) {
    if (s.error() == null) {
      return s.mark() == Mark.BARS ? Stream.of(s.y(), new double[] {0}) : Stream.of(s.y());
    }
    double[] low = new double[s.y().length];
    double[] high = new double[s.y().length];
    for (int i = 0; i < low.length; i++) {
      low[i] = s.y()[i] - s.error()[i];
      high[i] = s.y()[i] + s.error()[i];
    }
    return Stream.of(s.y(), high, Arrays.stream(low).allMatch(v -> v > 0) ? low : s.y());
  }

  private void drawSeries(Canvas canvas, Series s, Axis x, Axis y, double x0, double y0, double x1, double y1) {
    Graphics2D g = canvas.graphics();
    g.setColor(s.color());
    if (s.mark() == Mark.BARS) {
      Color fill = new Color(s.color().getRed(), s.color().getGreen(), s.color().getBlue(), 150);
      for (int i = 0; i < s.y().length; i++) {
        double from = x0 + x.position(s.x()[i]) * (x1 - x0);
        double to = x0 + x.position(s.x()[i + 1]) * (x1 - x0);
        double at = y1 - y.position(s.y()[i]) * (y1 - y0);
        g.setColor(fill);
        g.fill(new Rectangle2D.Double(from, at, to - from - 0.5, y1 - at));
      }
      return;
    }
    if (s.mark() == Mark.POINTS) {
      for (int i = 0; i < s.y().length; i++) {
        double px = x0 + x.position(s.x()[i]) * (x1 - x0);
        double py = y1 - y.position(s.y()[i]) * (y1 - y0);
        if (!Double.isFinite(px) || !Double.isFinite(py)) {
          continue;
        }
        if (s.error() != null && Double.isFinite(s.error()[i])) {
          double up = y1 - y.position(s.y()[i] + s.error()[i]) * (y1 - y0);
          double down = y1 - y.position(s.y()[i] - s.error()[i]) * (y1 - y0);
          double foot = Double.isFinite(down) ? down : y1;
          canvas.line(px, up, px, foot, 1.1, s.color());
          if (foot - up > 2 * RADIUS) {
            canvas.line(px - 2.2, up, px + 2.2, up, 1.1, s.color());
            canvas.line(px - 2.2, foot, px + 2.2, foot, 1.1, s.color());
          }
        }
        g.setColor(s.color());
        g.fill(new Ellipse2D.Double(px - RADIUS, py - RADIUS, 2 * RADIUS, 2 * RADIUS));
      }
      return;
    }
    Path2D path = new Path2D.Double();
    boolean pen = false;
    for (int i = 0; i < s.y().length; i++) {
      double px = x0 + x.position(s.x()[i]) * (x1 - x0);
      double py = y1 - y.position(s.y()[i]) * (y1 - y0);
      if (!Double.isFinite(px) || !Double.isFinite(py)) {
        pen = false;
      } else if (pen) {
        path.lineTo(px, py);
      } else {
        path.moveTo(px, py);
        pen = true;
      }
    }
    g.setStroke(stroke(s.mark()));
    g.draw(path);
  }

  private static BasicStroke stroke(Mark mark) {
    return mark == Mark.DASHES
        ? new BasicStroke(1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {4, 3}, 0)
        : new BasicStroke(1.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  }

  private void drawLegend(Canvas canvas, double x0, double y0, double x1, double y1) {
    List<Series> named = series.stream().filter(s -> !s.label().isEmpty()).toList();
    double row = 15;
    double widest = 0;
    for (Series s : named) {
      widest = Math.max(widest, 26 + Lettering.width(s.label(), SMALL, Lettering.Weight.REGULAR));
    }
    for (String note : notes) {
      widest = Math.max(widest, Lettering.width(note, SMALL, Lettering.Weight.REGULAR));
    }
    int rows = named.size() + notes.size();
    if (rows == 0) {
      return;
    }
    double left = corner == Corner.UPPER_RIGHT ? x1 - widest - 16 : x0 + 14;
    double top = corner == Corner.UPPER_RIGHT ? y0 + 7 : y1 - rows * row - 13;
    Graphics2D g = canvas.graphics();
    g.setColor(new Color(255, 255, 255, 225));
    g.fill(new Rectangle2D.Double(left - 6, top, widest + 14, rows * row + 6));
    double at = top + 13;
    for (Series s : named) {
      g.setColor(s.color());
      switch (s.mark()) {
        case POINTS -> {
          canvas.line(left + 8, at - 8, left + 8, at + 1, 1.1, s.color());
          g.fill(new Ellipse2D.Double(left + 8 - RADIUS, at - 3.5 - RADIUS, 2 * RADIUS, 2 * RADIUS));
        }
        case BARS -> g.fill(new Rectangle2D.Double(left + 2, at - 7.5, 12, 8));
        default -> {
          g.setStroke(stroke(s.mark()));
          g.draw(new Line2D.Double(left, at - 3.5, left + 17, at - 3.5));
        }
      }
      canvas.text(s.label(), left + 24, at, SMALL, Canvas.INK, Lettering.Anchor.START);
      at += row;
    }
    for (String note : notes) {
      canvas.text(note, left, at, SMALL, Canvas.INK, Lettering.Anchor.START);
      at += row;
    }
  }
}
