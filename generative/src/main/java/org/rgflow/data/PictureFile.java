package org.rgflow.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.rgflow.io.OneLine;

/** A single JPEG or PNG file. */
public final class PictureFile {
  private final Path path;
  private final Photograph photograph;

  private PictureFile(Path path, Photograph photograph) {
    this.path = path;
    this.photograph = photograph;
  }

  /**
   * Decodes a file.
   *
   * @throws IOException if it is missing, damaged, of another kind or too large
   */
  public static PictureFile read(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) { // a pipe would be waited for
      throw new IOException("cannot read " + path + ": that is " + (Files.isDirectory(path) ? "a folder" : "no file")
          + ", not a picture");
    }
    try (InputStream in = Files.newInputStream(path); PhotographReader reader = new PhotographReader()) {
      byte[] bytes = in.readNBytes(PictureFiles.MAX_BYTES + 1);
      if (bytes.length > PictureFiles.MAX_BYTES) {
        throw new IOException("it has more than " + (PictureFiles.MAX_BYTES >> 20) + " MiB");
      }
      return new PictureFile(path, reader.decode(bytes));
    } catch (NoSuchFileException e) {
      throw new IOException("cannot read " + path + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException("cannot read " + path + ": permission denied", e);
    } catch (IOException e) {
      throw new IOException("cannot read " + path + ": " + OneLine.of(e.getMessage()), e);
    }
  }

  public int width() {
    return photograph.width();
  }

  public int height() {
    return photograph.height();
  }

  /** Whether it is stored without colours. */
  public boolean isGrey() {
    return photograph.bands() == 1;
  }

  /**
   * Cropped and scaled; a picture of the wanted size already is copied.
   *
   * @return grey or RGB in [0, 1]
   * @throws IOException if it is too small for the crop
   */
  public ColorImage scaled(PictureOptions options) throws IOException {
    try {
      byte[] planes = photograph.toPlanes(options.crop(), options.colours(), options.height(), options.width());
      float[] values = new float[planes.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (planes[i] & 0xFF) / 255f;
      }
      return new ColorImage(options.colours(), options.height(), options.width(), values);
    } catch (IllegalArgumentException e) {
      throw new IOException("cannot read " + path + ": " + OneLine.of(e.getMessage()), e);
    }
  }
}
