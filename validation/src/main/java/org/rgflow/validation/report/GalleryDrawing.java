package org.rgflow.validation.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.plot.ColorMap;
import org.rgflow.validation.plot.Panels;

/** A gallery as a grid of pictures, embedded as PNG with one pixel for each site. */
final class GalleryDrawing {
  private static final int BAR_STEPS = 201;

  private GalleryDrawing() {}

  static void write(Gallery gallery, Markup out) {
    List<Panels.Field> fields = gallery.rows().stream().flatMap(r -> r.tiles().stream())
        .filter(Panels.Field.class::isInstance).map(Panels.Field.class::cast).toList();
    double limit = Panels.limit(fields);
    for (Gallery.Row row : gallery.rows()) {
      if (!row.label().isEmpty()) {
        out.element("p", row.label(), "class", "row");
      }
      out.open("div", "class", "tiles", "style", "--tiles:" + row.tiles().size());
      for (Panels.Tile tile : row.tiles()) {
        BufferedImage image = switch (tile) {
          case Panels.Field field -> Panels.heatMap(field, limit);
          case Panels.Picture picture -> picture.image();
        };
        out.open("div", "class", "tile").element("span", tile.label());
        out.empty("img", "src", dataUri(image), "alt", (row.label() + " " + tile.label() + " " + tile.detail()).strip(),
            "width",
            Integer.toString(image.getWidth()), "height", Integer.toString(image.getHeight()));
        if (!tile.detail().isEmpty()) {
          out.element("small", tile.detail());
        }
        out.close();
      }
      out.close().line();
    }
    if (!fields.isEmpty()) {
      writeBar(limit, out);
    }
  }

  /** The colours of the fields, from −limit to limit. */
  private static void writeBar(double limit, Markup out) {
    BufferedImage bar = new BufferedImage(BAR_STEPS, 1, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < BAR_STEPS; i++) {
      bar.setRGB(i, 0, ColorMap.DIVERGING.at((double) i / (BAR_STEPS - 1)).getRGB());
    }
    out.open("p", "class", "bar").text(Numbers.digits(-limit, 3) + " ");
    out.empty("img", "src", dataUri(bar), "alt", "scale of colours", "width", Integer.toString(BAR_STEPS), "height",
        "12");
    out.text(" " + Numbers.digits(limit, 3)).close().line();
  }

  private static String dataUri(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.setUseCache(false);
      if (!ImageIO.write(image, "png", bytes)) {
        throw new IOException("this JVM has no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
