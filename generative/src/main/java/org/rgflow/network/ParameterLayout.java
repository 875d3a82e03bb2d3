package org.rgflow.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where the parameters of a network lie in one flat array: layers register theirs in the order of their making. */
public final class ParameterLayout {
  /** How a parameter starts. */
  public enum Initial {
    /** Uniform in ±√(6/(fanIn + fanOut)) (Glorot &amp; Bengio 2010). */
    XAVIER,
    /** The same, times 1e-5: what ends a residual branch, so that a new network is nearly the identity. */
    XAVIER_SMALL,
    ZERO,
    ONE
  }

  /**
   * A named piece of the array.
   *
   * @param name path of the layer and name of the parameter, with dots
   * @param shape row-major; weights of convolutions [kernel][kernel][in][out], of linear layers [in][out]
   * @param offset index of its first element
   */
  public record View(String name, List<Integer> shape, int offset, Initial initial) {
    public View {
      shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public int size() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }

    /** Half width of the uniform distribution that Xavier's rule gives. */
    double xavierBound() {
      int rank = shape.size();
      int out = shape.get(rank - 1);
      double fanIn = size() / (double) out;
      double fanOut = fanIn / shape.get(rank - 2) * out;
      return Math.sqrt(6 / (fanIn + fanOut));
    }
  }

  private final List<View> views = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private int size;

  /**
   * Appends a parameter.
   *
   * @throws IllegalArgumentException if the name is taken or the parameters no longer fit into one array
   */
  public View add(String name, Initial initial, Integer... shape) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("two parameters are called " + name);
    }
    double total = size;
    double elements = 1;
    for (int extent : shape) {
      elements *= extent;
    }
    total += elements;
    if (total > Integer.MAX_VALUE - 64) {
      throw new IllegalArgumentException("a network of more than 2^31 parameters does not fit into one array; choose a"
          + " smaller width, multipliers or number of blocks");
    }
    View view = new View(name, List.of(shape), size, initial);
    size = (int) total;
    views.add(view);
    return view;
  }

  /** All parameters, in the order of the array. */
  public List<View> views() {
    return Collections.unmodifiableList(views);
  }

  /** Number of floats in all. */
  public int size() {
    return size;
  }
}
