package org.rgflow.network;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/** The parameters of a network in one flat array, and their gradient in another of the same layout. */
public final class Parameters {
  private final ParameterLayout layout;
  private final Map<String, ParameterLayout.View> byName;
  private final float[] values;
  private final float[] gradient;

  /** Allocates both arrays; all zero. */
  Parameters(ParameterLayout layout, Purpose purpose) {
    this.layout = layout;
    byName = layout.views().stream().collect(Collectors.toUnmodifiableMap(ParameterLayout.View::name, view -> view));
    values = new float[layout.size()];
    gradient = purpose == Purpose.TRAINING ? new float[layout.size()] : new float[0];
  }

  /** The parameters, shared with every program of the network. */
  public float[] values() {
    return values;
  }

  /** The gradient that {@code backward} leaves; empty in a network for inference. */
  public float[] gradient() {
    return gradient;
  }

  /** Names, shapes and offsets, in the order of the array. */
  public List<ParameterLayout.View> views() {
    return layout.views();
  }

  public int size() {
    return layout.size();
  }

  /**
   * The parameter of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ParameterLayout.View view(String name) {
    ParameterLayout.View view = byName.get(name);
    if (view == null) {
      throw new IllegalArgumentException("the network has no parameter " + name);
    }
    return view;
  }

  /** Every parameter as its layer wants it to start: element i takes word i &amp; 3 of Philox's counter i ≫ 2. */
  public void initialise(long seed) {
    int[] stream = new RandomStream(seed).buffer();
    for (ParameterLayout.View view : views()) {
      int begin = view.offset();
      int end = begin + view.size();
      switch (view.initial()) {
        case ZERO -> Arrays.fill(values, begin, end, 0f);
        case ONE -> Arrays.fill(values, begin, end, 1f);
        case XAVIER, XAVIER_SMALL -> {
          double bound = view.xavierBound() * (view.initial() == ParameterLayout.Initial.XAVIER ? 1 : 1e-5);
          IntStream.range(begin, end).parallel().forEach(i -> values[i] = (float) (bound
              * (2 * PhiloxKernels.uniform(PhiloxKernels.word(i & 3, i >> 2, Streams.PARAMETERS, stream)) - 1)));
        }
      }
    }
  }
}
