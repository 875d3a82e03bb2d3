package org.rgflow.cli;

import java.util.List;

/** How modes of images are named for people. */
final class Modes {
  private static final List<String> COLOURS = List.of("Y", "Cb", "Cr");

  private Modes() {}

  /**
   * {@code Y (0, 3)}: colour, vertical and horizontal frequency; the colour alone where there are no patches.
   *
   * @param mode (colour · d + k1) · d + k2
   */
  static String name(int mode, int colours, int patch) {
    String colour = colours == 1 ? "grey" : COLOURS.get(mode / (patch * patch));
    return patch == 1 ? colour : colour + " (" + mode / patch % patch + ", " + mode % patch + ")";
  }
}
