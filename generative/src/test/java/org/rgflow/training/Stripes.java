package org.rgflow.training;

import java.util.List;
import org.rgflow.data.ImageSet;

/** Grey pictures of 8×8 in two classes: bright to the left or bright above, each in eight strengths. */
record Stripes(int size) implements ImageSet {
  @Override
  public int colours() {
    return 1;
  }

  @Override
  public int height() {
    return 8;
  }

  @Override
  public int width() {
    return 8;
  }

  @Override
  public void copy(int index, byte[] out, int offset) {
    int bright = 130 + 17 * (index / 2 % 8);
    for (int i = 0; i < 64; i++) {
      int along = index % 2 == 0 ? i % 8 : i / 8;
      out[offset + i] = (byte) (along < 3 ? bright : 30);
    }
  }

  @Override
  public int label(int index) {
    return index % 2;
  }

  @Override
  public List<String> classes() {
    return List.of("left", "above");
  }
}
