package org.rgflow.quality;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.jtransforms.fft.DoubleFFT_2D;
import org.rgflow.io.NpyArray;

/**
 * The radially averaged power spectrum of images: |φ_k|²/(height · width) of the discrete Fourier transform, averaged
 * over the modes whose wave number |k| = side · √((k_y/height)² + (k_x/width)²), in waves per shorter side, rounds to
 * the same integer, from 0 (the mean of the image) to side/2. White noise of variance v has power v everywhere.
 * Errors are standard errors over images, which are independent. Not safe for concurrent use.
 */
public final class PowerSpectrum {
  private final int height;
  private final int width;
  private final int[] bin;
  private final int[] modes;
  private final double[] sum;
  private final double[] squares;
  private final double[] plane;
  private final double[] power;
  private final DoubleFFT_2D transform;
  private long images;

  /** @throws IllegalArgumentException if a side is below 2 */
  public PowerSpectrum(int height, int width) {
    if (height < 2 || width < 2) {
      throw new IllegalArgumentException("a spectrum needs images of at least 2x2, not " + width + "x" + height);
    }
    this.height = height;
    this.width = width;
    int side = Math.min(height, width);
    bin = new int[height * width];
    modes = new int[side / 2 + 1];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double ky = (double) Math.min(y, height - y) / height;
        double kx = (double) Math.min(x, width - x) / width;
        int radius = (int) Math.round(side * Math.hypot(ky, kx));
        bin[y * width + x] = radius < modes.length ? radius : -1;
        if (radius < modes.length) {
          modes[radius]++;
        }
      }
    }
    sum = new double[modes.length];
    squares = new double[modes.length];
    power = new double[modes.length];
    plane = new double[2 * height * width];
    transform = new DoubleFFT_2D(height, width);
  }

  /**
   * Takes one plane of an image.
   *
   * @param values {@code [y][x]} from {@code offset} on
   */
  public void add(float[] values, int offset) {
    for (int i = 0; i < height * width; i++) {
      plane[i] = values[offset + i];
    }
    transform.realForwardFull(plane);
    Arrays.fill(power, 0);
    for (int i = 0; i < bin.length; i++) {
      if (bin[i] >= 0) {
        power[bin[i]] += plane[2 * i] * plane[2 * i] + plane[2 * i + 1] * plane[2 * i + 1];
      }
    }
    for (int b = 0; b < power.length; b++) {
      double mean = power[b] / modes[b] / bin.length;
      sum[b] += mean;
      squares[b] += mean * mean;
    }
    images++;
  }

  /** Number of images so far. */
  public long images() {
    return images;
  }

  /** Number of wave numbers, 0 to side/2. */
  public int bins() {
    return modes.length;
  }

  /** Number of Fourier modes that make a bin. */
  public int modes(int wave) {
    return modes[wave];
  }

  /** Power at a wave number, averaged over the images. */
  public double power(int wave) {
    return sum[wave] / images;
  }

  /**
   * The standard error of {@link #power}.
   *
   * @throws IllegalStateException if there are fewer than two images
   */
  public double error(int wave) {
    if (images < 2) {
      throw new IllegalStateException("a spectrum with errors needs two images, not " + images);
    }
    double mean = sum[wave] / images;
    return Math.sqrt(Math.max(0, squares[wave] / images - mean * mean) / (images - 1));
  }

  /**
   * How far two spectra are apart: the root mean square over the wave numbers of ln(P/P').
   *
   * @throws IllegalArgumentException if the spectra have different wave numbers
   */
  public double logDistance(PowerSpectrum other) {
    if (other.modes.length != modes.length) {
      throw new IllegalArgumentException("spectra of " + modes.length + " and " + other.modes.length + " wave numbers");
    }
    double squared = 0;
    for (int b = 0; b < modes.length; b++) {
      double log = Math.log(sum[b] / images) - Math.log(other.sum[b] / other.images);
      squared += log * log;
    }
    return Math.sqrt(squared / modes.length);
  }

  /** Everything, for {@link ReferenceCache}. */
  public Map<String, NpyArray> arrays() {
    return Map.of("spectrumExtents", NpyArray.of(new long[] {height, width, images}, 3),
        "spectrumSum", NpyArray.of(sum, sum.length), "spectrumSquares", NpyArray.of(squares, squares.length));
  }

  /**
   * The spectrum that {@link #arrays} gave.
   *
   * @throws IOException if arrays are missing or do not fit together
   */
  public static PowerSpectrum of(Map<String, NpyArray> arrays) throws IOException {
    NpyArray extents = arrays.get("spectrumExtents");
    NpyArray sum = arrays.get("spectrumSum");
    NpyArray squares = arrays.get("spectrumSquares");
    if (extents == null || sum == null || squares == null) {
      throw new IOException("a spectrum needs its extents, sum and squares");
    }
    try {
      if (extents.longs().length != 3) {
        throw new IOException("a spectrum has three extents, not " + extents);
      }
      PowerSpectrum spectrum = new PowerSpectrum(
          Math.toIntExact(extents.longs()[0]), Math.toIntExact(extents.longs()[1]));
      if (sum.doubles().length != spectrum.sum.length || squares.doubles().length != spectrum.sum.length
          || extents.longs()[2] < 1) {
        throw new IOException("a spectrum: arrays of different extents");
      }
      System.arraycopy(sum.doubles(), 0, spectrum.sum, 0, spectrum.sum.length);
      System.arraycopy(squares.doubles(), 0, spectrum.squares, 0, spectrum.sum.length);
      spectrum.images = extents.longs()[2];
      return spectrum;
    } catch (IllegalStateException | IllegalArgumentException | ArithmeticException e) {
      throw new IOException("a spectrum: " + e.getMessage(), e);
    }
  }
}
