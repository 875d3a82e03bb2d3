package org.rgflow.launch;

/** What launches on rows with coefficients check. */
final class Rows {
  private Rows() {}

  static void require(float[] out, int lanes, int groups, float[][] arrays, float[][] coefficients) {
    for (float[] array : arrays) {
      if (array.length != out.length) {
        throw new IllegalArgumentException("rows: an input of " + array.length + " elements for " + out.length);
      }
      // TornadoVM never finishes ordering the tasks of a graph in which one has an array twice.
      if (array == out) {
        throw new IllegalArgumentException("rows: an input is the output; combine into another array");
      }
    }
    int rows = lanes < 1 ? 0 : out.length / lanes;
    for (float[] a : coefficients) {
      if (rows < 1 || out.length % lanes != 0 || groups < 1 || rows % groups != 0 || a.length != coefficients[0].length
          || a.length < 1 || rows % a.length != 0) {
        throw new IllegalArgumentException("rows: " + a.length + " coefficients and " + groups + " groups do not fit "
            + out.length + " elements in rows of " + lanes);
      }
    }
  }
}
