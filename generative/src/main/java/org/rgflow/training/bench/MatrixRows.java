package org.rgflow.training.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.rgflow.bench.Peer;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.kernels.GemmVector;
import org.rgflow.launch.Convolve;
import org.rgflow.launch.WeightGradient;
import org.rgflow.training.bench.ImagesBench.Monitor;
import org.rgflow.training.bench.ImagesBench.Part;
import org.rgflow.training.bench.ImagesBench.Ratio;
import org.rgflow.training.bench.ImagesBench.Row;
import org.rgflow.training.bench.Shapes.Kind;
import org.rgflow.training.bench.Shapes.Product;

/**
 * The matrix kernel at the networks' own shapes against OpenBLAS. Ours gathers the patches of a convolution as it packs
 * them; OpenBLAS gets the matrix of patches ready-made.
 */
final class MatrixRows {
  private static final double GOAL = 0.9;

  private final int threads;
  private final Rounds rounds;
  private final Monitor monitor;

  MatrixRows(int threads, Rounds rounds, Monitor monitor) {
    this.threads = threads;
    this.rounds = rounds;
    this.monitor = monitor;
  }

  /** A convolution by the matrix kernel, whatever {@link Convolve} would take. */
  record ByMatrixProduct(Convolve c) implements Launch {
    @Override
    public int items() {
      return GemmVector.items(c.y().length / c.out(), c.out());
    }

    @Override
    public int cost() {
      return (int) Math.min(Integer.MAX_VALUE,
          2L * c.y().length * (c.source().length / c.positionsOut()) * c.in() / items());
    }

    @Override
    public int rangeCost() {
      return GemmVector.rangeCost(c.y().length / c.out(), c.out(), c.source().length / c.positionsOut() * c.in());
    }

    @Override
    public void run(int begin, int end) {
      GemmVector.convolve(begin, end, c.x(), c.parameters(), c.y(), c.source(), c.beta(), c.positionsIn(),
          c.positionsOut(), c.in(), c.out(), c.weightOffset(), c.biasOffset(), c.order());
    }
  }

  /** A gradient of weights by the matrix kernel, whatever {@link WeightGradient} would take. */
  private record GradientByMatrixProduct(WeightGradient w) implements Launch {
    @Override
    public int items() {
      return GemmVector.items(w.source().length / w.positionsOut() * w.in(), w.out());
    }

    @Override
    public int cost() {
      return (int) Math.min(Integer.MAX_VALUE, 2L * w.source().length * w.in() * w.out() * w.samples() / items());
    }

    @Override
    public int rangeCost() {
      return GemmVector.rangeCost(w.source().length / w.positionsOut() * w.in(), w.out(),
          w.samples() * w.positionsOut());
    }

    @Override
    public void run(int begin, int end) {
      GemmVector.weightGradient(begin, end, w.x(), w.d(), w.gradient(), w.source(), w.beta(), w.samples(),
          w.positionsIn(), w.positionsOut(), w.in(), w.out(), w.weightOffset());
    }
  }

  /** The launch, but through the matrix kernel where the network takes Winograd's route. */
  private static Launch matrixProduct(Product product) {
    if (product.taps() == 1) {
      return product.launch();
    }
    return switch (product.launch()) {
      case Convolve c -> new ByMatrixProduct(c);
      case WeightGradient w -> new GradientByMatrixProduct(w);
      default -> throw new IllegalStateException("no product: " + product.launch());
    };
  }

  void run() throws IOException {
    monitor.progress("matrix products", 0, 1);
    Map<String, Product> products = new LinkedHashMap<>();
    for (NetworkRows.Preset preset : NetworkRows.PRESETS) {
      List<Product> all = Shapes.of(preset);
      List<Product> chosen = new ArrayList<>();
      chosen.addAll(Shapes.greatest(all, p -> p.kind() == Kind.FORWARD && p.taps() == 9, Product::id, 1));
      chosen.addAll(Shapes.greatest(all, p -> p.kind() == Kind.FORWARD && p.taps() == 1, Product::id, 2));
      chosen.addAll(Shapes.greatest(all, p -> p.kind() == Kind.INPUT_GRADIENT && p.taps() == 1, Product::id, 1));
      chosen.addAll(Shapes.greatest(all, p -> p.kind() == Kind.WEIGHT_GRADIENT && p.taps() == 9, Product::id, 1));
      chosen.addAll(Shapes.greatest(all, p -> p.kind() == Kind.WEIGHT_GRADIENT && p.taps() == 1, Product::id, 1));
      chosen.forEach(product -> products.putIfAbsent(product.id(), product));
    }
    Peer.Built built = Peer.build("sgemm_openblas.c", new Peer.Library("-lopenblas", "libopenblas-dev"));
    if (built.peer().isEmpty()) {
      monitor.note("no peer for matrix products: " + built.reason());
      measure(products.values(), Optional.empty());
      return;
    }
    try (Peer peer = built.peer().get(); Peer.Conversation conversation = peer.converse()) {
      measure(products.values(), Optional.of(conversation));
    }
  }

  /** A row before it is measured. */
  private record Entry(String id, String what, Product product, Rounds.Timed[] things) {}

  private void measure(Iterable<Product> products, Optional<Peer.Conversation> peer) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (JvmDevice single = new JvmDevice(1); JvmDevice pair = new JvmDevice(2)) {
      List<Session> sessions = new ArrayList<>();
      try {
        for (Product product : products) {
          Program program = new Program(product.id()).add(matrixProduct(product));
          for (int t = 1; t <= Math.min(2, threads); t++) {
            Session session = (t == 1 ? single : pair).open(program);
            sessions.add(session);
            List<Rounds.Timed> things = new ArrayList<>(List.of(rounds.ours(() -> session.run(program))));
            String question = String.format(Locale.ROOT, "%d %d %d %s %s %d ", product.m(), product.n(), product.k(),
                product.kind() == Kind.WEIGHT_GRADIENT ? "t" : "n", product.kind() == Kind.INPUT_GRADIENT ? "t" : "n",
                t);
            peer.ifPresent(p -> things.add(duration -> p.ask(question + duration).get("seconds").getAsDouble()));
            String what = String.format(Locale.ROOT, "%s %s, %d x %d x %d, %d thread%s",
                product.taps() == 9 ? "3x3" : "1x1", product.kind().label(), product.m(), product.n(), product.k(),
                t, t == 1 ? "" : "s");
            entries.add(new Entry(product.id() + "-t" + t, what, product, things.toArray(Rounds.Timed[]::new)));
          }
        }
        double[][][] seconds = rounds.ofKernels("matrix products", entries.stream().map(Entry::things).toList());
        for (int i = 0; i < seconds.length; i++) {
          row(entries.get(i), seconds[i]);
        }
      } finally {
        sessions.forEach(Session::close);
      }
    }
  }

  /** @param seconds ours by round, and then the peer's if there is one */
  private void row(Entry entry, double[][] seconds) {
    double operations = 1e-9 * entry.product.operations();
    double ours = operations / Rounds.median(seconds[0]);
    boolean both = seconds.length > 1;
    monitor.row(new Row(Part.MATRIX, entry.id, entry.what, ours,
        both ? OptionalDouble.of(operations / Rounds.median(seconds[1])) : OptionalDouble.empty(),
        both ? Optional.of(Ratio.of(seconds[0], seconds[1])) : Optional.empty(), OptionalDouble.of(GOAL), ours, ""));
  }
}
