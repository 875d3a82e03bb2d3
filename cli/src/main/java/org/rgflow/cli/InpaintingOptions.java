package org.rgflow.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rgflow.data.ColorImage;
import org.rgflow.data.Crop;
import org.rgflow.data.PictureFile;
import org.rgflow.data.PictureOptions;
import picocli.CommandLine.Option;

/** Painting a part of a picture anew. */
final class InpaintingOptions {
  private static final Pattern RECTANGLE = Pattern.compile("(\\d{1,6}),(\\d{1,6}),(\\d{1,6}),(\\d{1,6})");

  @Option(names = "--inpaint", paramLabel = "IMAGE",
      description = "Keep this picture (JPEG or PNG, scaled to the model's size) and paint only what --mask marks.")
  private Path picture;

  @Option(names = "--mask", paramLabel = "FILE|X,Y,W,H",
      description = "What to paint: the white of a picture as large as IMAGE or as the model's, or W x H pixels of"
          + " the model's pictures, right of X and below Y.")
  private String mask;

  boolean given() {
    return picture != null;
  }

  /** Checks what can be checked before the model is read. */
  void check() {
    if ((picture == null) != (mask == null)) {
      throw new IllegalArgumentException(picture == null ? "--mask belongs to --inpaint, which is missing"
          : "--inpaint needs --mask: a picture whose white is painted, or X,Y,W,H");
    }
  }

  /**
   * What a sampler is to keep.
   *
   * @param picture in the model's size
   * @param known 1 in the pixels that are kept, 0 in those that are painted
   */
  record Kept(ColorImage picture, ColorImage known) {}

  /**
   * Reads the picture and the mask; empty if there are none.
   *
   * @throws IOException if one of them cannot be read
   */
  Optional<Kept> read(PictureOptions options) throws IOException {
    if (picture == null) {
      return Optional.empty();
    }
    PictureFile file = PictureFile.read(picture);
    ColorImage scaled =
        file.scaled(isThatSize(file, options) ? uncropped(options, options.colours()) : options);
    return Optional.of(new Kept(scaled, known(file, options)));
  }

  private static boolean isThatSize(PictureFile file, PictureOptions options) {
    return file.width() == options.width() && file.height() == options.height();
  }

  /** What has the model's size already, a picture that it drew for instance, is taken whole. */
  private static PictureOptions uncropped(PictureOptions options, int colours) {
    return new PictureOptions(colours, options.height(), options.width(), Crop.PAPER, 0);
  }

  private ColorImage known(PictureFile kept, PictureOptions options) throws IOException {
    Matcher rectangle = RECTANGLE.matcher(mask.strip());
    float[] known;
    if (rectangle.matches()) {
      known = outside(rectangle, options);
    } else {
      PictureFile file = PictureFile.read(maskFile());
      boolean fits = isThatSize(file, options);
      if (!fits && (file.width() != kept.width() || file.height() != kept.height())) {
        throw new IllegalArgumentException("--mask " + mask + " has " + file.width() + "x" + file.height()
            + " pixels; it must have the size of the picture, " + kept.width() + "x" + kept.height()
            + ", or that of the model's pictures, " + options.width() + "x" + options.height());
      }
      known = file.scaled(fits ? uncropped(options, 1)
          : new PictureOptions(1, options.height(), options.width(), options.crop(), 0)).values();
      for (int i = 0; i < known.length; i++) {
        known[i] = 1 - known[i];
      }
    }
    boolean all = true;
    for (float value : known) {
      all &= value == 1;
    }
    if (all) {
      throw new IllegalArgumentException("--mask " + mask
          + ": it marks nothing to paint; white is painted, black is kept");
    }
    return new ColorImage(1, options.height(), options.width(), known);
  }

  private Path maskFile() {
    Path path = Converters.path(mask);
    if (!Files.exists(path) && mask.matches("[-+\\d.,\\s]+")) {
      throw new IllegalArgumentException("--mask " + mask + ": a rectangle is X,Y,W,H, four whole numbers from 0, for"
          + " instance 0,14,28,14");
    }
    return path;
  }

  private float[] outside(Matcher rectangle, PictureOptions options) {
    int[] numbers = new int[4];
    Arrays.setAll(numbers, i -> Integer.parseInt(rectangle.group(i + 1)));
    if (numbers[0] + numbers[2] > options.width() || numbers[1] + numbers[3] > options.height()) {
      throw new IllegalArgumentException("--mask " + mask + ": that leaves the model's pictures of " + options.width()
          + "x" + options.height());
    }
    float[] known = new float[options.height() * options.width()];
    Arrays.fill(known, 1);
    for (int y = numbers[1]; y < numbers[1] + numbers[3]; y++) {
      Arrays.fill(known, y * options.width() + numbers[0], y * options.width() + numbers[0] + numbers[2], 0);
    }
    return known;
  }
}
