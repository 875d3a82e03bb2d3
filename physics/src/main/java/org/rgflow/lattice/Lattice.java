package org.rgflow.lattice;

/**
 * A periodic rectangular lattice with spacing 1. Site (x, y) has index {@code y * lx + x}. On a side
 * of length 2 the two neighbours coincide and the link counts twice.
 *
 * @param lx extent in x, 2 to 2048
 * @param ly extent in y, 2 to 2048
 */
public record Lattice(int lx, int ly) {
  public static final int MIN_SIDE = 2;
  public static final int MAX_SIDE = 2048;

  /** @throws IllegalArgumentException if a side is outside 2 … 2048 */
  public Lattice {
    if (lx < MIN_SIDE || ly < MIN_SIDE || lx > MAX_SIDE || ly > MAX_SIDE) {
      throw new IllegalArgumentException(
          "lattice " + lx + "x" + ly + ": each side must be between " + MIN_SIDE + " and " + MAX_SIDE);
    }
  }

  public static Lattice square(int side) {
    return new Lattice(side, side);
  }

  /**
   * Reads {@code 64x64}, {@code 16x32} (x extent first) or {@code 64} (a square).
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Lattice parse(String text) {
    String[] sides = text.trim().toLowerCase(java.util.Locale.ROOT).split("x", -1);
    try {
      int lx = Integer.parseInt(sides[0]);
      if (sides.length <= 2) {
        return new Lattice(lx, sides.length == 2 ? Integer.parseInt(sides[1]) : lx);
      }
    } catch (NumberFormatException e) {
      // the message below names the text
    }
    throw new IllegalArgumentException("'" + text + "' is not a lattice: write for instance 64x64 or 16x32");
  }

  public int sites() {
    return lx * ly;
  }

  @Override
  public String toString() {
    return lx + "x" + ly;
  }
}
