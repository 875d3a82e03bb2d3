package org.rgflow.validation.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.rgflow.io.AtomicFile;

/** A white drawing surface measured in points, at two pixels to the point. */
final class Canvas {
  static final int PIXELS_PER_POINT = 2;
  static final Color INK = new Color(0x222222);
  static final Color MUTED = new Color(0x6B6B6B);
  static final Color GRID = new Color(0xE4E4E4);

  private final BufferedImage image;
  private final Graphics2D g;
  private final double width;
  private final double height;

  Canvas(double width, double height) {
    this.width = width;
    this.height = height;
    image = new BufferedImage((int) Math.ceil(width * PIXELS_PER_POINT), (int) Math.ceil(height * PIXELS_PER_POINT),
        BufferedImage.TYPE_INT_RGB);
    g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    g.scale(PIXELS_PER_POINT, PIXELS_PER_POINT);
    g.setColor(Color.WHITE);
    g.fill(new Rectangle2D.Double(0, 0, width, height));
  }

  double width() {
    return width;
  }

  double height() {
    return height;
  }

  Graphics2D graphics() {
    return g;
  }

  void text(String text, double x, double baseline, double size, Color color, Lettering.Anchor anchor) {
    g.setColor(color);
    Lettering.draw(g, text, x, baseline, size, Lettering.Weight.REGULAR, anchor);
  }

  void boldText(String text, double x, double baseline, double size, Color color, Lettering.Anchor anchor) {
    g.setColor(color);
    Lettering.draw(g, text, x, baseline, size, Lettering.Weight.BOLD, anchor);
  }

  /** Text that reads upwards, centred on (x, y). */
  void uprightText(String text, double x, double y, double size, Color color) {
    AffineTransform before = g.getTransform();
    g.translate(x, y);
    g.rotate(-Math.PI / 2);
    text(text, 0, 0, size, color, Lettering.Anchor.MIDDLE);
    g.setTransform(before);
  }

  void line(double x0, double y0, double x1, double y1, double stroke, Color color) {
    g.setColor(color);
    g.setStroke(new BasicStroke((float) stroke, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    g.draw(new Line2D.Double(x0, y0, x1, y1));
  }

  void frame(double x, double y, double w, double h, double stroke, Color color) {
    g.setColor(color);
    g.setStroke(new BasicStroke((float) stroke));
    g.draw(new Rectangle2D.Double(x, y, w, h));
  }

  /** Fills a rectangle with an image whose pixels stay sharp. */
  void image(BufferedImage picture, double x, double y, double w, double h) {
    AffineTransform place = AffineTransform.getTranslateInstance(x, y);
    place.scale(w / picture.getWidth(), h / picture.getHeight());
    g.drawImage(picture, place, null);
  }

  /** Writes the picture as PNG; the file is replaced whole or not at all. */
  void write(Path file) throws IOException {
    write(image, file);
  }

  static void write(BufferedImage image, Path file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    if (!ImageIO.write(image, "png", bytes)) {
      throw new IOException(file + ": this JVM has no PNG writer");
    }
    AtomicFile.write(file, bytes::writeTo);
  }
}
