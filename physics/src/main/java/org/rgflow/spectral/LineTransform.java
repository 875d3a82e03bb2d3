package org.rgflow.spectral;

/**
 * The real Fourier transform of one side of the lattice, for a few line vectors at a time, laid out as in
 * {@link org.rgflow.kernels.FourierVector}. Input and output may be the same lines.
 */
interface LineTransform {
  int n();

  /** Line vectors that one call transforms. */
  int vectors();

  /** Floats of scratch that one call needs. */
  int scratch();

  /** Transforms {@code vectors} (1 to {@link #vectors}) line vectors to modes. */
  void forward(float[] in, int inBase, int inStep, int inNext, float[] out, int outBase, int outStep, int outNext,
      int vectors, float[][] scratch);

  /** Transforms {@code vectors} (1 to {@link #vectors}) line vectors of modes to sites. */
  void inverse(float[] in, int inBase, int inStep, int inNext, float[] out, int outBase, int outStep, int outNext,
      int vectors, float[][] scratch);
}
