package org.rgflow.validation.plot;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Fields or pictures side by side, each under its label, for instance one configuration at several
 * scales of a flow. Fields share one symmetric colour scale, drawn beside them.
 */
public final class Panels {
  /** What is drawn in one place. */
  public sealed interface Tile {
    /** What stands above it, for instance {@code Λ = 2}. */
    String label();

    /** A smaller second line; may be empty. */
    String detail();

    /** Pixels, or sites, from left to right. */
    int width();

    /** Pixels, or sites, from top to bottom. */
    int height();
  }

  /**
   * A scalar field.
   *
   * @param label what stands above it, for instance {@code Λ = 2}
   * @param detail a smaller second line, may be empty
   * @param width extent in x
   * @param values [y][x]
   */
  public record Field(String label, String detail, int width, float[] values) implements Tile {
    /** @throws IllegalArgumentException if the values do not form rows of the width */
    public Field {
      if (width < 1 || values.length == 0 || values.length % width != 0) {
        throw new IllegalArgumentException(values.length + " values do not form rows of " + width);
      }
    }

    @Override
    public int height() {
      return values.length / width;
    }
  }

  /** A picture under a label and a smaller second line, which may be empty. */
  public record Picture(String label, String detail, BufferedImage image) implements Tile {
    @Override
    public int width() {
      return image.getWidth();
    }

    @Override
    public int height() {
      return image.getHeight();
    }
  }

  private static final double MARGIN = 22;
  private static final double GAP = 14;
  private static final double HEAD = 40;
  private static final double LABELS = 34;
  private static final double TILE = 190;
  private static final double BAR = 12;

  private Panels() {}

  /**
   * Draws fields in rows and writes a PNG.
   *
   * @param columns panels per row
   * @throws IllegalArgumentException if there is nothing to draw
   */
  public static void fields(Path file, String title, List<Field> fields, int columns) throws IOException {
    requireSome(fields);
    double limit = limit(fields);
    List<Picture> pictures = fields.stream().map(f -> new Picture(f.label(), f.detail(), heatMap(f, limit))).toList();
    Canvas canvas = draw(title, pictures, columns, 62);
    double top = HEAD + LABELS;
    colorBar(canvas, limit, canvas.width() - MARGIN - 48, top, top + tileHeight(pictures));
    canvas.write(file);
  }

  /** Draws one field with its colour bar into a square of the canvas, 58 points wider than high. */
  static void draw(Canvas canvas, Field field, double left, double top, double size) {
    double limit = limit(List.of(field));
    double scale = size / Math.max(field.width(), field.height());
    double width = field.width() * scale;
    double height = field.height() * scale;
    canvas.boldText(field.label(), left, top + 17, 13, Canvas.INK, Lettering.Anchor.START);
    canvas.image(heatMap(field, limit), left, top + 30, width, height);
    canvas.frame(left, top + 30, width, height, 0.7, Canvas.MUTED);
    colorBar(canvas, limit, left + width + 10, top + 30, top + 30 + height);
  }

  /** Draws fields in one row with a common colour bar; {@code top} is the upper edge of the tiles. */
  static void row(Canvas canvas, List<Field> fields, double left, double top, double tile, double gap) {
    double limit = limit(fields);
    double x = left;
    double height = 0;
    for (Field field : fields) {
      height = tile * field.height() / field.width();
      canvas.text(field.label(), x, top - 8, 12.5, Canvas.INK, Lettering.Anchor.START);
      canvas.text(field.detail(), x + tile, top - 8, 9.5, Canvas.MUTED, Lettering.Anchor.END);
      canvas.image(heatMap(field, limit), x, top, tile, height);
      canvas.frame(x, top, tile, height, 0.7, Canvas.MUTED);
      x += tile + gap;
    }
    colorBar(canvas, limit, x, top, top + height);
  }

  /** The first, the last, and evenly spread ones in between. */
  static List<Field> atMost(List<Field> fields, int most) {
    if (fields.size() <= most) {
      return fields;
    }
    List<Field> chosen = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      chosen.add(fields.get((int) Math.round((double) i * (fields.size() - 1) / (most - 1))));
    }
    return chosen;
  }

  private static void colorBar(Canvas canvas, double limit, double x, double top, double bottom) {
    int steps = 256;
    for (int i = 0; i < steps; i++) {
      canvas.graphics().setColor(ColorMap.DIVERGING.at(1 - (i + 0.5) / steps));
      double y = top + (bottom - top) * i / steps;
      canvas.graphics().fill(new Rectangle2D.Double(x, y, BAR, (bottom - top) / steps + 0.5));
    }
    canvas.frame(x, top, BAR, bottom - top, 0.7, Canvas.MUTED);
    Axis axis = new Axis(Axis.Scale.LINEAR, -limit, limit);
    for (Axis.Tick tick : axis.ticks(5)) {
      double y = bottom - axis.position(tick.value()) * (bottom - top);
      canvas.line(x + BAR, y, x + BAR + 3, y, 0.7, Canvas.MUTED);
      canvas.text(tick.label(), x + BAR + 6, y + 3.2, 9.5, Canvas.INK, Lettering.Anchor.START);
    }
  }

  /** Draws pictures in rows and writes a PNG; see {@link #fields}. */
  public static void pictures(Path file, String title, List<Picture> pictures, int columns) throws IOException {
    requireSome(pictures);
    draw(title, pictures, columns, 0).write(file);
  }

  /** One field alone as PNG, a square of {@code pixels} pixels for every site and nothing around it. */
  public static void bare(Path file, Field field, int pixels) throws IOException {
    requireSome(List.of(field));
    BufferedImage small = heatMap(field, limit(List.of(field)));
    BufferedImage large = new BufferedImage(small.getWidth() * pixels, small.getHeight() * pixels,
        BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < large.getHeight(); y++) {
      for (int x = 0; x < large.getWidth(); x++) {
        large.setRGB(x, y, small.getRGB(x / pixels, y / pixels));
      }
    }
    Canvas.write(large, file);
  }

  private static void requireSome(List<?> panels) {
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to draw");
    }
  }

  private static double tileHeight(List<Picture> pictures) {
    BufferedImage first = pictures.getFirst().image();
    return TILE * first.getHeight() / first.getWidth();
  }

  private static Canvas draw(String title, List<Picture> pictures, int columns, double rightSpace) {
    int across = Math.min(columns, pictures.size());
    int rows = (pictures.size() + across - 1) / across;
    double tileHeight = tileHeight(pictures);
    double width = 2 * MARGIN + across * TILE + (across - 1) * GAP + rightSpace;
    double height = HEAD + rows * (LABELS + tileHeight) + (rows - 1) * 4 + MARGIN;
    Canvas canvas = new Canvas(width, height);
    canvas.boldText(title, MARGIN, 27, 14, Canvas.INK, Lettering.Anchor.START);
    for (int i = 0; i < pictures.size(); i++) {
      Picture p = pictures.get(i);
      double x = MARGIN + i % across * (TILE + GAP);
      double y = HEAD + i / across * (LABELS + tileHeight + 4) + LABELS;
      canvas.text(p.label(), x, y - 8, 12.5, Canvas.INK, Lettering.Anchor.START);
      if (!p.detail().isEmpty()) {
        canvas.text(p.detail(), x + TILE, y - 8, 9.5, Canvas.MUTED, Lettering.Anchor.END);
      }
      canvas.image(p.image(), x, y, TILE, tileHeight);
      canvas.frame(x, y, TILE, tileHeight, 0.7, Canvas.MUTED);
    }
    return canvas;
  }

  /** The 99.7th percentile of |value| over all fields, so that a few extremes do not bleach the rest. */
  public static double limit(List<Field> fields) {
    double largest = 0;
    for (Field field : fields) {
      double[] sizes = new double[field.values().length];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Math.abs(field.values()[i]);
      }
      Arrays.sort(sizes);
      double percentile = sizes[(int) Math.floor(0.997 * (sizes.length - 1))];
      if (Double.isFinite(percentile)) {
        largest = Math.max(largest, percentile);
      }
    }
    return largest > 0 ? largest : 1;
  }

  /** A field with one pixel for each site, y upwards; {@code limit} is the value of the strongest colour. */
  public static BufferedImage heatMap(Field field, double limit) {
    BufferedImage image = new BufferedImage(field.width(), field.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < field.values().length; i++) {
      int rgb = ColorMap.DIVERGING.at(0.5 + 0.5 * field.values()[i] / limit).getRGB();
      image.setRGB(i % field.width(), field.height() - 1 - i / field.width(), rgb);
    }
    return image;
  }

  /** A label for a cutoff scale, {@code Λ = 2} or {@code Λ = ∞}. */
  public static String scaleLabel(double scale) {
    return Double.isInfinite(scale) ? "Λ = ∞" : "Λ = " + trimmed(scale);
  }

  static String trimmed(double value) {
    String text = String.format(Locale.ROOT, "%.4g", value);
    return text.contains(".") && !text.contains("e") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }
}
