package org.rgflow.validation.plot;

import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Scanner;

/**
 * Text from letter outlines that travel with the program. AWT's own fonts need fontconfig and installed
 * fonts, which a fresh server lacks (drawing then throws); with outlines a picture is the same on every
 * machine. Latin, Greek, super- and subscript digits and the signs of mathematics; a combining
 * circumflex is set over the letter before it; a letter that is missing is drawn as a small box.
 */
final class Lettering {
  /** Stroke weight. */
  enum Weight {
    REGULAR,
    BOLD
  }

  /** Which point of the text lies at the given x. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  private record Glyph(double advance, Path2D outline) {}

  private static final String RESOURCE = "letters.txt";
  private static final int COMBINING_CIRCUMFLEX = 0x302;
  private static final double UNITS = 1000;
  private static final Map<Integer, Glyph> REGULAR = new HashMap<>();
  private static final Map<Integer, Glyph> BOLD = new HashMap<>();
  private static final Glyph BOX = new Glyph(550, outline("m80 0 l0 -700 l390 0 l0 700 z m60 -60 l270 0 l0 -580 l-270 "
      + "0 z"));

  static {
    load();
  }

  private Lettering() {}

  private static void load() {
    try (InputStream in = Lettering.class.getResourceAsStream(RESOURCE);
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("#")) {
          continue;
        }
        String[] parts = line.split(" ", 4);
        Glyph glyph = new Glyph(Double.parseDouble(parts[2]), outline(parts.length == 4 ? parts[3] : ""));
        (parts[0].equals("B") ? BOLD : REGULAR).put(Integer.parseInt(parts[1], 16), glyph);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path2D outline(String commands) {
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double x = 0;
    double y = 0;
    try (Scanner in = new Scanner(commands.replaceAll("([mlqz])", " $1 "))) {
      while (in.hasNext()) {
        String command = in.next();
        switch (command) {
          case "m", "l" -> {
            x += in.nextInt();
            y += in.nextInt();
            if (command.equals("m")) {
              path.moveTo(x, y);
            } else {
              path.lineTo(x, y);
            }
          }
          case "q" -> {
            double cx = x + in.nextInt();
            double cy = y + in.nextInt();
            x = cx + in.nextInt();
            y = cy + in.nextInt();
            path.quadTo(cx, cy, x, y);
          }
          case "z" -> path.closePath();
          default -> throw new IllegalStateException("letter outline: unknown command " + command);
        }
      }
    }
    return path;
  }

  private static Glyph glyph(int codePoint, Weight weight) {
    Glyph regular = REGULAR.getOrDefault(codePoint, BOX);
    return weight == Weight.BOLD ? BOLD.getOrDefault(codePoint, regular) : regular;
  }

  /** Width of a text set at a size (the em), in the same unit. */
  static double width(String text, double size, Weight weight) {
    return text.codePoints().filter(c -> c != COMBINING_CIRCUMFLEX).mapToDouble(c -> glyph(c, weight).advance()).sum()
        * size / UNITS;
  }

  /** Fills a text with its baseline at y in the graphics' current colour. */
  static void draw(Graphics2D g, String text, double x, double y, double size, Weight weight, Anchor anchor) {
    double scale = size / UNITS;
    double pen = switch (anchor) {
      case START -> x;
      case MIDDLE -> x - width(text, size, weight) / 2;
      case END -> x - width(text, size, weight);
    };
    double before = 0;
    for (int c : text.codePoints().toArray()) {
      Glyph glyph = glyph(c, weight);
      double at = pen;
      if (c == COMBINING_CIRCUMFLEX) {
        double centre = glyph.outline().getBounds2D().getCenterX();
        at = pen - (before / 2 + centre) * scale;
      }
      AffineTransform place = AffineTransform.getTranslateInstance(at, y);
      place.scale(scale, scale);
      g.fill(place.createTransformedShape(glyph.outline()));
      if (c != COMBINING_CIRCUMFLEX) {
        before = glyph.advance();
        pen += glyph.advance() * scale;
      }
    }
  }
}
