package org.rgflow.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.rgflow.data.PictureOptions;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.io.Heap;

/** Checks of output files and numbers, before any work is done. */
final class Outputs {
  private Outputs() {}

  /** The file for an ensemble, or null if there is none or {@code out} is a picture. */
  static Path ensembleFile(Path out) throws IOException {
    if (out == null || isPicture(out)) {
      return null;
    }
    EnsembleFiles.requireKnownFormat(out);
    AtomicFile.requireWritable(out);
    return out;
  }

  /** The file for a picture: {@code plot}, or else {@code out} if it is one; or null. */
  static Path picture(Path out, Path plot) throws IOException {
    if (plot == null && (out == null || !isPicture(out))) {
      return null;
    }
    return picture("--plot", plot != null ? plot : out);
  }

  /** The file for a picture, or null if there is none. */
  static Path picture(String option, Path picture) throws IOException {
    if (picture == null) {
      return null;
    }
    if (!isPicture(picture)) {
      throw new IllegalArgumentException(option + " " + picture + ": pictures are written as .png");
    }
    AtomicFile.requireWritable(picture);
    return picture;
  }

  /** A folder to write into, which may exist; its parent must. */
  static Path folder(Path out) throws IOException {
    return folder("--out", out);
  }

  static Path folder(String option, Path out) throws IOException {
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw new IllegalArgumentException(option + " " + out + ": a folder is wanted, and that is a file");
    }
    AtomicFile.requireWritable(Files.exists(out) ? out.resolve("probe") : out);
    return out;
  }

  /** Two files that are written must not be one. */
  static void different(String option, Path file, String other, Path second) {
    if (file != null && second != null
        && file.toAbsolutePath().normalize().equals(second.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(option + " and " + other + " are one file, " + file + "; give two names");
    }
  }

  /** Whether so many pictures of a model fit the memory, drawn and then as bytes. */
  static void requireMemory(PictureOptions size, long count) throws IOException {
    long numbers = (long) size.colours() * size.height() * size.width();
    Heap.require(count * (5 * numbers + 64),
        "keeping " + count + " pictures of " + size.width() + "x" + size.height() + " until they are all drawn");
  }

  static boolean isPicture(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".png");
  }

  static int positive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " " + value + ": must be at least 1");
    }
    return value;
  }

  static double positive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(option + " " + value + ": must be a positive number");
    }
    return value;
  }
}
