package org.rgflow.training.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.WinogradVector;
import org.rgflow.launch.Convolve;
import org.rgflow.training.bench.ImagesBench.Monitor;
import org.rgflow.training.bench.ImagesBench.Part;
import org.rgflow.training.bench.ImagesBench.Ratio;
import org.rgflow.training.bench.ImagesBench.Row;
import org.rgflow.training.bench.Shapes.Kind;
import org.rgflow.training.bench.Shapes.Product;

/** The two routes of a 3×3 convolution at the networks' shapes; the operations are those of the direct sum for both. */
final class ConvolutionRows {
  private static final int OF_EACH_PRESET = 5;

  private final int threads;
  private final Rounds rounds;
  private final Monitor monitor;

  ConvolutionRows(int threads, Rounds rounds, Monitor monitor) {
    this.threads = threads;
    this.rounds = rounds;
    this.monitor = monitor;
  }

  /** A convolution by Winograd's algorithm, whatever {@link Convolve} would take. */
  private record ByWinograd(Convolve c) implements Launch {
    @Override
    public int items() {
      return WinogradVector.items(c.y().length / c.out() / c.positionsOut(), c.positionsOut(), c.out());
    }

    @Override
    public int cost() {
      return (int) Math.min(Integer.MAX_VALUE, 18L * c.y().length * c.in() / items());
    }

    @Override
    public void run(int begin, int end) {
      WinogradVector.convolve(begin, end, c.x(), c.parameters(), c.y(), c.source(), c.beta(), c.positionsIn(), c.in(),
          c.out(), c.weightOffset(), c.biasOffset(), c.order());
    }
  }

  void run() throws IOException {
    monitor.progress("convolutions", 0, 1);
    Map<String, Product> products = new LinkedHashMap<>();
    for (NetworkRows.Preset preset : NetworkRows.PRESETS) {
      Shapes.greatest(Shapes.of(preset), p -> p.kind() == Kind.FORWARD && suits(p), ConvolutionRows::id, OF_EACH_PRESET)
          .forEach(product -> products.putIfAbsent(id(product), product));
    }
    List<Product> all = List.copyOf(products.values());
    List<Rounds.Timed[]> comparisons = new ArrayList<>();
    try (JvmDevice device = new JvmDevice(threads)) {
      List<Session> sessions = new ArrayList<>();
      try {
        for (Product product : all) {
          Convolve convolve = (Convolve) product.launch();
          Program winograd = new Program("Winograd").add(new ByWinograd(convolve));
          Program gemm = new Program("GEMM").add(new MatrixRows.ByMatrixProduct(convolve));
          Session session = device.open(winograd, gemm);
          sessions.add(session);
          comparisons.add(new Rounds.Timed[] {rounds.ours(() -> session.run(winograd)),
              rounds.ours(() -> session.run(gemm))});
        }
        double[][][] seconds = rounds.ofKernels("convolutions", comparisons);
        for (int i = 0; i < seconds.length; i++) {
          row(all.get(i), seconds[i]);
        }
      } finally {
        sessions.forEach(Session::close);
      }
    }
  }

  /** @param seconds of both routes, by round */
  private void row(Product product, double[][] seconds) {
    int side = (int) Math.round(Math.sqrt(product.positionsOut()));
    String what = String.format(Locale.ROOT, "%d of %dx%d, %d to %d channels", product.samples(), side, side,
        product.in(), product.out());
    double operations = 1e-9 * product.operations();
    double value = operations / Rounds.median(seconds[0]);
    monitor.row(new Row(Part.CONVOLUTION, id(product), what, value,
        OptionalDouble.of(operations / Rounds.median(seconds[1])), Optional.of(Ratio.of(seconds[0], seconds[1])),
        OptionalDouble.empty(), value, ""));
  }

  private static boolean suits(Product p) {
    return WinogradVector.suits(p.source(), p.positionsIn(), p.positionsOut(), p.in(), p.out());
  }

  private static String id(Product p) {
    return "convolution-" + p.samples() + "x" + p.positionsOut() + "-" + p.in() + "-" + p.out();
  }
}
