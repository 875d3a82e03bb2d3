package org.rgflow.learned;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.LossHistory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TensorType;
import org.rgflow.model.TrainingState;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;
import org.rgflow.training.Adam;
import org.rgflow.training.DivergedException;
import org.rgflow.training.RunLock;
import org.rgflow.training.TrainingLog;
import org.rgflow.training.TrainingMonitor;

/**
 * Trains a {@link ScoreModel} on an ensemble carried along its {@link ScorePath}: regression of the force f(u, s) on
 * what it is the expectation of, weighted so that the loss is a relative entropy,
 *
 * <pre>  L = ½ Σ_k ∫ d(r_k²) ⟨(f_k − t_k)² − t_k²⟩,   ⟨t | u⟩ = E[x₀ − √G ∂S/∂φ₀ | u].</pre>
 *
 * <p>By Girsanov's theorem L is, up to the entropy of the start, KL(ensemble's path ‖ model's) less the same for the
 * model that knows nothing but the propagator (the Wiener filter, f = 0): what the network adds, in nats, negative if
 * it is of use. No network reaches less than −½ Σ ∫ d(r²) ⟨E[t|u]²⟩.
 *
 * <p>Every random number is a function of (seed, step, place in the batch), so that a run which is resumed from a
 * checkpoint is, bit for bit, the run that was never stopped, on any number of threads. A run's directory is that of
 * {@link FlowTrainer}.
 */
public final class ScoreTrainer {
  private static final int LOG_EVERY = 50;
  private static final int CHECKPOINT_EVERY = 500;
  private static final int KEEP_CHECKPOINTS = 3;
  /** How well the configurations of a resumed training must agree with those of its beginning. */
  private static final double SAME = 1e-5;

  private ScoreTrainer() {}

  /**
   * How a training ended.
   *
   * @param step steps done
   * @param loss mean over the last steps
   * @param checkpoint the last one
   * @param complete whether all steps are done, rather than that the monitor stopped it
   * @param seconds of this call's steps alone
   */
  public record Outcome(long step, double loss, Path checkpoint, boolean complete, double seconds) {}

  /**
   * Trains.
   *
   * @param run directory of the run; it is created, its parent must exist
   * @param resume checkpoint to go on from, null to begin
   * @param ensemble configurations of the theory
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if configuration, ensemble and checkpoint do not fit together
   * @throws DivergedException if loss, gradient or parameters are no longer finite
   */
  public static Outcome train(ScoreConfiguration configuration, Path run, Path resume, Ensemble ensemble, Device device,
      TrainingMonitor monitor) throws IOException {
    requireFitting(configuration, ensemble);
    CheckpointDirectory checkpoints = new CheckpointDirectory(run, KEEP_CHECKPOINTS);
    checkpoints.requireOwn(resume);
    ScoreExamples examples = new ScoreExamples(ensemble, device);
    ScoreStatistics statistics = examples.statistics();
    if (resume != null) {
      try (ModelFile file = ModelFile.open(resume)) {
        if (!configuration.sameBut(ScoreModel.configuration(file))) {
          throw new IllegalArgumentException("a training goes on with the configuration of its checkpoint " + resume
              + "; only the number of steps can be changed");
        }
        statistics = ScoreModel.statistics(file);
        requireSame(statistics, examples.statistics(), resume);
      }
    }
    try (ScoreStep training = new ScoreStep(configuration, statistics, examples, device)) {
      return train(training, configuration, ScoreModel.toJson(configuration, statistics), run, checkpoints, resume,
          monitor);
    }
  }

  private static Outcome train(ScoreStep training, ScoreConfiguration configuration, JsonObject described, Path run,
      CheckpointDirectory checkpoints, Path resume, TrainingMonitor monitor) throws IOException {
    // Start, or restore the checkpoint.
    final Adam adam = training.adam();
    final float[] parameters = training.parameters().values();
    final TensorLayout layout = TensorLayout.of(training.parameters());
    LossHistory history = new LossHistory();
    long begin = 0;
    if (resume != null) {
      try (ModelFile file = ModelFile.open(resume)) {
        begin = Runs.restore(file, configuration.steps(), layout, parameters, adam);
        history = file.history();
      }
    }

    // Train.
    Path last = resume;
    long step = begin;
    boolean running = true;
    double seconds = 0;
    double logSeconds = 0;
    long logged = begin;
    Runs.create(run);
    try (RunLock _ = new RunLock(run); TrainingLog log = new TrainingLog(run.resolve("log.jsonl"), begin)) {
      checkpoints.requireOwn(resume); // another training may have ended here meanwhile
      Json.write(run.resolve("configuration.json"), described);
      checkpoints.setAsideAfter(begin);
      while (running && step < configuration.steps()) {
        final long began = System.nanoTime();
        training.run(step);
        double loss = training.loss();
        if (!Double.isFinite(loss) || !Double.isFinite(adam.gradientNorm())) {
          throw Runs.diverged(step + 1, "loss " + loss + ", gradient norm " + adam.gradientNorm(), last);
        }
        step++;
        history.add(step, loss);
        double taken = 1e-9 * (System.nanoTime() - began);
        seconds += taken;
        logSeconds += taken;

        // Report.
        running = monitor.after(step, configuration.steps(), loss);
        boolean ends = !running || step == configuration.steps();
        if (step % LOG_EVERY == 0 || ends) {
          JsonObject line = new JsonObject();
          line.addProperty("step", step);
          line.add("loss", Json.number(Runs.recent(history, LOG_EVERY)));
          line.add("learningRate", Json.number(configuration.rate(step - 1)));
          line.add("gradientNorm", Json.number(adam.gradientNorm()));
          line.add("secondsPerStep", Json.number(logSeconds / (step - logged)));
          log.add(line);
          logged = step;
          logSeconds = 0;
        }

        // Write a checkpoint.
        if (step % CHECKPOINT_EVERY == 0 || ends) {
          training.download();
          for (float[] state : new float[][] {parameters, adam.average(), adam.firstMoment(), adam.secondMoment()}) {
            Runs.requireFinite(state, step, last);
          }
          Checkpoint checkpoint = new Checkpoint(described,
              new TrainingState(step, step * configuration.batchSize(), configuration.seed(), step), layout, parameters,
              adam.average(), adam.firstMoment(), adam.secondMoment(), history);
          last = checkpoints.save(checkpoint);
          if (ends) {
            checkpoint.writeModel(run.resolve(FlowTrainer.MODEL), TensorType.F32);
          }
        }
      }
    }
    return new Outcome(step, Runs.recent(history, LOG_EVERY), last, step == configuration.steps(), seconds);
  }

  /**
   * How good a model is on configurations that it did not see.
   *
   * @param loss L in nats
   * @param lossError its standard error, from the scatter of batches
   * @param denoising mean square of x₀ − E[x₀|u] over modes and scales, divided by that of the Wiener filter: below 1
   *     the network knows more than the propagator
   */
  public record Assessment(double loss, double lossError, double denoising) {}

  /**
   * Assesses a model.
   *
   * @param ensemble configurations of the theory, best others than those of the training
   * @param batches of 256 fields, at least 2
   * @throws IllegalArgumentException if the ensemble is of another theory or empty, or there are fewer batches
   * @throws IOException if the memory is too small
   */
  public static Assessment assess(ScoreModel model, Ensemble ensemble, int batches, long seed, Device device)
      throws IOException {
    requireFitting(model.configuration(), ensemble);
    if (batches < 2) {
      throw new IllegalArgumentException("batches = " + batches + ": the error of a loss needs at least 2 batches");
    }
    ScoreField field = new ScoreField(model.configuration(), model.statistics(), 256, Purpose.INFERENCE, device);
    System.arraycopy(model.parameters(), 0, field.network().parameters().values(), 0, model.parameters().length);
    RandomStream stream = new RandomStream(seed);
    ScoreExamples.Batch batch = new ScoreExamples(ensemble, device).new Batch(field, model.statistics(), stream);
    Program program = new Program("assessment").input(stream.buffer()).addAll(batch.draw()).addAll(field.forward())
        .output(field.force(), field.whitened(), field.correlation(), batch.weight, batch.expected, batch.bare,
            batch.unresolved);
    double sum = 0;
    double squares = 0;
    double denoised = 0;
    double filtered = 0;
    try (Session session = device.open(program)) {
      for (int b = 0; b < batches; b++) {
        stream.seek(b);
        session.run(program);
        double mean = 0;
        for (int i = 0; i < field.force().length; i++) {
          double f = field.force()[i];
          mean += 0.5 * batch.weight[i] * f * (f - 2 * batch.expected[i]) / field.layout().replicas();
          double rest = batch.bare[i] - field.correlation()[i] * field.whitened()[i];
          filtered += rest * rest;
          rest -= batch.unresolved[i] * f;
          denoised += rest * rest;
        }
        sum += mean;
        squares += mean * mean;
      }
    }
    double mean = sum / batches;
    return new Assessment(mean, Math.sqrt(Math.max(0, squares / batches - mean * mean) / (batches - 1.0)),
        denoised / filtered);
  }

  private static void requireFitting(ScoreConfiguration configuration, Ensemble ensemble) {
    if (!ensemble.lattice().equals(configuration.lattice()) || !ensemble.action().equals(configuration.action())) {
      throw new IllegalArgumentException("the configurations are of " + ensemble.lattice() + ", " + ensemble.action()
          + ", but the model is of " + configuration.lattice() + ", " + configuration.action());
    }
  }

  private static void requireSame(ScoreStatistics before, ScoreStatistics now, Path resume) {
    for (int i = 0; i < before.propagator().length; i++) {
      if (Math.abs(now.propagator()[i] / before.propagator()[i] - 1) > SAME) {
        throw new IllegalArgumentException("the training of " + resume + " began with other configurations; go on with"
            + " the same ones");
      }
    }
  }
}
