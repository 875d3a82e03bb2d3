package org.rgflow.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rgflow.text.NearestName;

/** Which part of a photograph becomes a picture of the set, and how it is brought to size. */
public enum Crop {
  /** The shorter side is scaled to the picture's, and the middle is kept: the paper's (2402.17090). */
  PAPER,
  /** The middle 140×140 pixels, scaled: usual for CelebA's 178×218. */
  STANDARD,
  /** The 128×128 pixels around (89, 121), scaled: tighter, of CelebA's 178×218. */
  FACE;

  private static final int STANDARD_SIDE = 140;
  private static final int FACE_SIDE = 128;
  private static final int FACE_X = 89;
  private static final int FACE_Y = 121;

  /** As on the command line. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** @throws IllegalArgumentException if there is none of that name, with the nearest one */
  public static Crop named(String name) {
    List<String> titles = Arrays.stream(values()).map(Crop::title).toList();
    int index = titles.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(NearestName.message("crop", name, titles));
    }
    return values()[index];
  }

  /**
   * A photograph's rectangle (x, y, width, height) is scaled to {@code scaledWidth} × {@code scaledHeight}, of
   * which the picture is the part that begins at (left, top).
   */
  record Plan(int x, int y, int width, int height, int scaledWidth, int scaledHeight, int left, int top) {}

  /**
   * What to do with a photograph.
   *
   * @throws IllegalArgumentException if it is too small for this crop
   */
  Plan plan(int width, int height, int targetWidth, int targetHeight) {
    return switch (this) {
      case PAPER -> {
        int scaledWidth = targetWidth;
        int scaledHeight = targetHeight;
        if ((long) targetHeight * width >= (long) targetWidth * height) {
          scaledWidth = (int) Math.max(targetWidth, (long) targetHeight * width / height);
        } else {
          scaledHeight = (int) Math.max(targetHeight, (long) targetWidth * height / width);
        }
        yield new Plan(0, 0, width, height, scaledWidth, scaledHeight, (scaledWidth - targetWidth) / 2,
            (scaledHeight - targetHeight) / 2);
      }
      case STANDARD -> rectangle((width - STANDARD_SIDE) / 2, (height - STANDARD_SIDE) / 2, STANDARD_SIDE, width,
          height, targetWidth, targetHeight);
      case FACE -> rectangle(FACE_X - FACE_SIDE / 2, FACE_Y - FACE_SIDE / 2, FACE_SIDE, width, height, targetWidth,
          targetHeight);
    };
  }

  private Plan rectangle(int x, int y, int side, int width, int height, int targetWidth, int targetHeight) {
    if (width < side || height < side || x + side > width || y + side > height) {
      throw new IllegalArgumentException("its " + width + "x" + height + " pixels are too few for the crop "
          + title() + "; use the crop " + PAPER.title());
    }
    return new Plan(x, y, side, side, targetWidth, targetHeight, 0, 0);
  }
}
