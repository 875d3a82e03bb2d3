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
  /** Parameters that a thread draws at a time. */
  private static final int CHUNK = 1 << 14;

  private final ParameterLayout layout;
  private final Map<String, ParameterLayout.View> byName;
  private final float[] values;
  private final float[] gradient;

  /** Allocates both arrays; all zero. */
  Parameters(ParameterLayout layout, Purpose purpose) {
    this(layout, new float[layout.size()], new float[purpose == Purpose.TRAINING ? layout.size() : 0]);
  }

  private Parameters(ParameterLayout layout, float[] values, float[] gradient) {
    this.layout = layout;
    this.values = values;
    this.gradient = gradient;
    byName = layout.views().stream().collect(Collectors.toUnmodifiableMap(ParameterLayout.View::name, view -> view));
  }

  /** Parameters without memory, for a network that is planned but never runs. */
  static Parameters withoutMemory(ParameterLayout layout) {
    return new Parameters(layout, new float[0], new float[0]);
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
          IntStream.rangeClosed(begin / CHUNK, (end - 1) / CHUNK).parallel().forEach(chunk -> {
            int from = chunk * CHUNK;
            draw(Math.max(begin, from), from + Math.min(CHUNK, end - from), bound, stream);
          });
        }
      }
    }
  }

  private void draw(int begin, int end, double bound, int[] stream) {
    int[] words = new int[4];
    for (int i = begin; i < end; i++) {
      if (i == begin || (i & 3) == 0) {
        PhiloxKernels.words(i >> 2, Streams.PARAMETERS, stream, words);
      }
      values[i] = (float) (bound * (2 * PhiloxKernels.uniform(words[i & 3]) - 1));
    }
  }
}
