package org.rgflow.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rgflow.data.FashionMnist;
import org.rgflow.data.ImageChoice;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PictureImages;
import org.rgflow.data.PictureOptions;

/**
 * Real pictures against which generated ones are measured: the training pictures, and others that play the generated
 * ones, as many as those, for the floor of every figure.
 *
 * @param all where the nearest picture to a generated one is looked for
 * @param training what generated pictures are measured against
 * @param others all that are not among {@code training}
 * @param test of the others as many as are generated
 * @param origin where {@code test} comes from
 */
public record ReferenceImages(ImageSet all, ImageSet training, ImageSet others, ImageSet test, Origin origin) {
  /** Where the test pictures come from. */
  public enum Origin {
    /** The data's own test split. */
    TEST_SPLIT,
    /** Set aside from data without a test split, evenly spread; a model may have been trained on them. */
    SET_ASIDE
  }

  /**
   * Opens data.
   *
   * @param options for a folder or zip, and the size that is wanted
   * @param count generated pictures
   * @throws IOException if the data cannot be read or do not fit the options
   * @throws IllegalArgumentException if there are too few pictures; the message says how many would do
   */
  public static ReferenceImages open(Path data, PictureOptions options, int count) throws IOException {
    if (Files.isDirectory(data) && FashionMnist.isIn(data)) {
      ImageSet training = FashionMnist.open(data, FashionMnist.Split.TRAIN);
      ImageSet test = FashionMnist.open(data, FashionMnist.Split.TEST);
      if (training.colours() != options.colours() || training.height() != options.height()
          || training.width() != options.width()) {
        throw new IOException(data + " has grey pictures of " + training.width() + "x" + training.height()
            + ", but those to be judged are " + (options.colours() == 1 ? "grey" : "colour") + " ones of "
            + options.width() + "x" + options.height());
      }
      requireEnough(data, count, Math.min(test.size(), training.size()));
      return new ReferenceImages(training, training, test, ImageChoice.evenly(test, count), Origin.TEST_SPLIT);
    }
    ImageSet training = PictureImages.open(data, options);
    requireEnough(data, count, training.size() / 2);
    ImageSet aside = ImageChoice.evenly(training, count);
    return new ReferenceImages(training, ImageChoice.others(training, count), aside, aside, Origin.SET_ASIDE);
  }

  private static void requireEnough(Path data, int count, int most) {
    if (count > most) {
      throw new IllegalArgumentException("the floor of " + count + " pictures needs as many real ones that are not the"
          + " reference, and " + data + " has pictures for " + most + (most < 2 ? "" : "; use --count " + most));
    }
  }
}
