package org.rgflow.model;

import java.util.List;

/**
 * What a safetensors file says of one tensor.
 *
 * @param shape extents, last index fastest, empty for a single number
 * @param begin first byte, counted from the end of the header
 * @param end byte behind the last one
 */
public record TensorEntry(String name, TensorType type, List<Integer> shape, long begin, long end) {
  public TensorEntry {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return (end - begin) / type.bytes();
  }

  /**
   * Product of the extents.
   *
   * @throws ArithmeticException if it exceeds 2⁶³
   */
  static long elements(List<Integer> shape) {
    if (shape.contains(0)) {
      return 0;
    }
    long product = 1;
    for (int extent : shape) {
      product = Math.multiplyExact(product, extent);
    }
    return product;
  }
}
