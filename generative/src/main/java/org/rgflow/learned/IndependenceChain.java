package org.rgflow.learned;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongPredicate;
import org.rgflow.device.Device;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Measurement;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.statistics.ImportanceWeights;

/**
 * Makes what a model generates exact: Metropolis' algorithm with its independent fields as proposals. The next
 * field φ' replaces φ with probability min(1, w(φ')/w(φ)), w = e^(−S)/q; else φ counts once more (W. K. Hastings,
 * Biometrika 57, 97 (1970), for independent proposals; M. S. Albergo, G. Kanwar, P. E. Shanahan, PRD 100, 034515).
 * Where the model is good the chain hardly has a memory, and whatever the model, it is one of the theory itself, up to
 * the error of the weights.
 *
 * <p>The ensemble has one replica and the usual series, and besides for each step the chain's ln q and ln w ({@value
 * #LOG_LIKELIHOOD}, {@value #LOG_WEIGHT}), the proposal's ln w ({@value #PROPOSAL_LOG_WEIGHT}) and whether it was
 * accepted ({@value #ACCEPTED}).
 */
public final class IndependenceChain {
  public static final String LOG_LIKELIHOOD = "logLikelihood";
  public static final String LOG_WEIGHT = "logWeight";
  public static final String PROPOSAL_LOG_WEIGHT = "proposalLogWeight";
  public static final String ACCEPTED = "accepted";

  /** Whether the ensemble has the configurations. */
  public enum Keep {
    FIELDS,
    MEASUREMENTS
  }

  /** What becomes of a proposal. */
  public enum Decision {
    /** The chain is one of the theory. */
    METROPOLIS,
    /** All are taken: the chain is what the model generates, as it is. */
    ACCEPT_ALL
  }

  private IndependenceChain() {}

  /**
   * A chain and the weights of all its proposals.
   *
   * @param ensemble the chain, shorter if it was stopped
   * @param weights of the proposals
   * @param integrationError see {@link FlowGenerator#integrationError} and {@link ScoreGenerator#integrationError}
   */
  public record Result(Ensemble ensemble, ImportanceWeights weights, double integrationError) {}

  /** Whether proposal number i of a batch is accepted, w'/w being the ratio of the weights. */
  private static boolean accepts(RandomStream stream, int i, double logRatio) {
    double u = PhiloxKernels.uniform(PhiloxKernels.word(0, i, Streams.LEARNED_CHAIN, stream.buffer()));
    return u < Math.exp(logRatio);
  }

  /**
   * The chain that {@link #run} makes of the same proposals: for each of its steps the number of the proposal that it
   * is at.
   *
   * @param logWeights of the proposals, in their order
   * @param batch number of proposals of a {@link FieldGenerator#batch}
   * @param seed of the generator
   */
  public static int[] visited(double[] logWeights, int batch, long seed) {
    RandomStream stream = new RandomStream(seed);
    int[] at = new int[logWeights.length];
    for (int step = 1; step < at.length; step++) {
      stream.seek(step / batch);
      int current = at[step - 1];
      at[step] = accepts(stream, step % batch, logWeights[step] - logWeights[current]) ? step : current;
    }
    return at;
  }

  /**
   * Runs a chain of what a flow generates.
   *
   * @param steps Runge–Kutta steps, at least 2
   * @param length of the chain
   * @param goOn is told how many are done, and says whether to go on; at least one batch is done
   */
  public static Result run(
      FlowModel model, int steps, long seed, long length, Keep keep, Device device, LongPredicate goOn) {
    try (FlowGenerator generator = new FlowGenerator(model, steps, seed, device)) {
      Chain chain = run(generator, Decision.METROPOLIS, seed, length, keep, device, goOn);
      return new Result(chain.ensemble(), chain.weights(),
          FlowGenerator.integrationError(model, steps, seed, device));
    }
  }

  /**
   * Runs a chain of what a score model generates.
   *
   * @param length of the chain
   * @param goOn is told how many are done, and says whether to go on; at least one batch is done
   */
  public static Result run(ScoreModel model, ScoreSampling sampling, Decision decision, long seed, long length,
      Keep keep, Device device, LongPredicate goOn) {
    try (ScoreGenerator generator = new ScoreGenerator(model, sampling, seed, device)) {
      Chain chain = run(generator, decision, seed, length, keep, device, goOn);
      return new Result(chain.ensemble(), chain.weights(),
          ScoreGenerator.integrationError(model, sampling, seed, device));
    }
  }

  private record Chain(Ensemble ensemble, ImportanceWeights weights) {}

  private static Chain run(FieldGenerator generator, Decision decision, long seed, long length, Keep keep,
      Device device, LongPredicate goOn) {
    Lattice lattice = generator.layout().lattice();
    Ensemble ensemble = new Ensemble(generator.theory(), new FieldLayout(lattice, 1));
    Ensemble.requireMemory(ensemble.layout(), keep == Keep.FIELDS ? length : 0, length, 10);
    ensemble.setSampler(generator.name());
    RandomStream stream = new RandomStream(seed);
    int sites = lattice.sites();
    double[] logWeights = new double[(int) length];
    int done = 0;
    try (Measurement measurement = new Measurement(generator.layout(), generator.field(), device)) {
      float[] current = new float[sites];
      double logLikelihood = 0;
      double logWeight = 0;
      Map<String, Double> values = new LinkedHashMap<>();
      boolean running = true;
      for (long index = 0; running && done < length; index++) {
        FieldGenerator.Batch batch = generator.generate(index);
        measurement.measure();
        stream.seek(index);
        for (int i = 0; i < generator.batch() && done < length; i++, done++) {
          double proposed = batch.logWeights()[i];
          boolean accepted =
              done == 0 || decision == Decision.ACCEPT_ALL || accepts(stream, i, proposed - logWeight);
          if (accepted) {
            logLikelihood = batch.logLikelihood()[i];
            logWeight = proposed;
            System.arraycopy(batch.fields(), i * sites, current, 0, sites);
            for (Map.Entry<String, double[]> entry : measurement.values().entrySet()) {
              values.put(entry.getKey(), entry.getValue()[i]);
            }
          }
          logWeights[done] = proposed;
          values.forEach(ensemble::record);
          ensemble.record(LOG_LIKELIHOOD, logLikelihood);
          ensemble.record(LOG_WEIGHT, logWeight);
          ensemble.record(PROPOSAL_LOG_WEIGHT, proposed);
          ensemble.record(ACCEPTED, accepted ? 1 : 0);
          if (keep == Keep.FIELDS) {
            ensemble.append(current.clone());
          }
          if (done > 0) {
            ensemble.addAcceptance(accepted ? 1 : 0, 1);
          }
        }
        running = goOn.test(done);
      }
    }
    ensemble.setRandomPosition(seed, done);
    return new Chain(ensemble, new ImportanceWeights(Arrays.copyOf(logWeights, done)));
  }
}
