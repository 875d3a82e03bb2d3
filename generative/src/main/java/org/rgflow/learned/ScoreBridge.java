package org.rgflow.learned;

import java.util.concurrent.CancellationException;
import java.util.function.DoubleToIntFunction;
import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.sampler.RgBridge;
import org.rgflow.sampler.RunMonitor;
import org.rgflow.statistics.ImportanceWeights;

/**
 * The bridge of {@link RgBridge} with a learned drift: Langevin steps backwards along the RG, escorted by the force of
 * a {@link ScoreModel}, with Jarzynski's weight of each path. There are no Monte Carlo updates between the steps: the
 * drift alone keeps the fields in equilibrium, and what it misses is in the weights, whose mean is Z for every drift
 * and any levels; see {@link ScoreGenerator}.
 *
 * <p>{@link #adapt} finds the levels with fields of its own, whose random numbers lie far beyond those of {@link #run}:
 * levels know nothing of the fields that they are used for, so that ⟨w⟩ = Z stays free of bias. They are a function of
 * model, seed and what is asked for.
 */
public final class ScoreBridge {
  private static final long BEYOND = 1L << 40;

  private ScoreBridge() {}

  /**
   * Finds as many levels as it takes.
   *
   * @param conditionalEss effective sample size of each step from level to level as a fraction, between 0 and 1: the
   *     nearer to 1, the more levels. At most {@value ScoreLevels#MOST} are found, which may have a smaller one
   * @throws IllegalArgumentException if it is out of range, or the model's force is not finite
   * @throws CancellationException if the monitor ends it
   */
  public static ScoreLevels adapt(
      ScoreModel model, double conditionalEss, long seed, Device device, RunMonitor monitor) {
    return adapt(model, ScoreLevels.numberFor(conditionalEss), seed, device, monitor);
  }

  /**
   * Finds the places of a given number of levels.
   *
   * @param count at least {@value ScoreLevels#FEWEST}
   * @throws IllegalArgumentException if there are fewer, or the model's force is not finite
   * @throws CancellationException if the monitor ends it
   */
  public static ScoreLevels adapt(ScoreModel model, int count, long seed, Device device, RunMonitor monitor) {
    int levels = new ScoreSampling(ScoreSampling.Method.SDE, ScoreSampling.Likelihood.EXACT, count).steps();
    return adapt(model, length -> levels, seed, device, monitor);
  }

  private static ScoreLevels adapt(
      ScoreModel model, DoubleToIntFunction number, long seed, Device device, RunMonitor monitor) {
    long[] passed = new long[2]; // pilots, and the levels of all of them
    return ScoreLevels.adapt(model.path(), number, places -> {
      long before = passed[1];
      double[] variances = ScoreGenerator.stepVariances(model, places, BEYOND + passed[0]++, seed, device,
          step -> monitor.progress("finding levels", before + step, 0));
      passed[1] += variances.length;
      return variances;
    });
  }

  /**
   * Takes a population along the path.
   *
   * @return fields and weights; its acceptance is NaN, for nothing is rejected
   * @throws CancellationException if the monitor ends it
   */
  public static RgBridge.Result run(
      ScoreModel model, ScoreLevels levels, int replicas, long seed, Device device, RunMonitor monitor) {
    FieldLayout layout = new FieldLayout(model.configuration().lattice(), replicas);
    float[] fields = new float[layout.size()];
    double[] logWeights = new double[replicas];
    int sites = layout.lattice().sites();
    try (ScoreGenerator generator = new ScoreGenerator(model, levels.places(), seed, device)) {
      int done = 0;
      for (long index = 0; done < replicas; index++) {
        FieldGenerator.Batch batch = generator.generate(index);
        for (int i = 0; i < generator.batch() && done < replicas; i++, done++) {
          layout.scatter(batch.fields(), i * sites, fields, done);
          logWeights[done] = batch.logWeights()[i];
        }
        if (!monitor.progress("generating", done, replicas)) {
          throw new CancellationException();
        }
      }
    }
    return new RgBridge.Result(layout, fields, new ImportanceWeights(logWeights), Double.NaN);
  }
}
