package org.rgflow.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rgflow.data.Batches;
import org.rgflow.data.ColorImage;
import org.rgflow.data.ImageGrid;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PixelCoding;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.diffusion.Denoiser;
import org.rgflow.diffusion.LossWeights;
import org.rgflow.diffusion.ModeBatch;
import org.rgflow.diffusion.NoiseSchedule;
import org.rgflow.diffusion.PixelSpace;
import org.rgflow.diffusion.PreconditionedDenoiser;
import org.rgflow.diffusion.SamplingMethod;
import org.rgflow.diffusion.SamplingOptions;
import org.rgflow.io.Json;
import org.rgflow.kernels.PhiloxKernels;
import org.rgflow.launch.Concatenate;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.ImageNormals;
import org.rgflow.launch.ModeBlend;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.LossHistory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TrainingState;
import org.rgflow.network.GradientMode;
import org.rgflow.network.Purpose;
import org.rgflow.network.UNet;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * Trains the image model: draws images, times and noise, and descends the squared error of x̂_0,
 *
 * <pre>  L = ⟨w_k(t) (x̂_0(x_t, t) − x_0)²⟩,   x_t = √ᾱ_t x_0 + √(1−ᾱ_t) z,</pre>
 *
 * <p>the mean over images, modes and positions. Every random number is a function of (seed, step, place in the
 * batch), so that a run which is resumed from a checkpoint is, bit for bit, the run that was never stopped, on any
 * number of threads.
 *
 * <p>A run's directory holds {@code configuration.json}, {@code log.jsonl}, {@code checkpoints/} and {@code samples/}.
 */
public final class Trainer {
  /** Images of a grid that is drawn while training, and the steps of its sampler. */
  static final int GRID_IMAGES = 16;
  private static final int GRID_STEPS = 25;
  /** So many images go to the device at once while the data are measured. */
  private static final int MEASURED_AT_ONCE = 64;

  private Trainer() {}

  /**
   * How a training ended.
   *
   * @param step steps done
   * @param loss mean over the last steps, as many as lie between two lines of the log
   * @param checkpoint the last one
   * @param complete whether all steps are done, rather than that the monitor stopped it
   * @param imagesPerSecond of the steps alone
   */
  public record Outcome(long step, double loss, Path checkpoint, boolean complete, double imagesPerSecond) {}

  /**
   * The configuration of a checkpoint with some settings replaced, for {@link #train}.
   *
   * @throws IOException if the checkpoint cannot be used
   * @throws IllegalArgumentException if a setting is replaced that would make it another model
   */
  public static TrainingConfiguration resumed(Path checkpoint, List<String> assignments) throws IOException {
    try (ModelFile file = ModelFile.open(checkpoint)) {
      TrainingConfiguration before = ImageModel.describedBy(file).configuration();
      TrainingConfiguration after = before.with(assignments);
      requireSameModel(before, after, checkpoint);
      return after;
    }
  }

  private static void requireSameModel(TrainingConfiguration before, TrainingConfiguration after, Path checkpoint) {
    if (!before.data().equals(after.data()) || !before.diffusion().equals(after.diffusion())
        || !before.network().equals(after.network()) || before.run().seed() != after.run().seed()) {
      throw new IllegalArgumentException("a training goes on with the data, diffusion, network and seed of its"
          + " checkpoint " + checkpoint + "; only optimizer and run settings can be changed");
    }
  }

  /**
   * Trains.
   *
   * @param images what is learned
   * @param run directory of the run; it is created, its parent must exist
   * @param resume checkpoint to go on from, null to begin
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if configuration, images and checkpoint do not fit together
   * @throws DivergedException if loss, gradient or parameters are no longer finite
   */
  public static Outcome train(TrainingConfiguration configuration, ImageSet images, Path run, Path resume,
      Device device, TrainingMonitor monitor) throws IOException {
    // Resolve the configuration.
    final DiffusionSettings diffusion = configuration.diffusion();
    final OptimizerSettings optimizer = configuration.optimizer();
    final RunSettings settings = configuration.run();
    requireFitting(configuration, images);
    final CheckpointDirectory checkpoints = new CheckpointDirectory(run, settings.keepCheckpoints());
    checkpoints.requireOwn(resume);
    final int batchSize = optimizer.batchSize();
    final int part = batchSize / optimizer.accumulation();
    final PixelSpace space = ImageModel.space(configuration, part);
    final ModeBatch batch = space.batch();
    final int channels = batch.channels();

    // Open the data, and measure it or take the checkpoint's word.
    final Batches batches = new Batches(images, PixelCoding.LUMA_CHROMA, configuration.data().flip(), settings.seed());
    final float[] planes = new float[batch.size()];
    final float[] picture = new float[batch.imageSize()];
    final int[] labels = new int[part];
    final List<String> classes = diffusion.classes() == 0 ? List.of() : images.classes();
    final DataStatistics statistics;
    if (resume == null) {
      statistics = measure(images, configuration);
    } else {
      try (ModelFile file = ModelFile.open(resume)) {
        ImageModel before = ImageModel.describedBy(file);
        requireSameModel(before.configuration(), configuration, resume);
        statistics = before.statistics();
        requireSamePictures(measure(images, configuration), statistics, resume);
        for (ModelFile.Part kind : ModelFile.Part.values()) {
          file.requireElements(kind, configuration.unet().parameters(diffusion.classes()));
        }
      }
    }

    // Build the network, the optimiser and the schedule's tables.
    final ImageModel description = new ImageModel(configuration, statistics, classes, new float[0]);
    final NoiseSchedule schedule = description.schedule();
    final UNet network = description.network(part, Purpose.TRAINING);
    final float[] parameters = network.parameters().values();
    final Adam adam = new Adam(parameters, network.parameters().gradient(), optimizer.adam());
    final LearningRate rate = optimizer.rate();
    final float[] signalTable = new float[schedule.steps() * channels];
    final float[] noiseTable = new float[signalTable.length];
    final float[] weightTable = new float[signalTable.length];
    for (int t = 0; t < schedule.steps(); t++) {
      for (int k = 0; k < channels; k++) {
        double logSignal = schedule.logSignal(k, t);
        signalTable[t * channels + k] = (float) Math.exp(0.5 * logSignal);
        noiseTable[t * channels + k] = (float) Math.sqrt(-Math.expm1(logSignal));
      }
      switch (diffusion.weight()) {
        case UNIFORM -> Arrays.fill(weightTable, t * channels, (t + 1) * channels, 1);
        case MIN_SNR ->
            LossWeights.minimumSnr(schedule, statistics.deviation(), diffusion.maxSnr(), t, weightTable, t * channels);
        case VELOCITY ->
            LossWeights.velocity(schedule, statistics.deviation(), diffusion.maxSnr(), t, weightTable, t * channels);
      }
    }

    // Restore the checkpoint.
    final TensorLayout layout = TensorLayout.of(network.parameters());
    final LossHistory history;
    long begin = 0;
    long samples = 0;
    if (resume == null) {
      history = new LossHistory();
    } else {
      try (ModelFile file = ModelFile.open(resume)) {
        file.read(ModelFile.Part.PARAMETERS, layout, parameters);
        file.read(ModelFile.Part.AVERAGE, layout, adam.average());
        file.read(ModelFile.Part.FIRST_MOMENT, layout, adam.firstMoment());
        file.read(ModelFile.Part.SECOND_MOMENT, layout, adam.secondMoment());
        history = file.history();
        begin = file.state().step();
        samples = file.state().samples();
      }
      if (begin >= optimizer.steps()) {
        throw new IllegalArgumentException(resume + " has all " + begin + " of " + optimizer.steps()
            + " steps; for more, set optimizer.steps");
      }
    }

    // Record the programs.
    final RandomStream stream = new RandomStream(settings.seed());
    final int[] numbers = new int[part];
    final double[] times = new double[part];
    final float[] pixels = new float[batch.size()];
    final float[] target = new float[batch.size()];
    final float[] noise = new float[batch.size()];
    final float[] noisy = new float[batch.size()];
    final float[] clean = new float[batch.size()];
    final float[] signal = new float[part * channels];
    final float[] spread = new float[part * channels];
    final float[] nothing = new float[part * channels];
    final float[] weight = new float[part * channels];
    final Program diffuse = new Program("forward process").input(pixels, numbers, stream.buffer(), signal, spread)
        .addAll(space.forward(pixels, target));
    if (diffusion.inputPerturbation() == 0) {
      diffuse.add(new ImageNormals(noise, numbers, stream.buffer(), Streams.IMAGE));
    } else {
      float[] first = new float[batch.size()];
      float[] more = new float[batch.size()];
      float[] one = filled(part * channels, 1);
      float[] strength = filled(part * channels, (float) diffusion.inputPerturbation());
      diffuse.add(new ImageNormals(first, numbers, stream.buffer(), Streams.IMAGE))
          .add(new ImageNormals(more, numbers, stream.buffer(), Streams.TRAINING_PERTURBATION))
          .add(new ModeBlend(noise, first, more, one, strength, nothing, batch.positions(), part));
    }
    diffuse.add(new ModeBlend(noisy, target, noise, signal, spread, nothing, batch.positions(), part)).output(target);
    final boolean selfConditioned = diffusion.selfConditioning() > 0;
    final float[] previous = new float[selfConditioned ? batch.size() : 1];
    final float[] estimate = new float[selfConditioned ? batch.size() : 1];
    final Denoiser.Inputs inputs = new Denoiser.Inputs(noisy, network.steps(), network.labels(), previous);
    final Denoiser denoiser = description.preconditioned(
        new Pass(network, batch, Purpose.TRAINING, selfConditioned), schedule);
    final Denoiser observer = description.preconditioned(
        new Pass(network, batch, Purpose.INFERENCE, selfConditioned), schedule);
    final float[] gain = denoiser instanceof PreconditionedDenoiser wrapped ? wrapped.gain() : null;
    final Program predict = new Program("prediction").input(denoiser.buffers().toArray()).input(previous)
        .addAll(denoiser.record(inputs, clean)).output(clean);
    final Program guess = new Program("first estimate").input(observer.buffers().toArray()).input(previous);
    final List<Program> programs = new ArrayList<>(List.of(diffuse, predict));
    if (selfConditioned) {
      programs.add(guess.addAll(observer.record(inputs, estimate)).output(estimate));
    }
    final Program backward = network.backward(GradientMode.OVERWRITE);
    final Program accumulate = part == batchSize ? backward : network.backward(GradientMode.ACCUMULATE);
    final Program update = new Program("update");
    adam.record(update);
    programs.addAll(List.of(backward, accumulate, update));

    // Train.
    final double scale = 1.0 / ((double) batchSize * batch.imageSize());
    Path last = resume;
    double loss = Double.NaN;
    double trainSeconds = 0;
    double logSeconds = 0;
    long logged = begin;
    long step = begin;
    boolean running = true;
    createDirectory(run);
    try (Session session = device.open(programs.toArray(Program[]::new));
        RunLock _ = new RunLock(run);
        TrainingLog log = new TrainingLog(run.resolve("log.jsonl"), begin)) {
      checkpoints.requireOwn(resume); // another training may have ended here meanwhile
      Json.write(run.resolve("configuration.json"), configuration.toJson());
      checkpoints.discardUnfinished();
      checkpoints.setAsideAfter(begin);
      while (running && step < optimizer.steps()) {
        final long began = System.nanoTime();
        stream.seek(step);
        loss = 0;
        for (int done = 0; done < batchSize; done += part) {
          // Draw images, times and labels.
          batches.fill(samples + done, planes, labels);
          for (int i = 0; i < part; i++) {
            System.arraycopy(planes, i * picture.length, picture, 0, picture.length);
            space.pixels(picture, pixels, i);
            numbers[i] = done + i;
            int t = PhiloxKernels.multiplyHigh(
                PhiloxKernels.word(0, numbers[i], Streams.TRAINING_TIME, stream.buffer()), schedule.steps());
            times[i] = t;
            network.steps()[i] = t;
            boolean told = diffusion.classes() > 0 && labels[i] >= 0
                && uniform(numbers[i], Streams.TRAINING_LABEL, stream) >= diffusion.classDropout();
            network.labels()[i] = told ? labels[i] : diffusion.classes();
            System.arraycopy(signalTable, t * channels, signal, i * channels, channels);
            System.arraycopy(noiseTable, t * channels, spread, i * channels, channels);
            System.arraycopy(weightTable, t * channels, weight, i * channels, channels);
          }

          // Add noise and predict.
          network.dropoutStream().seek(step * optimizer.accumulation() + done / part);
          session.run(diffuse);
          denoiser.prepare(times);
          if (selfConditioned) {
            Arrays.fill(previous, 0);
            observer.prepare(times);
            session.run(guess);
            for (int i = 0; i < part; i++) {
              if (uniform(numbers[i], Streams.TRAINING_SELF, stream) < diffusion.selfConditioning()) {
                System.arraycopy(estimate, i * batch.imageSize(), previous, i * batch.imageSize(), batch.imageSize());
              }
            }
          }
          session.run(predict);

          // Accumulate loss and gradient.
          loss += loss(batch, clean, target, weight, gain, scale, network.outputGradient());
          session.run(done == 0 ? backward : accumulate);
        }

        // Update the parameters.
        adam.prepare(step, rate.at(step));
        session.run(update);
        if (!Double.isFinite(loss) || !Double.isFinite(adam.gradientNorm())) {
          throw diverged(step + 1, "loss " + loss + ", gradient norm " + adam.gradientNorm(), last);
        }
        step++;
        samples += batchSize;
        history.add(step, loss);
        double seconds = 1e-9 * (System.nanoTime() - began);
        trainSeconds += seconds;
        logSeconds += seconds;

        // Report.
        running = monitor.after(step, optimizer.steps(), loss);
        boolean ends = !running || step == optimizer.steps();
        if (step % settings.logEvery() == 0 || ends) {
          log.add(step, recent(history, settings.logEvery()), rate.at(step - 1), adam.gradientNorm(),
              (step - logged) * batchSize / logSeconds);
          logged = step;
          logSeconds = 0;
        }

        // Draw samples.
        if (settings.sampleEvery() > 0 && step % settings.sampleEvery() == 0) {
          session.download(adam.average());
          sample(new ImageModel(configuration, statistics, classes, adam.average()), device, run, step);
        }

        // Write a checkpoint.
        if (step % settings.checkpointEvery() == 0 || ends) {
          for (float[] state : new float[][] {parameters, adam.average(), adam.firstMoment(), adam.secondMoment()}) {
            session.download(state);
            requireFinite(state, step, last);
          }
          last = checkpoints.save(new Checkpoint(description.toJson(),
              new TrainingState(step, samples, settings.seed(), step), layout, parameters, adam.average(),
              adam.firstMoment(), adam.secondMoment(), history));
        }
      }
    }
    return new Outcome(step, recent(history, settings.logEvery()), last, step == optimizer.steps(),
        (step - begin) * batchSize / trainSeconds);
  }

  /** On the JVM, whatever the device: it takes less time than another would to compile the kernels. */
  private static DataStatistics measure(ImageSet images, TrainingConfiguration configuration) {
    try (JvmDevice device = new JvmDevice()) {
      return DataStatistics.measure(images, ImageModel.space(configuration, MEASURED_AT_ONCE), device);
    }
  }

  private static void requireSamePictures(DataStatistics found, DataStatistics before, Path checkpoint) {
    for (int k = 0; k < before.mean().length; k++) {
      double tolerance = 1e-4 * before.deviation()[k];
      if (Math.abs(found.mean()[k] - before.mean()[k]) > tolerance
          || Math.abs(found.deviation()[k] - before.deviation()[k]) > tolerance) {
        throw new IllegalArgumentException("the pictures are not those of " + checkpoint
            + ": a training goes on with the data that it began with");
      }
    }
  }

  private static void requireFitting(TrainingConfiguration configuration, ImageSet images) {
    DataSettings data = configuration.data();
    if (images.colours() != data.colours() || images.height() != data.height() || images.width() != data.width()) {
      throw new IllegalArgumentException("the pictures have " + images.colours() + " planes of " + images.width() + "x"
          + images.height() + ", but the configuration wants " + data.colours() + " of " + data.width() + "x"
          + data.height());
    }
    int wanted = configuration.diffusion().classes();
    if (wanted > 0 && wanted != images.classes().size()) {
      throw new IllegalArgumentException("diffusion.classes is " + wanted + ", but the data have "
          + (images.classes().isEmpty() ? "no labels" : images.classes().size() + " classes"));
    }
  }

  private static void createDirectory(Path run) throws IOException {
    Path above = run.toAbsolutePath().getParent();
    if (above != null && !Files.isDirectory(above)) {
      throw new IOException("cannot write to " + run + ": the directory " + above + " does not exist");
    }
    Files.createDirectories(run);
  }

  private static float[] filled(int length, float value) {
    float[] array = new float[length];
    Arrays.fill(array, value);
    return array;
  }

  private static double uniform(int index, int streamId, RandomStream stream) {
    return PhiloxKernels.uniform(PhiloxKernels.word(0, index, streamId, stream.buffer()));
  }

  /**
   * scale · Σ w (x̂ − x)² in double, and its gradient with respect to the network's output.
   *
   * @param gain ∂x̂/∂F by image and channel, null for 1
   */
  private static double loss(ModeBatch batch, float[] clean, float[] target, float[] weight, float[] gain, double scale,
      float[] gradient) {
    double total = 0;
    for (int row = 0; row < weight.length; row++) {
      double factor = 2 * scale * weight[row] * (gain == null ? 1 : gain[row]);
      double sum = 0;
      for (int e = row * batch.positions(); e < (row + 1) * batch.positions(); e++) {
        double error = (double) clean[e] - target[e];
        sum += error * error;
        gradient[e] = (float) (factor * error);
      }
      total += weight[row] * sum;
    }
    return scale * total;
  }

  /** Mean of the last losses. */
  private static double recent(LossHistory history, long count) {
    double[] losses = history.losses();
    return Arrays.stream(losses, (int) Math.max(0, losses.length - count), losses.length).average().orElse(Double.NaN);
  }

  private static void sample(ImageModel model, Device device, Path run, long step) throws IOException {
    SamplingOptions options =
        model.sampling(SamplingMethod.DPM2M, 1, Math.min(GRID_STEPS, model.configuration().diffusion().steps()));
    try (ImageSampler sampler = model.open(device, GRID_IMAGES, options, 1)) {
      int classes = model.classes().size();
      List<ColorImage> pictures = sampler.sample(model.configuration().run().seed(), 0, GRID_IMAGES,
          image -> classes == 0 ? Denoiser.NO_LABEL : image % classes);
      ImageGrid.write(run.resolve("samples").resolve("step-%08d.png".formatted(step)),
          ImageGrid.square(pictures).draw(pictures));
    }
  }

  private static void requireFinite(float[] values, long step, Path last) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw diverged(step, "a parameter or moment became " + value, last);
      }
    }
  }

  private static DivergedException diverged(long step, String what, Path last) {
    return new DivergedException("the training broke down at step " + step + " (" + what + "); "
        + (last == null ? "there is no checkpoint yet" : "the last good checkpoint is " + last)
        + "; go on from there with a lower optimizer.learningRate");
  }

  /** The network's pass; times, labels and the position of dropout travel in the network's own buffers. */
  private record Pass(UNet network, ModeBatch shape, Purpose mode, boolean selfConditioned) implements Denoiser {
    @Override
    public List<Launch> record(Inputs inputs, float[] clean) {
      List<Launch> launches = new ArrayList<>();
      launches.add(selfConditioned
          ? new Concatenate(inputs.noisy(), inputs.previous(), network.input(), shape.imageSize(), shape.imageSize())
          : new CopyValues(inputs.noisy(), network.input(), shape.images()));
      launches.addAll(network.forward(mode).launches());
      launches.add(new CopyValues(network.output(), clean, shape.images()));
      return launches;
    }

    @Override
    public List<Object> buffers() {
      return List.of(network.steps(), network.labels(), network.dropoutStream().buffer());
    }
  }
}
