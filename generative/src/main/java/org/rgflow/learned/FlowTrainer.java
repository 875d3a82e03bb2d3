package org.rgflow.learned;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.rgflow.device.Device;
import org.rgflow.io.Json;
import org.rgflow.lattice.Ensemble;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.LossHistory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TensorType;
import org.rgflow.model.TrainingState;
import org.rgflow.training.Adam;
import org.rgflow.training.DivergedException;
import org.rgflow.training.RunLock;
import org.rgflow.training.TrainingLog;

/**
 * Trains a {@link ContinuousFlow}: descends the relative entropy of what it generates with respect to the theory,
 *
 * <pre>  L = ⟨S(φ) + ln q(φ)⟩_q = KL(q ‖ e^(−S)/Z) − ln Z.</pre>
 *
 * <p>for which no configuration of the theory is needed. With a weight α it descends (1−α) L + α KL(e^(−S)/Z ‖ q), the
 * latter on configurations that are given: they are carried back to the Gaussian, and their −⟨ln q⟩ is descended.
 *
 * <p>Every random number is a function of (seed, step, place in the batch), so that a run which is resumed from a
 * checkpoint is, bit for bit, the run that was never stopped, on any number of threads. A run's directory holds {@code
 * configuration.json}, {@code log.jsonl}, {@code checkpoints/} and, when a training ends, {@value #MODEL}: what is
 * needed to generate, and no more.
 */
public final class FlowTrainer {
  /** The model in a run's directory. */
  public static final String MODEL = "model.safetensors";

  private static final int LOG_EVERY = 50;
  private static final int CHECKPOINT_EVERY = 500;
  private static final int KEEP_CHECKPOINTS = 3;

  private FlowTrainer() {}

  /**
   * How a training ended.
   *
   * @param step steps done
   * @param loss mean over the last steps
   * @param effectiveSampleFraction of a batch, mean over the last steps
   * @param integrationError of the training's steps, see {@link FlowGenerator#integrationError}
   * @param checkpoint the last one
   * @param complete whether all steps are done, rather than that the monitor stopped it
   * @param seconds of this call's steps alone
   */
  public record Outcome(long step, double loss, double effectiveSampleFraction, double integrationError,
      Path checkpoint, boolean complete, double seconds) {}

  /**
   * Trains.
   *
   * @param run directory of the run; it is created, its parent must exist
   * @param resume checkpoint to go on from, null to begin
   * @param examples configurations of the theory, if the forward entropy has a weight; else null
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if configuration and checkpoint do not fit together
   * @throws DivergedException if loss, gradient or parameters are no longer finite
   */
  public static Outcome train(FlowConfiguration configuration, Path run, Path resume, Ensemble examples, Device device,
      FlowMonitor monitor) throws IOException {
    requireFitting(configuration, examples);
    CheckpointDirectory checkpoints = new CheckpointDirectory(run, KEEP_CHECKPOINTS);
    checkpoints.requireOwn(resume);
    try (FlowStep training = new FlowStep(configuration, device)) {
      return train(training, configuration, run, checkpoints, resume, examples, device, monitor);
    }
  }

  /**
   * Trains a small flow that is needed at once: nothing is written.
   *
   * @throws IllegalArgumentException if the forward entropy has a weight
   * @throws DivergedException if loss or gradient are no longer finite
   */
  public static FlowModel train(FlowConfiguration configuration, Device device) {
    requireFitting(configuration, null);
    try (FlowStep training = new FlowStep(configuration, device)) {
      for (long step = 0; step < configuration.steps(); step++) {
        training.run(step, null);
        requireFinite(training, step + 1, null);
      }
      training.download();
      return new FlowModel(configuration, training.adam().average().clone());
    }
  }

  private static void requireFinite(FlowStep training, long step, Path last) {
    double loss = training.weights().loss();
    double norm = training.adam().gradientNorm();
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      throw Runs.diverged(step, "loss " + loss + ", gradient norm " + norm, last);
    }
  }

  private static Outcome train(FlowStep training, FlowConfiguration configuration, Path run,
      CheckpointDirectory checkpoints, Path resume, Ensemble examples, Device device, FlowMonitor monitor)
      throws IOException {
    // Start, or restore the checkpoint.
    final Adam adam = training.adam();
    final FlowWeights weights = training.weights();
    final float[] parameters = training.parameters().values();
    final TensorLayout layout = training.parameters().layout();
    LossHistory history = new LossHistory();
    long begin = 0;
    if (resume != null) {
      try (ModelFile file = ModelFile.open(resume)) {
        if (!configuration.sameBut(FlowModel.configuration(file))) {
          throw new IllegalArgumentException("a training goes on with the configuration of its checkpoint " + resume
              + "; only the number of steps can be changed");
        }
        begin = Runs.restore(file, configuration.steps(), layout, parameters, adam);
        history = file.history();
      }
    }

    // Train.
    Path last = resume;
    double error = Double.NaN;
    long step = begin;
    boolean running = true;
    double seconds = 0;
    double logSeconds = 0;
    long logged = begin;
    double[] fractions = new double[LOG_EVERY];
    Runs.create(run);
    try (RunLock _ = new RunLock(run); TrainingLog log = new TrainingLog(run.resolve("log.jsonl"), begin)) {
      checkpoints.requireOwn(resume); // another training may have ended here meanwhile
      Json.write(run.resolve("configuration.json"), configuration.toJson());
      checkpoints.setAsideAfter(begin);
      while (running && step < configuration.steps()) {
        final long began = System.nanoTime();
        training.run(step, configuration.forwardWeight() > 0 ? examples : null);
        requireFinite(training, step + 1, last);
        double loss = weights.loss();
        double fraction = weights.effectiveFraction();
        fractions[(int) (step % LOG_EVERY)] = fraction;
        step++;
        history.add(step, loss);
        double taken = 1e-9 * (System.nanoTime() - began);
        seconds += taken;
        logSeconds += taken;

        // Report.
        running = monitor.after(step, configuration.steps(), loss, fraction);
        boolean ends = !running || step == configuration.steps();
        boolean keep = step % CHECKPOINT_EVERY == 0 || ends;
        if (keep) {
          training.download();
          Runs.requireFinite(adam.average(), step, last);
          error = FlowGenerator.integrationError(new FlowModel(configuration, adam.average()),
              2 * configuration.shape().steps(), configuration.seed(), device);
        }
        if (step % LOG_EVERY == 0 || ends) {
          JsonObject line = new JsonObject();
          line.addProperty("step", step);
          line.add("loss", Json.number(Runs.recent(history, LOG_EVERY)));
          line.add("effectiveSampleFraction", Json.number(recent(fractions, step - begin)));
          if (keep) {
            line.add("integrationError", Json.number(error));
          }
          line.add("learningRate", Json.number(configuration.rate(step - 1)));
          line.add("gradientNorm", Json.number(adam.gradientNorm()));
          line.add("secondsPerStep", Json.number(logSeconds / (step - logged)));
          log.add(line);
          logged = step;
          logSeconds = 0;
        }

        // Write a checkpoint.
        if (keep) {
          for (float[] state : new float[][] {parameters, adam.firstMoment(), adam.secondMoment()}) {
            Runs.requireFinite(state, step, last);
          }
          Checkpoint checkpoint = new Checkpoint(configuration.toJson(),
              new TrainingState(step, step * configuration.batchSize(), configuration.seed(), step), layout, parameters,
              adam.average(), adam.firstMoment(), adam.secondMoment(), history);
          last = checkpoints.save(checkpoint);
          if (ends) {
            checkpoint.writeModel(run.resolve(MODEL), TensorType.F32);
          }
        }
      }
    }
    return new Outcome(step, Runs.recent(history, LOG_EVERY), recent(fractions, step - begin), error, last,
        step == configuration.steps(), seconds);
  }

  private static void requireFitting(FlowConfiguration configuration, Ensemble examples) {
    if (configuration.forwardWeight() == 0) {
      return;
    }
    if (examples == null || examples.snapshots() == 0) {
      throw new IllegalArgumentException("the forward entropy needs configurations of the theory; give an ensemble that"
          + " holds some");
    }
    if (!examples.lattice().equals(configuration.shape().lattice())
        || !examples.action().equals(configuration.action())) {
      throw new IllegalArgumentException("the configurations are of " + examples.lattice() + ", " + examples.action()
          + ", but the flow is of " + configuration.shape().lattice() + ", " + configuration.action());
    }
  }

  /** Mean of a ring of which {@code filled} places have been used. */
  private static double recent(double[] ring, long filled) {
    return filled >= ring.length ? Arrays.stream(ring).average().orElseThrow()
        : Arrays.stream(ring).filter(fraction -> fraction > 0).average().orElse(Double.NaN);
  }
}
