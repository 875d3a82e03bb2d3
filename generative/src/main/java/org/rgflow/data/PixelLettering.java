package org.rgflow.data;

import java.awt.image.BufferedImage;
import java.util.Locale;

/** Capitals, digits and some signs of 3×5 pixels, for labels that need no installed fonts. */
final class PixelLettering {
  static final int HEIGHT = 5;
  /** Width of a letter with the gap behind it. */
  static final int ADVANCE = 4;

  private static final String LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-=+/: %";
  /** Fifteen bits each: rows from the top, the leftmost pixel first. */
  private static final int[] SHAPES = {
      0x7B6F, 0x2C97, 0x73E7, 0x73CF, 0x5BC9, 0x79CF, 0x79EF, 0x7249, 0x7BEF, 0x7BCF, 0x2BED, 0x6BAE,
      0x3923, 0x6B6E, 0x79A7, 0x79A4, 0x396B, 0x5BED, 0x7497, 0x126A, 0x5BAD, 0x4927, 0x5FED, 0x6B6D,
      0x2B6A, 0x6BA4, 0x2B73, 0x6BAD, 0x388E, 0x7492, 0x5B6F, 0x5B6A, 0x5BFD, 0x5AAD, 0x5A92, 0x72A7,
      0x0002, 0x01C0, 0x0E38, 0x05D0, 0x12A4, 0x0410, 0x0000, 0x52A5
  };

  private PixelLettering() {}

  /** Writes a text with its upper left corner at (x, y); signs that there are not become blanks. */
  static void write(BufferedImage picture, String text, int x, int y, int zoom, int rgb) {
    String capitals = text.toUpperCase(Locale.ROOT);
    for (int i = 0; i < capitals.length(); i++) {
      int letter = LETTERS.indexOf(capitals.charAt(i));
      int shape = letter < 0 ? 0 : SHAPES[letter];
      for (int bit = 0; bit < 3 * HEIGHT * zoom * zoom; bit++) {
        int column = bit % (3 * zoom);
        int row = bit / (3 * zoom);
        int toX = x + i * ADVANCE * zoom + column;
        int toY = y + row;
        boolean ink = (shape >> (14 - (row / zoom * 3 + column / zoom)) & 1) == 1;
        if (ink && toX < picture.getWidth() && toY < picture.getHeight()) {
          picture.setRGB(toX, toY, rgb);
        }
      }
    }
  }
}
