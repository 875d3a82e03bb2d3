package org.rgflow.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rgflow.network.ParameterLayout;
import org.rgflow.network.Parameters;

/**
 * The named tensors that lie in one flat buffer of parameters. There may be gaps between them, for
 * alignment, which hold zeros and are not saved.
 *
 * @param slices the tensors, in any order
 * @param length elements of the buffer
 */
public record TensorLayout(List<Slice> slices, int length) {
  /**
   * One tensor of the buffer.
   *
   * @param shape extents, last index fastest
   * @param offset index of its first element
   */
  public record Slice(String name, List<Integer> shape, int offset) {
    public Slice {
      shape = List.copyOf(shape);
      if (name.isEmpty() || offset < 0 || shape.stream().anyMatch(extent -> extent < 1)) {
        throw new IllegalArgumentException("impossible parameter '" + name + "' of shape " + shape + " at " + offset);
      }
    }

    /** Number of elements. */
    public int elements() {
      return Math.toIntExact(TensorEntry.elements(shape));
    }
  }

  /** @throws IllegalArgumentException if two tensors overlap or have the same name, or one leaves the buffer */
  public TensorLayout {
    slices = List.copyOf(slices);
    List<Slice> ordered = new ArrayList<>(slices);
    ordered.sort(Comparator.comparingInt(Slice::offset));
    Set<String> names = new HashSet<>();
    long end = 0;
    for (Slice slice : ordered) {
      if (slice.offset() < end) {
        throw new IllegalArgumentException("parameter " + slice.name() + " overlaps the one before it");
      }
      if (!names.add(slice.name())) {
        throw new IllegalArgumentException("two parameters are called " + slice.name());
      }
      end = (long) slice.offset() + slice.elements();
    }
    if (end > length) {
      throw new IllegalArgumentException("the parameters need " + end + " elements, but the buffer has " + length);
    }
  }

  /** The parameters of a network, under its own names. */
  public static TensorLayout of(Parameters parameters) {
    return of(parameters.views(), parameters.size());
  }

  /** The same of a network that is not made yet. */
  public static TensorLayout of(ParameterLayout parameters) {
    return of(parameters.views(), parameters.size());
  }

  private static TensorLayout of(List<ParameterLayout.View> views, int size) {
    return new TensorLayout(
        views.stream().map(view -> new Slice(view.name(), view.shape(), view.offset())).toList(), size);
  }

  /** Number of parameters, gaps not counted. */
  public long parameters() {
    return slices.stream().mapToLong(Slice::elements).sum();
  }
}
