package org.rgflow.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.DecideExchange;
import org.rgflow.launch.Exchange;
import org.rgflow.launch.RowSums;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * Parallel tempering (replica exchange; Swendsen &amp; Wang 1986, Hukushima &amp; Nemoto 1996) over a ladder
 * of actions, for instance of growing λ or m²: every rung is a sampler of its own action, and after each
 * update neighbouring rungs exchange configurations with probability min(1, e^(−Δ)), Δ = S_a(φ_b) +
 * S_b(φ_a) − S_a(φ_a) − S_b(φ_b), rungs (0,1), (2,3), … and (1,2), (3,4), … in turn. The product of all
 * rungs' e^(−S) is stationary, so each rung has its own; rung 0 is the target, whose field, action and
 * stream this sampler shows. Replica i of all rungs together is one tempering chain, independent of the
 * other replicas.
 *
 * <p>The state of a run is that of all {@linkplain #rung rungs}, not of the target alone.
 */
public final class ParallelTempering implements Sampler {
  private final List<Sampler> rungs;
  private final Program[] exchanges = new Program[2];
  private final Session session;
  private final double[][] tallies;
  private final long[] attempts;

  /**
   * @param rungs the target first; they are closed with this sampler
   * @throws IllegalArgumentException if there are fewer than two rungs, or if they differ in layout or
   *     convention, or share a seed or a buffer
   */
  public ParallelTempering(List<? extends Sampler> rungs, Device device) {
    this.rungs = List.copyOf(rungs);
    requireLadder(this.rungs);
    FieldLayout layout = layout();
    int lx = layout.lattice().lx();
    int ly = layout.lattice().ly();
    int lanes = layout.lanes();
    int pairs = rungs.size() - 1;
    tallies = new double[pairs][layout.paddedReplicas()];
    attempts = new long[pairs];
    double[][] sums = new double[rungs.size()][4 * layout.blocks() * ly * lanes];
    for (int parity = 0; parity < 2; parity++) {
      exchanges[parity] = new Program("exchange " + parity).input(stream().buffer());
      for (int pair = parity; pair < pairs; pair += 2) {
        Sampler a = rungs.get(pair);
        Sampler b = rungs.get(pair + 1);
        double[] difference = new double[3];
        for (int k = 0; k < 3; k++) {
          difference[k] = couplings(a.action())[k] - couplings(b.action())[k];
        }
        int[] exchanged = new int[layout.paddedReplicas()];
        exchanges[parity].input(a.field(), b.field(), tallies[pair])
            .add(new RowSums(a.field(), sums[pair], lx, ly, lanes))
            .add(new RowSums(b.field(), sums[pair + 1], lx, ly, lanes))
            .add(new DecideExchange(sums[pair], sums[pair + 1], difference, exchanged, tallies[pair], stream().buffer(),
                Streams.TEMPERING + pair, ly, lanes))
            .add(new Exchange(a.field(), b.field(), exchanged, lx * ly, lanes))
            .output(a.field(), b.field(), tallies[pair]);
      }
    }
    session = device.open(exchanges);
  }

  /**
   * A ladder of equal samplers, one for each action. The rungs' seeds follow from the first.
   *
   * @param name one of {@link Samplers#names}
   * @param actions the target first, all of one convention
   * @throws IllegalArgumentException as {@link Samplers#create} and the constructor
   */
  public static ParallelTempering create(String name, List<Phi4Action> actions, FieldLayout layout, long seed,
      Device device, SamplerOptions options) {
    List<Sampler> rungs = new ArrayList<>();
    for (Phi4Action action : actions) {
      RandomStream stream = new RandomStream(rungSeed(seed, rungs.size()));
      rungs.add(Samplers.create(name, action, layout, stream, device, options));
    }
    return new ParallelTempering(rungs, device);
  }

  /** The seed itself for rung 0; the odd multiplier (2⁶⁴ over the golden ratio) keeps all others apart. */
  static long rungSeed(long seed, int rung) {
    return seed + rung * 0x9E3779B97F4A7C15L;
  }

  private static void requireLadder(List<Sampler> rungs) {
    if (rungs.size() < 2) {
      throw new IllegalArgumentException("parallel tempering needs at least two rungs, not " + rungs.size());
    }
    Sampler target = rungs.getFirst();
    for (int i = 1; i < rungs.size(); i++) {
      Sampler rung = rungs.get(i);
      if (!rung.layout().equals(target.layout())) {
        throw new IllegalArgumentException("rung " + i + " of the tempering ladder has another lattice or number of "
            + "replicas than the target: " + rung.layout() + ", " + target.layout());
      }
      if (rung.action().convention() != target.action().convention()) {
        throw new IllegalArgumentException("rung " + i + " of the tempering ladder is " + rung.action()
            + ", but the target is " + target.action() + ": their fields differ by a factor");
      }
      for (int other = 0; other < i; other++) {
        if (rungs.get(other).stream().seed() == rung.stream().seed() || rungs.get(other).field() == rung.field()) {
          throw new IllegalArgumentException(
              "rungs " + other + " and " + i + " of the tempering ladder share a seed or a field");
        }
      }
    }
  }

  /** Coefficients of Σ_μ(∂φ)², φ² and φ⁴ in the action. */
  private static double[] couplings(Phi4Action action) {
    return new double[] {0.5 * action.hopping(), action.quadratic() - 2 * action.hopping(), action.quartic()};
  }

  /** Number of rungs, the target included. */
  public int rungs() {
    return rungs.size();
  }

  /** The sampler of a rung, 0 being the target. */
  public Sampler rung(int index) {
    return rungs.get(index);
  }

  /** Mean probability of exchange between rungs {@code pair} and {@code pair + 1} since the last reset. */
  public double exchangeAcceptance(int pair) {
    if (attempts[pair] == 0) {
      return Double.NaN;
    }
    double sum = 0;
    for (double probability : tallies[pair]) {
      sum += probability;
    }
    return sum / ((double) attempts[pair] * tallies[pair].length);
  }

  @Override
  public String name() {
    return "parallel-tempering";
  }

  @Override
  public Phi4Action action() {
    return rungs.getFirst().action();
  }

  @Override
  public FieldLayout layout() {
    return rungs.getFirst().layout();
  }

  @Override
  public float[] field() {
    return rungs.getFirst().field();
  }

  @Override
  public void fieldWritten() {
    rungs.getFirst().fieldWritten();
  }

  @Override
  public RandomStream stream() {
    return rungs.getFirst().stream();
  }

  @Override
  public void update() {
    for (int i = 0; i < rungs.size(); i++) {
      rungs.get(i).update();
    }
    int parity = (int) (stream().step() & 1);
    if (parity >= attempts.length) {
      return;
    }
    for (int pair = parity; pair < attempts.length; pair += 2) {
      rungs.get(pair).field();
      rungs.get(pair + 1).field();
    }
    session.run(exchanges[parity]);
    for (int pair = parity; pair < attempts.length; pair += 2) {
      rungs.get(pair).fieldWritten();
      rungs.get(pair + 1).fieldWritten();
      attempts[pair]++;
    }
  }

  @Override
  public void tune() {
    rungs.forEach(Sampler::tune);
  }

  /** The rungs' parameters, with the rung's number before their names: {@code 0.stepSize}. */
  @Override
  public Map<String, Double> tuning() {
    Map<String, Double> tuning = new HashMap<>();
    for (int i = 0; i < rungs.size(); i++) {
      String prefix = i + ".";
      rungs.get(i).tuning().forEach((name, value) -> tuning.put(prefix + name, value));
    }
    return Map.copyOf(tuning);
  }

  @Override
  public void restoreTuning(Map<String, Double> tuning) {
    for (int i = 0; i < rungs.size(); i++) {
      String prefix = i + ".";
      Map<String, Double> own = new HashMap<>();
      tuning.forEach((name, value) -> {
        if (name.startsWith(prefix)) {
          own.put(name.substring(prefix.length()), value);
        }
      });
      rungs.get(i).restoreTuning(own);
    }
  }

  /** Acceptance of the target's own updates; for the exchanges see {@link #exchangeAcceptance}. */
  @Override
  public double acceptance() {
    return rungs.getFirst().acceptance();
  }

  @Override
  public void resetAcceptance() {
    rungs.forEach(Sampler::resetAcceptance);
    for (double[] tally : tallies) {
      Arrays.fill(tally, 0);
    }
    Arrays.fill(attempts, 0);
  }

  @Override
  public boolean exact() {
    return rungs.stream().allMatch(Sampler::exact);
  }

  @Override
  public void close() {
    session.close();
    rungs.forEach(Sampler::close);
  }
}
