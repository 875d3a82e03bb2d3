package org.rgflow.data;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Which sizes of pictures and patches go together. */
public final class PatchTiling {
  private PatchTiling() {}

  /**
   * Checks that patches of a side tile pictures.
   *
   * @throws IllegalArgumentException otherwise, with the sizes that would work
   */
  public static void require(int height, int width, int side) {
    if (side < 2) {
      throw new IllegalArgumentException("a patch has at least 2 pixels a side, not " + side);
    }
    if (height % side == 0 && width % side == 0) {
      return;
    }
    String patches = IntStream.rangeClosed(2, Math.min(height, width)).filter(d -> height % d == 0 && width % d == 0)
        .mapToObj(d -> d + "x" + d).limit(8).collect(Collectors.joining(", "));
    throw new IllegalArgumentException("patches of " + side + "x" + side + " do not tile pictures of " + width + "x"
        + height + "; use pictures of " + sizes(width, height, side)
        + (patches.isEmpty() ? "" : ", or patches of " + patches));
  }

  /** The next size below, if there is one, and the next above. */
  private static String sizes(int width, int height, int side) {
    int above = (width + side - 1) / side * side;
    int aboveHeight = (height + side - 1) / side * side;
    String larger = above + "x" + aboveHeight;
    return width < side || height < side ? larger
        : width / side * side + "x" + height / side * side + " or " + larger;
  }
}
