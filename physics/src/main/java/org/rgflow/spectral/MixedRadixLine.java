package org.rgflow.spectral;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.kernels.FourierVector;

/** Stockham's FFT of two real lines as one complex line, with factors 8, 4, 2, 3, 5 and odd primes. */
final class MixedRadixLine implements LineTransform {
  private record Pass(int radix, int m, int s, float[] twiddles, float[] roots) {}

  private final int n;
  private final Pass[] passes;

  MixedRadixLine(int n) {
    this.n = n;
    List<Integer> factors = factors(n);
    passes = new Pass[factors.size()];
    int s = 1;
    for (int i = 0; i < passes.length; i++) {
      int radix = factors.get(i);
      int m = n / s / radix;
      float[] twiddles = new float[m * 2 * (radix - 1)];
      for (int p = 0; p < m; p++) {
        for (int k = 1; k < radix; k++) {
          double angle = -2 * Math.PI * p * k / (radix * m);
          twiddles[p * 2 * (radix - 1) + 2 * k - 2] = (float) Math.cos(angle);
          twiddles[p * 2 * (radix - 1) + 2 * k - 1] = (float) Math.sin(angle);
        }
      }
      float[] roots = new float[2 * radix];
      for (int a = 0; a < radix; a++) {
        roots[2 * a] = (float) Math.cos(2 * Math.PI * a / radix);
        roots[2 * a + 1] = (float) Math.sin(2 * Math.PI * a / radix);
      }
      passes[i] = new Pass(radix, m, s, twiddles, roots);
      s *= radix;
    }
  }

  /** The factors in the order of the passes: large primes, 5, 3, then as few powers of two as possible, up to 8. */
  static List<Integer> factors(int n) {
    List<Integer> small = new ArrayList<>();
    List<Integer> large = new ArrayList<>();
    int rest = n;
    for (int factor : new int[] {5, 3}) {
      while (rest % factor == 0) {
        small.add(factor);
        rest /= factor;
      }
    }
    int twos = Integer.numberOfTrailingZeros(rest);
    rest >>= twos;
    while (twos > 0) {
      int power = twos == 1 ? 1 : twos == 2 || twos == 4 ? 2 : 3;
      small.add(1 << power);
      twos -= power;
    }
    for (int factor = 7; rest > 1; factor += 2) {
      while (rest % factor == 0) {
        large.add(factor);
        rest /= factor;
      }
    }
    large.addAll(small);
    return large;
  }

  @Override
  public int n() {
    return n;
  }

  @Override
  public int vectors() {
    return 2;
  }

  @Override
  public int scratch() {
    return 2 * n * FourierVector.WIDTH;
  }

  @Override
  public void forward(float[] in, int inBase, int inStep, int inNext, float[] out, int outBase, int outStep,
      int outNext, int vectors, float[][] scratch) {
    int width = FourierVector.WIDTH;
    float[] from = in;
    int base = inBase;
    int step = inStep;
    int imaginary = (vectors - 1) * inNext;
    for (int i = 0; i < passes.length; i++) {
      float[] to = scratch[i & 1];
      pass(passes[i], from, base, step, imaginary, to, 0, 2 * width, width, scratch[2]);
      from = to;
      base = 0;
      step = 2 * width;
      imaginary = width;
    }
    FourierVector.untangle(n, from, out, outBase, outStep, (vectors - 1) * outNext);
  }

  @Override
  public void inverse(float[] in, int inBase, int inStep, int inNext, float[] out, int outBase, int outStep,
      int outNext, int vectors, float[][] scratch) {
    int width = FourierVector.WIDTH;
    int last = passes.length - 1;
    int next = (vectors - 1) * outNext;
    FourierVector.tangle(n, in, inBase, inStep, (vectors - 1) * inNext, scratch[0]);
    for (int i = 0; i < last; i++) {
      pass(passes[i], scratch[i & 1], 0, 2 * width, width, scratch[i + 1 & 1], 0, 2 * width, width, scratch[2]);
    }
    pass(passes[last], scratch[last & 1], 0, 2 * width, width, out, outBase + next, outStep, -next, scratch[2]);
  }

  private static void pass(Pass pass, float[] in, int inBase, int inStep, int inImaginary, float[] out, int outBase,
      int outStep, int outImaginary, float[] sums) {
    int m = pass.m;
    int s = pass.s;
    float[] twiddles = pass.twiddles;
    switch (pass.radix) {
      case 2 -> FourierVector.radix2(
          m, s, twiddles, in, inBase, inStep, inImaginary, out, outBase, outStep, outImaginary);
      case 3 -> FourierVector.radix3(
          m, s, twiddles, in, inBase, inStep, inImaginary, out, outBase, outStep, outImaginary);
      case 4 -> FourierVector.radix4(
          m, s, twiddles, in, inBase, inStep, inImaginary, out, outBase, outStep, outImaginary);
      case 8 -> FourierVector.radix8(
          m, s, twiddles, in, inBase, inStep, inImaginary, out, outBase, outStep, outImaginary);
      case 5 -> FourierVector.radix5(
          m, s, twiddles, in, inBase, inStep, inImaginary, out, outBase, outStep, outImaginary);
      default -> FourierVector.radixOdd(pass.radix, m, s, twiddles, pass.roots, in, inBase, inStep, inImaginary,
          out, outBase, outStep, outImaginary, sums);
    }
  }
}
