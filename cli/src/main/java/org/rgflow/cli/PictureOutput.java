package org.rgflow.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.rgflow.data.ColorImage;
import org.rgflow.data.ImageGrid;
import org.rgflow.data.PictureOptions;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.NpyArray;
import org.rgflow.io.NpzWriter;

/** Where drawn pictures go: a grid (.png), an array of bytes (.npz), or a folder of single pictures. */
final class PictureOutput {
  private enum Kind {
    GRID, ARRAY, FOLDER
  }

  private final Path out;
  private final Kind kind;

  private PictureOutput(Path out, Kind kind) {
    this.out = out;
    this.kind = kind;
  }

  /**
   * Checks before any work is done that the pictures can be written.
   *
   * @param count how many there will be
   */
  static PictureOutput of(Path out, int count) throws IOException {
    String name = out.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".npz") || Outputs.isPicture(out)) {
      AtomicFile.requireWritable(out);
      return new PictureOutput(out, name.endsWith(".npz") ? Kind.ARRAY : Kind.GRID);
    }
    if (!Files.exists(out) && out.getFileName() != null && out.getFileName().toString().matches(".*\\.[A-Za-z]{2,5}")) {
      throw new IllegalArgumentException("--out " + out + ": pictures are written as .png, .npz or into a folder");
    }
    Outputs.folder(out);
    if (Files.isDirectory(out)) {
      try (Stream<Path> files = Files.list(out)) {
        Optional<String> other = files.map(file -> file.getFileName().toString())
            .filter(file -> file.endsWith(".png") && !isOurs(file, count)).sorted().findFirst();
        if (other.isPresent()) {
          throw new IllegalArgumentException("--out " + out + ": there are other pictures in that folder, for instance "
              + other.get() + "; choose another one");
        }
      }
    }
    return new PictureOutput(out, Kind.FOLDER);
  }

  /**
   * Whether they will fit the memory and, as a grid, one picture.
   *
   * @param columns of the grid, 0 for a square one
   * @throws IllegalArgumentException if a grid would be too large
   */
  void requireRoom(PictureOptions size, int count, int columns) throws IOException {
    Outputs.requireMemory(size, count);
    if (kind == Kind.GRID) {
      try {
        grid(size.height(), size.width(), count, columns).require(size.height(), size.width(), count);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("--out " + out + ": " + e.getMessage()
            + ", or write them as .npz or into a folder", e);
      }
    }
  }

  private static ImageGrid grid(int height, int width, int count, int columns) {
    ImageGrid square = ImageGrid.square(height, width, count);
    return columns == 0 ? square : new ImageGrid(columns, square.zoom(), square.gap());
  }

  private static boolean isOurs(String file, int count) {
    return file.matches("\\d{6,9}\\.png") && Integer.parseInt(file.substring(0, file.length() - 4)) < count;
  }

  /**
   * Writes the pictures.
   *
   * @param labels class of each, for an array; written if all have one
   * @param columns of the grid, 0 for a square one
   */
  void write(List<ColorImage> pictures, int[] labels, int columns) throws IOException {
    switch (kind) {
      case GRID -> {
        ColorImage first = pictures.getFirst();
        ImageGrid.write(out, grid(first.height(), first.width(), pictures.size(), columns).draw(pictures));
      }
      case ARRAY -> writeArray(pictures, labels);
      case FOLDER -> {
        Files.createDirectories(out);
        for (int i = 0; i < pictures.size(); i++) {
          ImageGrid.write(out.resolve(String.format(Locale.ROOT, "%06d.png", i)),
              new ImageGrid(1, 1, 0).draw(pictures.subList(i, i + 1)));
        }
      }
    }
  }

  private void writeArray(List<ColorImage> pictures, int[] labels) throws IOException {
    ColorImage first = pictures.getFirst();
    int pixels = first.height() * first.width();
    int size = pixels * first.colours();
    byte[] bytes = new byte[Math.multiplyExact(pictures.size(), size)];
    for (int i = 0; i < bytes.length; i++) {
      int at = i % size;
      float value = pictures.get(i / size).values()[at % first.colours() * pixels + at / first.colours()];
      bytes[i] = (byte) Math.round(255 * value);
    }
    AtomicFile.write(out, stream -> {
      try (NpzWriter npz = new NpzWriter(stream)) {
        npz.write("images", NpyArray.of(bytes, pictures.size(), first.height(), first.width(), first.colours()));
        if (Arrays.stream(labels).allMatch(label -> label >= 0)) {
          npz.write("labels", NpyArray.of(labels, labels.length));
        }
      }
    });
  }
}
