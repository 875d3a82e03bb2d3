package org.rgflow.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens whatever a user names as data. */
public final class ImageSets {
  private ImageSets() {}

  /**
   * A directory with Fashion-MNIST's IDX files, or else a folder or zip of JPEG and PNG files.
   *
   * @param split part of Fashion-MNIST; a folder or zip has one part only, and is the training part
   * @param options for a folder or zip
   * @throws IOException if it cannot be read, or does not fit the options
   */
  public static ImageSet open(Path path, FashionMnist.Split split, PictureOptions options) throws IOException {
    if (!Files.isDirectory(path) || !FashionMnist.isIn(path)) {
      return PictureImages.open(path, options);
    }
    ImageSet images = FashionMnist.open(path, split);
    if (images.colours() != options.colours() || images.height() != options.height()
        || images.width() != options.width()) {
      throw new IOException(path + " has grey pictures of " + images.width() + "x" + images.height()
          + ", but the configuration wants " + (options.colours() == 1 ? "grey" : "colour") + " ones of "
          + options.width() + "x" + options.height());
    }
    return images;
  }
}
