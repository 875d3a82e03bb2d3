package org.rgflow.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Fashion-MNIST (Xiao, Rasul &amp; Vollgraf 1708.07747): 60,000 and 10,000 grey pictures of 28×28 in ten classes,
 * from its four IDX files, packed by gzip or not. Mean 0.2860 and standard deviation 0.3530 of the training
 * pixels in [0, 1].
 */
public final class FashionMnist {
  /** The ten classes in the order of their labels. */
  public static final List<String> CLASSES = List.of(
      "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot");

  /** The two parts of the set. */
  public enum Split {
    TRAIN("train"), TEST("t10k");

    private final String prefix;

    Split(String prefix) {
      this.prefix = prefix;
    }
  }

  private FashionMnist() {}

  /** Whether a directory holds files of that name. */
  public static boolean isIn(Path directory) {
    return find(directory, Split.TRAIN, "images", 3) != null || find(directory, Split.TEST, "images", 3) != null;
  }

  /**
   * Reads one part.
   *
   * @param directory with {@code train-images-idx3-ubyte.gz} and so on
   * @throws IOException if a file is missing or damaged
   */
  public static ImageSet open(Path directory, Split split) throws IOException {
    return IdxImages.open(require(directory, split, "images", 3), require(directory, split, "labels", 1), CLASSES);
  }

  private static Path require(Path directory, Split split, String what, int rank) throws IOException {
    Path path = find(directory, split, what, rank);
    if (path == null) {
      throw new IOException("there is no " + name(split, what, rank, '-') + " in " + directory
          + ", packed by gzip or not; Fashion-MNIST has four such files");
    }
    return path;
  }

  private static Path find(Path directory, Split split, String what, int rank) {
    for (char separator : new char[] {'-', '.'}) {
      for (String ending : new String[] {"", ".gz"}) {
        Path path = directory.resolve(name(split, what, rank, separator) + ending);
        if (Files.isRegularFile(path)) {
          return path;
        }
      }
    }
    return null;
  }

  private static String name(Split split, String what, int rank, char separator) {
    return split.prefix + "-" + what + separator + "idx" + rank + "-ubyte";
  }
}
