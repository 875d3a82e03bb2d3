package org.rgflow.quality;

/** What the bytes v of a picture become at the input of a network that a user brings. */
public enum InputRange {
  /** 2v/255 − 1, in [−1, 1]: what Inception was trained with. */
  SIGNED(2 / 255f, -1),
  /** v/255, in [0, 1]: for networks that scale for themselves. */
  UNIT(1 / 255f, 0),
  /** v, in [0, 255]. */
  BYTE(1, 0);

  private final float factor;
  private final float offset;

  InputRange(float factor, float offset) {
    this.factor = factor;
    this.offset = offset;
  }

  /** The input for a level in [0, 255]. */
  public float of(float level) {
    return factor * level + offset;
  }
}
