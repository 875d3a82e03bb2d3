package org.rgflow.spectral;

import org.rgflow.kernels.FourierVector;

/** Half-size matrices on folded lines: n²/2 multiplications per line. */
final class FoldedLine implements LineTransform {
  private final int n;
  private final int cosines;
  private final int sines;
  private final float[] cosine;
  private final float[] cosineTransposed;
  private final float[] sine;
  private final int[] cosineModes;
  private final int[] sineModes;
  private final int[] rows;

  FoldedLine(int n) {
    this.n = n;
    cosines = n / 2 + 1;
    sines = (n - 1) / 2;
    double[] basis = Bases.realFourier(n);
    cosine = new float[cosines * cosines];
    cosineTransposed = new float[cosines * cosines];
    sine = new float[sines * sines];
    cosineModes = new int[cosines];
    sineModes = new int[sines];
    for (int f = 0; f < cosines; f++) {
      cosineModes[f] = Math.max(0, 2 * f - 1);
      for (int j = 0; j < cosines; j++) {
        float value = (float) basis[cosineModes[f] * n + j];
        cosine[f * cosines + j] = value;
        cosineTransposed[j * cosines + f] = value;
      }
    }
    for (int f = 0; f < sines; f++) {
      sineModes[f] = 2 * f + 2;
      for (int j = 0; j < sines; j++) {
        sine[f * sines + j] = (float) basis[sineModes[f] * n + j + 1];
      }
    }
    rows = new int[cosines];
    for (int r = 0; r < cosines; r++) {
      rows[r] = r;
    }
  }

  @Override
  public int n() {
    return n;
  }

  @Override
  public int vectors() {
    return FourierVector.FOLDED;
  }

  @Override
  public int scratch() {
    return n * FourierVector.FOLDED * FourierVector.WIDTH;
  }

  @Override
  public void forward(float[] in, int inBase, int inStep, int inNext, float[] out, int outBase, int outStep,
      int outNext, int vectors, float[][] scratch) {
    float[] folded = scratch[0];
    FourierVector.fold(n, in, inBase, inStep, inNext, vectors, folded);
    FourierVector.multiply(
        cosines, cosines, cosine, folded, 0, out, cosineModes, outBase, outStep, outNext, vectors);
    FourierVector.multiply(sines, sines, sine, folded, cosines, out, sineModes, outBase, outStep, outNext, vectors);
  }

  @Override
  public void inverse(float[] in, int inBase, int inStep, int inNext, float[] out, int outBase, int outStep,
      int outNext, int vectors, float[][] scratch) {
    int width = FourierVector.WIDTH;
    int row = FourierVector.FOLDED * width;
    float[] sorted = scratch[0];
    float[] folded = scratch[1];
    FourierVector.sortModes(n, in, inBase, inStep, inNext, vectors, sorted);
    FourierVector.multiply(
        cosines, cosines, cosineTransposed, sorted, 0, folded, rows, 0, row, width, FourierVector.FOLDED);
    FourierVector.multiply(
        sines, sines, sine, sorted, cosines, folded, rows, cosines * row, row, width, FourierVector.FOLDED);
    FourierVector.unfold(n, folded, out, outBase, outStep, outNext, vectors);
  }
}
