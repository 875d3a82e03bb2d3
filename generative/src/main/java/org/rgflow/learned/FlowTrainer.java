package org.rgflow.learned;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.io.Json;
import org.rgflow.kernels.PhiloxKernels;
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
import org.rgflow.random.Streams;
import org.rgflow.training.Adam;
import org.rgflow.training.AdamOptions;
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
  /** Published: the moments of Adam forget quickly. The moving average is what fields are generated with. */
  private static final AdamOptions ADAM =
      new AdamOptions(0.8, 0.9, 1e-8, 0, Double.POSITIVE_INFINITY, 0.995);

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
    final FlowShape shape = configuration.shape();
    final int batch = configuration.batchSize();
    final CheckpointDirectory checkpoints = new CheckpointDirectory(run, KEEP_CHECKPOINTS);
    checkpoints.requireOwn(resume);

    // Plan the memory; start, or restore the checkpoint.
    final ContinuousFlow flow = new ContinuousFlow(shape, batch, Purpose.TRAINING, device);
    final float[] parameters = flow.parameters().values();
    final TensorLayout layout = flow.parameters().layout();
    flow.parameters().initialise(configuration.seed(), configuration.action(), configuration.priorMass2());
    final Adam adam = new Adam(parameters, flow.parameters().gradient(), ADAM);
    LossHistory history = new LossHistory();
    long begin = 0;
    if (resume != null) {
      try (ModelFile file = ModelFile.open(resume)) {
        if (!configuration.sameBut(FlowModel.configuration(file))) {
          throw new IllegalArgumentException("a training goes on with the configuration of its checkpoint " + resume
              + "; only the number of steps can be changed");
        }
        file.read(ModelFile.Part.PARAMETERS, layout, parameters);
        file.read(ModelFile.Part.AVERAGE, layout, adam.average());
        file.read(ModelFile.Part.FIRST_MOMENT, layout, adam.firstMoment());
        file.read(ModelFile.Part.SECOND_MOMENT, layout, adam.secondMoment());
        history = file.history();
        begin = file.state().step();
      }
      if (begin >= configuration.steps()) {
        throw new IllegalArgumentException(resume + " has all " + begin + " of " + configuration.steps()
            + " steps; ask for more");
      }
    }

    // Record the program.
    final RandomStream stream = new RandomStream(configuration.seed());
    final double[] rows = new double[batch * shape.lattice().ly()];
    final Program program = new Program("step of the flow").input(stream.buffer())
        .addAll(flow.prepare()).addAll(flow.draw(stream)).addAll(flow.carry(ContinuousFlow.Direction.GENERATE))
        .addAll(flow.action(configuration.action(), 1.0 / batch, rows))
        .addAll(flow.adjoint(ContinuousFlow.Direction.GENERATE, -1.0 / batch)).addAll(flow.priorGradient());
    final Program forward = new Program("forward entropy").input(flow.start())
        .addAll(flow.carry(ContinuousFlow.Direction.NORMALISE)).addAll(flow.whiten()).addAll(flow.priorForce(1.0 / batch))
        .addAll(flow.adjoint(ContinuousFlow.Direction.NORMALISE, 1.0 / batch)).addAll(flow.whiteningGradient());
    final Program update = new Program("update");
    adam.record(update);
    final float[] gradient = flow.parameters().gradient();
    final float[] reverse = new float[gradient.length];
    final float alpha = (float) configuration.forwardWeight();

    // Train.
    final FlowWeights weights = new FlowWeights(flow, rows);
    Path last = resume;
    double error = Double.NaN;
    long step = begin;
    boolean running = true;
    double seconds = 0;
    double logSeconds = 0;
    long logged = begin;
    double[] fractions = new double[LOG_EVERY];
    Runs.create(run);
    try (Session session = device.open(program, forward, update);
        RunLock _ = new RunLock(run);
        TrainingLog log = new TrainingLog(run.resolve("log.jsonl"), begin)) {
      checkpoints.requireOwn(resume); // another training may have ended here meanwhile
      Json.write(run.resolve("configuration.json"), configuration.toJson());
      checkpoints.setAsideAfter(begin);
      while (running && step < configuration.steps()) {
        final long began = System.nanoTime();
        stream.seek(step);
        adam.prepare(step, configuration.rate(step));
        session.run(program);
        weights.evaluate();
        if (alpha > 0) {
          System.arraycopy(gradient, 0, reverse, 0, gradient.length);
          choose(examples, stream, flow);
          session.run(forward);
          for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (1 - alpha) * reverse[i] + alpha * gradient[i];
          }
        }
        session.run(update);
        double loss = weights.loss();
        if (!Double.isFinite(loss) || !Double.isFinite(adam.gradientNorm())) {
          throw Runs.diverged(step + 1, "loss " + loss + ", gradient norm " + adam.gradientNorm(), last);
        }
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
          Runs.requireFinite(adam.average(), step, last);
          error = FlowGenerator.integrationError(new FlowModel(configuration, adam.average()), 2 * shape.steps(),
              configuration.seed(), device);
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
              new TrainingState(step, step * batch, configuration.seed(), step), layout, parameters, adam.average(),
              adam.firstMoment(), adam.secondMoment(), history);
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

  /** A batch of configurations, drawn with replacement. */
  private static void choose(Ensemble examples, RandomStream stream, ContinuousFlow flow) {
    int sites = flow.shape().lattice().sites();
    for (int i = 0; i < flow.layout().replicas(); i++) {
      double u = PhiloxKernels.uniform(PhiloxKernels.word(0, i, Streams.LEARNED_EXAMPLES, stream.buffer()));
      long chosen = (long) (u * examples.snapshots() * examples.replicas());
      int replica = (int) (chosen % examples.replicas());
      flow.layout().scatter(
          examples.snapshot((int) (chosen / examples.replicas())), replica * sites, flow.start(), i);
    }
  }

  /** Mean of a ring of which {@code filled} places have been used. */
  private static double recent(double[] ring, long filled) {
    return filled >= ring.length ? Arrays.stream(ring).average().orElseThrow()
        : Arrays.stream(ring).filter(fraction -> fraction > 0).average().orElse(Double.NaN);
  }
}
