package org.rgflow.training.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.rgflow.device.Launch;
import org.rgflow.kernels.ConvolutionKernels;
import org.rgflow.launch.Convolve;
import org.rgflow.launch.WeightGradient;
import org.rgflow.network.GradientMode;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;

/** The convolutions of a training step, as the network records them. */
final class Shapes {
  /** What a product is for. */
  enum Kind {
    FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT;

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * The matrix product of a convolution, without its memory.
   *
   * @param source table of taps of the launch
   * @param positionsIn positions of a sample of the input
   * @param positionsOut positions of a sample of the output
   */
  record Product(Kind kind, int[] source, int samples, int positionsIn, int positionsOut, int in, int out) {
    int taps() {
      return source.length / positionsOut;
    }

    /** Rows of the product. */
    int m() {
      return kind == Kind.WEIGHT_GRADIENT ? taps() * in : samples * positionsOut;
    }

    /** Columns of the product. */
    int n() {
      return out;
    }

    /** Terms of each sum. */
    int k() {
      return kind == Kind.WEIGHT_GRADIENT ? samples * positionsOut : taps() * in;
    }

    double operations() {
      return 2.0 * m() * n() * k();
    }

    /** For people. */
    String label() {
      return (taps() == 9 ? "3x3 " : "1x1 ") + kind.label() + ", " + m() + " x " + n() + " x " + k();
    }

    /** Equal for products of the same extents. */
    String id() {
      return kind.label().replace(' ', '-') + "-" + (taps() == 9 ? "3x3" : "1x1") + "-" + m() + "x" + n() + "x" + k();
    }

    /** The launch of the product on arrays of its own. */
    Launch launch() {
      float[] x = new float[samples * positionsIn * in];
      float[] y = new float[samples * positionsOut * out];
      float[] weights = new float[taps() * in * out];
      NetworkRows.fill(x);
      if (kind == Kind.WEIGHT_GRADIENT) {
        NetworkRows.fill(y);
        return new WeightGradient(x, y, weights, source, 0f, samples, positionsIn, positionsOut, in, out, 0);
      }
      NetworkRows.fill(weights);
      return new Convolve(x, weights, y, source, 0f, positionsIn, positionsOut, in, out, 0, -1,
          kind == Kind.FORWARD ? ConvolutionKernels.DIRECT : ConvolutionKernels.TRANSPOSED);
    }
  }

  private Shapes() {}

  /** All convolutions of a training step of a preset. */
  static List<Product> of(NetworkRows.Preset preset) {
    UNet network = new UNet(preset.network(), preset.batch(), 0, 1, Purpose.TRAINING);
    List<Launch> launches = new ArrayList<>(network.forward(Purpose.TRAINING).launches());
    launches.addAll(network.backward(GradientMode.OVERWRITE).launches());
    return launches.stream().map(Shapes::product).flatMap(Optional::stream).toList();
  }

  /** The product that a launch is, if it is one. */
  private static Optional<Product> product(Launch launch) {
    return switch (launch) {
      case Convolve c -> Optional.of(
          new Product(c.order() == ConvolutionKernels.DIRECT ? Kind.FORWARD : Kind.INPUT_GRADIENT, c.source(),
              c.x().length / c.positionsIn() / c.in(), c.positionsIn(), c.positionsOut(), c.in(), c.out()));
      case WeightGradient w -> Optional.of(new Product(Kind.WEIGHT_GRADIENT, w.source(), w.samples(), w.positionsIn(),
          w.positionsOut(), w.in(), w.out()));
      default -> Optional.empty();
    };
  }

  /** What a launch is, for people: kind and extents of a product, the name of anything else. */
  static String label(Launch launch) {
    return product(launch).map(Product::label).orElse(launch.getClass().getSimpleName());
  }

  /** The kinds of equal {@code key} that take the most arithmetic in all, the greatest first. */
  static List<Product> greatest(
      Collection<Product> products, Predicate<Product> which, Function<Product, String> key, int count) {
    Map<String, Product> first = new LinkedHashMap<>();
    Map<String, Double> work = new LinkedHashMap<>();
    for (Product product : products) {
      if (which.test(product)) {
        first.putIfAbsent(key.apply(product), product);
        work.merge(key.apply(product), product.operations(), Double::sum);
      }
    }
    return first.entrySet().stream()
        .sorted(Comparator.comparingDouble((Map.Entry<String, Product> e) -> work.get(e.getKey())).reversed())
        .limit(count).map(Map.Entry::getValue).toList();
  }
}
