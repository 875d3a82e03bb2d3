package org.rgflow.flow;

/** Checks on scales, shared by the flows. */
final class Scales {
  private Scales() {}

  static void requireDescending(double from, double to) {
    if (!(to > 0)) {
      throw new IllegalArgumentException("a flow needs scales > 0, not " + to);
    }
    if (!(to <= from)) {
      throw new IllegalArgumentException("a flow goes from high to low scales, not from " + from + " to " + to);
    }
  }

  static void requireDescending(double[] scales) {
    if (scales.length == 0) {
      throw new IllegalArgumentException("a flow needs at least one scale");
    }
    double last = Double.POSITIVE_INFINITY;
    for (double scale : scales) {
      if (!(scale > 0) || Double.isInfinite(scale)) {
        throw new IllegalArgumentException("scale " + scale + ": scales must be positive and finite");
      }
      if (scale >= last) {
        throw new IllegalArgumentException("scale " + scale + " after " + last + ": scales must descend");
      }
      last = scale;
    }
  }
}
