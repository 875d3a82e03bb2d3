package org.rgflow.data;

/** How the bytes of a picture become the numbers that a model sees. */
public enum PixelCoding {
  /** v/255, in [0, 1]. */
  UNIT,
  /** 2v/255 − 1, in [−1, 1]. */
  SIGNED,
  /** {@link YCbCr} in [−1, 1] for pictures of three colours, {@link #SIGNED} for grey ones: the paper's. */
  LUMA_CHROMA
}
