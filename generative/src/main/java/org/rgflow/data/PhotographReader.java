package org.rgflow.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes JPEG and PNG through ImageIO. One thread uses one of these. */
final class PhotographReader implements AutoCloseable {
  private static final int MAX_SIDE = 16_384;
  private static final int MAX_PIXELS = 1 << 26;

  private ImageReader jpeg;
  private ImageReader png;
  private String warning;

  /**
   * Decodes a file.
   *
   * @throws IOException with the reason alone if it is damaged, of another kind, or too large
   */
  Photograph decode(byte[] file) throws IOException {
    boolean isJpeg = file.length > 3 && (file[0] & 0xFF) == 0xFF && (file[1] & 0xFF) == 0xD8;
    boolean isPng = file.length > 8 && (file[0] & 0xFF) == 0x89 && file[1] == 'P' && file[2] == 'N' && file[3] == 'G';
    if (!isJpeg && !isPng) {
      throw new IOException("it is neither JPEG nor PNG");
    }
    ImageReader reader = isJpeg ? jpeg() : png();
    boolean sound = false;
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      warning = null;
      // Metadata are not wanted, and may be packed to expand without limit.
      reader.setInput(in, true, true);
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
        throw new IOException("it has " + width + "x" + height + " pixels; at most " + MAX_SIDE + " a side and "
            + MAX_PIXELS + " in all are read");
      }
      Photograph photograph = photograph(reader.read(0));
      if (warning != null) {
        throw new IOException(warning);
      }
      sound = true;
      return photograph;
    } catch (RuntimeException e) { // what decoders throw at damaged data is not limited to IOException
      throw new IOException("it cannot be decoded: " + e.getClass().getSimpleName(), e);
    } finally {
      if (!sound) {
        dispose(reader);
      }
    }
  }

  private ImageReader jpeg() {
    if (jpeg == null) {
      jpeg = reader("jpeg");
    }
    return jpeg;
  }

  private ImageReader png() {
    if (png == null) {
      png = reader("png");
    }
    return png;
  }

  /** A truncated JPEG is filled with grey, and only a warning tells. */
  private ImageReader reader(String format) {
    ImageReader reader = ImageIO.getImageReadersByFormatName(format).next();
    reader.addIIOReadWarningListener((source, text) -> {
      String lower = text.toLowerCase(Locale.ROOT);
      if (lower.contains("truncated") || lower.contains("premature")) {
        warning = "truncated";
      }
    });
    return reader;
  }

  /** A decoder that failed is not used again. */
  private void dispose(ImageReader reader) {
    reader.dispose();
    if (reader == jpeg) {
      jpeg = null;
    } else {
      png = null;
    }
  }

  @Override
  public void close() {
    if (jpeg != null) {
      dispose(jpeg);
    }
    if (png != null) {
      dispose(png);
    }
  }

  private static Photograph photograph(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    int pixels = width * height;
    Raster raster = image.getRaster();
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      // As stored: ImageIO would take grey for linear light and brighten it.
      byte[] grey = new byte[pixels];
      int bits = image.getSampleModel().getSampleSize(0);
      int[] row = new int[width];
      for (int y = 0; y < height; y++) {
        raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
        for (int x = 0; x < width; x++) {
          grey[y * width + x] = (byte) (bits >= 8 ? row[x] >> bits - 8 : row[x] * 255 / ((1 << bits) - 1));
        }
      }
      return new Photograph(width, height, 1, grey);
    }
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return new Photograph(width, height, 3, inkToRgb(raster));
    }
    byte[] rgb = new byte[3 * pixels];
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR && raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getData().length == 3 * pixels) {
      byte[] bgr = buffer.getData();
      for (int i = 0; i < 3 * pixels; i += 3) {
        rgb[i] = bgr[i + 2];
        rgb[i + 1] = bgr[i + 1];
        rgb[i + 2] = bgr[i];
      }
      return new Photograph(width, height, 3, rgb);
    }
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int at = 3 * (y * width + x);
        rgb[at] = (byte) (row[x] >> 16);
        rgb[at + 1] = (byte) (row[x] >> 8);
        rgb[at + 2] = (byte) row[x];
      }
    }
    return new Photograph(width, height, 3, rgb);
  }

  /** Light that passes two inks, 1 − R = C + K − CK, as other programs do; ImageIO would brighten it. */
  private static byte[] inkToRgb(Raster raster) {
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[4 * width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < 3 * width; i++) {
        int key = row[i / 3 * 4 + 3];
        rgb[3 * width * y + i] = (byte) (((255 - row[i / 3 * 4 + i % 3]) * (255 - key) + 127) / 255);
      }
    }
    return rgb;
  }
}
