package org.rgflow.statistics;

import java.util.Arrays;
import org.jtransforms.fft.DoubleFFT_1D;

/**
 * Γ(t) = Σ_r Σ_i x_r,i x_r,i+t / Σ_r (N_r − t) of several replicas, for t = 0, 1, 2, … in turn. Small
 * lags are summed directly, eight per pass. From {@value #DIRECT} on they come in pages of {@value
 * #BLOCK} through the Fourier transform: a block of the series times the two blocks that lie a page
 * away. So all lags of N values cost N²/{@value #BLOCK} operations, and few lags little.
 */
final class Autocovariance {
  /** The first lag that is not summed directly. */
  static final int DIRECT = 128;

  static final int BLOCK = 1024;
  private static final int LAGS_PER_PASS = 8;

  private final double[][] x;
  private double[] sums;
  private int first;
  private double[][][] blocks;
  private double[][][] pairs;

  /** @param x the deviations from the mean, by replica; kept, not copied */
  Autocovariance(double[][] x) {
    this.x = x;
    sums = direct(0);
  }

  /** Γ(t); 0 where no replica is long enough. Cheap if t grows by one from call to call. */
  double at(int t) {
    if (t < first || t >= first + sums.length) {
      first = t < DIRECT ? t : t / BLOCK * BLOCK;
      sums = t < DIRECT ? direct(first) : page(first / BLOCK);
    }
    double count = 0;
    for (double[] replica : x) {
      count += Math.max(replica.length - t, 0);
    }
    return count > 0 ? sums[t - first] / count : 0;
  }

  private double[] direct(int lag) {
    double[] sum = new double[LAGS_PER_PASS];
    for (double[] a : x) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      double s4 = 0;
      double s5 = 0;
      double s6 = 0;
      double s7 = 0;
      int complete = Math.max(a.length - lag - LAGS_PER_PASS + 1, 0);
      for (int i = 0; i < complete; i++) {
        double ai = a[i];
        int j = i + lag;
        s0 += ai * a[j];
        s1 += ai * a[j + 1];
        s2 += ai * a[j + 2];
        s3 += ai * a[j + 3];
        s4 += ai * a[j + 4];
        s5 += ai * a[j + 5];
        s6 += ai * a[j + 6];
        s7 += ai * a[j + 7];
      }
      double[] s = {s0, s1, s2, s3, s4, s5, s6, s7};
      for (int k = 0; k < LAGS_PER_PASS; k++) {
        sum[k] += s[k];
        for (int i = complete; i + lag + k < a.length; i++) {
          sum[k] += a[i] * a[i + lag + k];
        }
      }
    }
    return sum;
  }

  /** The sums at lags q·BLOCK … (q+1)·BLOCK − 1: Σ_b (block b, padded with zeros) ⋆ (blocks b+q and b+q+1). */
  private double[] page(int q) {
    int n = 2 * BLOCK; // short enough for JTransforms to stay on this thread
    DoubleFFT_1D fft = new DoubleFFT_1D(n);
    if (blocks == null) {
      blocks = spectra(fft, BLOCK);
      pairs = spectra(fft, n);
    }
    double[] product = new double[n];
    for (int r = 0; r < x.length; r++) {
      for (int b = 0; b + q < blocks[r].length; b++) {
        double[] u = blocks[r][b];
        double[] v = pairs[r][b + q];
        product[0] += u[0] * v[0];
        product[1] += u[1] * v[1];
        for (int k = 2; k < n; k += 2) {
          product[k] += u[k] * v[k] + u[k + 1] * v[k + 1];
          product[k + 1] += u[k] * v[k + 1] - u[k + 1] * v[k];
        }
      }
    }
    fft.realInverse(product, true);
    return Arrays.copyOf(product, BLOCK);
  }

  /** Real transforms, by replica and block, of what begins with a block and is so long. */
  private double[][][] spectra(DoubleFFT_1D fft, int length) {
    double[][][] spectra = new double[x.length][][];
    for (int r = 0; r < x.length; r++) {
      spectra[r] = new double[(x[r].length + BLOCK - 1) / BLOCK][2 * BLOCK];
      for (int b = 0; b < spectra[r].length; b++) {
        System.arraycopy(x[r], b * BLOCK, spectra[r][b], 0, Math.min(length, x[r].length - b * BLOCK));
        fft.realForward(spectra[r][b]);
      }
    }
    return spectra;
  }
}
