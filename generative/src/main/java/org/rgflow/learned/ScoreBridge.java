package org.rgflow.learned;

import java.util.concurrent.CancellationException;
import org.rgflow.device.Device;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.sampler.RgBridge;
import org.rgflow.sampler.RunMonitor;
import org.rgflow.statistics.ImportanceWeights;

/**
 * The bridge of {@link RgBridge} with a learned drift: Langevin steps backwards along the RG, escorted by the force of
 * a {@link ScoreModel}, with Jarzynski's weight of each path. There are no Monte Carlo updates between the steps: the
 * drift alone keeps the fields in equilibrium, and what it misses is in the weights, whose mean is Z for every drift
 * and any number of levels; see {@link ScoreGenerator}.
 */
public final class ScoreBridge {
  private ScoreBridge() {}

  /**
   * Takes a population along the path.
   *
   * @param levels steps from white noise to the bare field, at least 2
   * @return fields and weights; its acceptance is NaN, for nothing is rejected
   * @throws CancellationException if the monitor ends it
   */
  public static RgBridge.Result run(
      ScoreModel model, int levels, int replicas, long seed, Device device, RunMonitor monitor) {
    FieldLayout layout = new FieldLayout(model.configuration().lattice(), replicas);
    float[] fields = new float[layout.size()];
    double[] logWeights = new double[replicas];
    ScoreSampling sampling = new ScoreSampling(ScoreSampling.Method.SDE, ScoreSampling.Likelihood.EXACT, levels);
    int sites = layout.lattice().sites();
    try (ScoreGenerator generator = new ScoreGenerator(model, sampling, seed, device)) {
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
