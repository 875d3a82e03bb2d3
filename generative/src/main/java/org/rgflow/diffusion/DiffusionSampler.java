package org.rgflow.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.rgflow.device.Device;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.diffusion.SamplingPlan.Action;
import org.rgflow.diffusion.SamplingPlan.Stage;
import org.rgflow.kernels.PhiloxVector;
import org.rgflow.launch.ClampValues;
import org.rgflow.launch.CombineFour;
import org.rgflow.launch.CombineThree;
import org.rgflow.launch.CopyValues;
import org.rgflow.launch.ImageNormals;
import org.rgflow.launch.MaskedValues;
import org.rgflow.launch.ModeAffine;
import org.rgflow.launch.ModeBlend;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;

/**
 * Draws images from a {@link Denoiser}: from noise at the last time step down to the first, by the stages of the
 * methods of {@link SamplingMethod}. The predicted x̂_0 is clamped to [−1, 1] in pixel space where that is known.
 *
 * <p>Images have numbers. All random numbers of image i are a function of the seed and i, so that image 17 of seed 3 is
 * the same in any batch, on any number of threads.
 *
 * <p>Everything is recorded once as programs; a step runs them and allocates nothing. Either {@link #sample} all at
 * once, or {@link #start} and {@link #step} until it returns false, with a look at {@link #modes} and {@link
 * #predicted} in between. Not safe for concurrent use.
 */
public final class DiffusionSampler implements AutoCloseable {
  /** Looks at a run. */
  @FunctionalInterface
  public interface Observer {
    /**
     * Called after every stage.
     *
     * @param stage number of the stage, from 0
     * @param time time step that x has reached
     * @param modes x, to be copied, not kept
     * @param predicted x̂_0 of this stage, to be copied, not kept
     */
    void after(int stage, double time, float[] modes, float[] predicted);
  }

  private final NoiseSchedule schedule;
  private final Denoiser denoiser;
  private final ModeBatch batch;
  private final PixelSpace pixels;
  private final List<Stage> stages;
  /** By stage: the four rows of weights one after the other. */
  private final float[][] weights;

  private final float[] x;
  private final float[] clean;
  private final float[] previous;
  private final float[] given;
  private final float[] known;
  private final float[] mask;
  private final float[][] coefficient = new float[4][];
  private final float[] times;
  private final double[] exactTimes;
  private final int[] labels;
  private final int[] images;
  private final RandomStream stream = new RandomStream(0);

  private final Program startNoise;
  private final Program startGiven;
  private final Program predict;
  private final Program clamp;
  private final Program inpaint;
  private final Program remember;
  private final Program forget;
  private final Program combine;
  private final Program noise;
  private final Program predictStep;
  private final Program correct;
  private final Program finish;
  private final Session session;

  private boolean inpainting;
  private int at;

  /**
   * @param pixels where to clamp, null not to clamp
   * @throws IllegalArgumentException if schedule, denoiser, options and pixels do not fit together
   */
  public DiffusionSampler(
      Device device, NoiseSchedule schedule, Denoiser denoiser, PixelSpace pixels, SamplingOptions options) {
    this.schedule = schedule;
    this.denoiser = denoiser;
    this.pixels = pixels;
    batch = denoiser.shape();
    WienerDenoiser.requireModes(batch, schedule);
    if (pixels != null && !pixels.batch().equals(batch)) {
      throw new IllegalArgumentException("the pixels are those of " + pixels.batch() + ", the denoiser works on "
          + batch);
    }
    stages = SamplingPlan.of(schedule, options);
    int modes = schedule.modes();
    int groups = batch.images();
    int lanes = batch.positions();
    weights = new float[stages.size()][4 * modes];
    for (int i = 0; i < weights.length; i++) {
      for (int j = 0; j < 4 * modes; j++) {
        weights[i][j] = (float) stages.get(i).weights()[j / modes][j % modes];
      }
    }

    x = new float[batch.size()];
    clean = new float[batch.size()];
    previous = new float[denoiser.selfConditioned() ? batch.size() : 1];
    given = new float[batch.size()];
    known = new float[pixels == null ? 1 : batch.size()];
    mask = new float[known.length];
    float[] before = new float[batch.size()];
    float[] earlier = new float[batch.size()];
    float[] scratch = new float[batch.size()];
    float[] next = new float[batch.size()];
    float[] nothing = new float[modes];
    Arrays.setAll(coefficient, i -> new float[modes]);
    times = new float[batch.images()];
    exactTimes = new double[batch.images()];
    labels = new int[batch.images()];
    Arrays.fill(labels, Denoiser.NO_LABEL);
    images = new int[batch.images()];
    float[] w0 = coefficient[0];
    float[] w1 = coefficient[1];
    float[] w2 = coefficient[2];
    float[] w3 = coefficient[3];

    float[] startDeviation = new float[modes];
    float[] startMean = new float[modes];
    startMoments(options, startDeviation, startMean);
    ModeAffine moments = new ModeAffine(x, given, startDeviation, startMean, lanes, groups);
    // What an earlier run left, nonsense perhaps, has weight zero in the first steps, which does not silence a NaN.
    List<CopyValues> history = List.of(new CopyValues(x, before, groups), new CopyValues(x, earlier, groups));
    startNoise = new Program("start of images").input(images, stream.buffer())
        .add(new ImageNormals(given, images, stream.buffer(), Streams.IMAGE_START))
        .add(moments).addAll(history);
    startGiven = new Program("given start of images").input(given).add(moments).addAll(history);
    predict = new Program("prediction").input(times, labels).input(denoiser.buffers().toArray())
        .addAll(denoiser.record(new Denoiser.Inputs(x, times, labels, previous), clean));
    float[] pixelValues = new float[known.length];
    clamp = new Program("clamp");
    inpaint = new Program("inpainting").input(known, mask);
    if (pixels != null) {
      clamp.addAll(pixels.inverse(clean, pixelValues))
          .add(new ClampValues(pixelValues, -1, 1, groups))
          .addAll(pixels.forward(pixelValues, clean));
      inpaint.addAll(pixels.inverse(clean, pixelValues))
          .add(new ClampValues(pixelValues, -1, 1, groups))
          .add(new MaskedValues(pixelValues, known, mask, groups))
          .addAll(pixels.forward(pixelValues, clean));
    }
    remember = new Program("self-conditioning");
    forget = new Program("no prediction yet");
    if (denoiser.selfConditioned()) {
      forget.add(new CopyValues(new float[batch.size()], previous, groups));
      remember.add(new CopyValues(clean, previous, groups));
    }
    combine = new Program("multistep").input(w0, w1, w2, w3)
        .add(new CombineFour(next, x, clean, before, earlier, w0, w1, w2, w3, lanes, groups))
        .add(new CopyValues(before, earlier, groups))
        .add(new CopyValues(clean, before, groups))
        .add(new CopyValues(next, x, groups));
    noise = new Program("step with noise").input(w0, w1, w2, w3, images, stream.buffer())
        .add(new ImageNormals(scratch, images, stream.buffer(), Streams.IMAGE_SAMPLER))
        .add(new CombineFour(next, x, clean, before, scratch, w0, w1, w2, w3, lanes, groups))
        .add(new CopyValues(clean, before, groups))
        .add(new CopyValues(next, x, groups));
    predictStep = new Program("predictor").input(w0, w1)
        .add(new CopyValues(x, scratch, groups))
        .add(new CopyValues(clean, before, groups))
        .add(new ModeBlend(x, scratch, clean, w0, w1, nothing, lanes, groups));
    correct = new Program("corrector").input(w0, w1, w2)
        .add(new CombineThree(x, scratch, before, clean, w0, w1, w2, lanes, groups));
    finish = new Program("last step").add(new CopyValues(clean, x, groups));
    session = device.open(Stream.of(startNoise, startGiven, predict, clamp, inpaint, remember, forget, combine,
        noise, predictStep, correct, finish).filter(program -> !program.launches().isEmpty()).toArray(Program[]::new));
    at = stages.size();
  }

  private void startMoments(SamplingOptions options, float[] deviation, float[] mean) {
    double[] dataMean = options.mean();
    double[] dataDeviation = options.deviation();
    if (dataMean != null && (dataMean.length != mean.length || dataDeviation.length != mean.length)) {
      throw new IllegalArgumentException(
          "the start has " + dataMean.length + " means and " + dataDeviation.length + " deviations for "
          + mean.length + " modes");
    }
    for (int k = 0; k < mean.length; k++) {
      deviation[k] = 1;
      if (dataMean != null) {
        double logSignal = schedule.logSignal(k, options.times()[0]);
        double variance = Math.exp(logSignal) * dataDeviation[k] * dataDeviation[k] - Math.expm1(logSignal);
        deviation[k] = (float) Math.sqrt(variance);
        mean[k] = (float) (Math.exp(0.5 * logSignal) * dataMean[k]);
      }
    }
  }

  /** The batch that is drawn at once. */
  public ModeBatch batch() {
    return batch;
  }

  /** Number of predictions of a run. */
  public int stages() {
    return stages.size();
  }

  /** Sets the class of each image of the batch, {@link Denoiser#NO_LABEL} for none, for the runs to come. */
  public void label(int... classes) {
    if (classes.length > labels.length) {
      throw new IllegalArgumentException(classes.length + " labels for a batch of " + labels.length);
    }
    System.arraycopy(classes, 0, labels, 0, classes.length);
  }

  /**
   * Holds parts of the images fixed in the runs to come: in every x̂_0 the known pixels replace the predicted ones
   * (the range-null-space decomposition of DDNM, Wang et al., 2212.00490, for a mask). The unknown parts adapt through
   * the denoiser; at the end the known pixels are exact up to the rounding of the transform.
   *
   * @param pixels the known images, as {@link PixelSpace} lays them out
   * @param known 1 where a pixel is known, 0 where it is to be painted, between for a mixture
   * @throws IllegalStateException if the sampler does not know its pixels
   */
  public void inpaint(float[] pixels, float[] known) {
    if (this.pixels == null) {
      throw new IllegalStateException("inpainting needs a sampler that knows its pixels");
    }
    if (pixels.length != batch.size() || known.length != batch.size()) {
      throw new IllegalArgumentException("inpainting needs " + batch.size()
          + " pixels and as many values of the mask, not "
          + pixels.length + " and " + known.length);
    }
    System.arraycopy(pixels, 0, this.known, 0, known.length);
    System.arraycopy(known, 0, mask, 0, known.length);
    inpainting = true;
  }

  /** Ends inpainting. */
  public void paintFreely() {
    inpainting = false;
  }

  /**
   * Begins a run.
   *
   * @param numbers number of each image, at least 0 and at most as many as the batch has; the rest of the batch
   *     repeats the first
   */
  public void start(long seed, int... numbers) {
    begin(seed, numbers);
    session.run(startNoise);
  }

  /**
   * Begins a run from given white noise, for instance one between those of two seeds; see {@link Interpolation}.
   *
   * @param white N(0, 1) variates, as long as the batch
   */
  public void startFrom(float[] white, long seed, int... numbers) {
    if (white.length != x.length) {
      throw new IllegalArgumentException("the start has " + white.length + " numbers, the batch " + x.length);
    }
    begin(seed, numbers);
    System.arraycopy(white, 0, given, 0, given.length);
    session.run(startGiven);
  }

  private void begin(long seed, int[] numbers) {
    if (numbers.length < 1 || numbers.length > images.length) {
      throw new IllegalArgumentException("a run draws 1 to " + images.length + " images, not " + numbers.length);
    }
    for (int i = 0; i < images.length; i++) {
      images[i] = numbers[i < numbers.length ? i : 0];
      if (images[i] < 0) {
        throw new IllegalArgumentException("images are numbered from 0, not " + images[i]);
      }
    }
    stream.buffer()[0] = (int) seed;
    stream.buffer()[1] = (int) (seed >> 32);
    stream.seek(0);
    if (denoiser.selfConditioned()) {
      session.run(forget);
    }
    at = 0;
  }

  /**
   * The white noise from which an image starts.
   *
   * @param white one image's numbers are written, from {@code offset} on
   */
  public static void noise(long seed, int image, float[] white, int offset, int length) {
    float[] own = new float[length];
    PhiloxVector.imageNormals(0, length, own, new int[] {image}, length, new RandomStream(seed).buffer(),
        Streams.IMAGE_START);
    System.arraycopy(own, 0, white, offset, length);
  }

  /**
   * One prediction and what follows from it.
   *
   * @return whether there is more to do
   * @throws IllegalStateException if no run has been started or the last one is complete
   */
  public boolean step() {
    if (at >= stages.size()) {
      throw new IllegalStateException("the run is complete; start another");
    }
    Stage stage = stages.get(at);
    Arrays.fill(times, (float) stage.time());
    Arrays.fill(exactTimes, stage.time());
    denoiser.prepare(exactTimes);
    session.run(predict);
    if (inpainting) {
      session.run(inpaint);
    } else if (pixels != null) {
      session.run(clamp);
    }
    if (denoiser.selfConditioned()) {
      session.run(remember);
    }
    for (int i = 0; i < 4; i++) {
      System.arraycopy(weights[at], i * coefficient[i].length, coefficient[i], 0, coefficient[i].length);
    }
    stream.seek(at);
    session.run(program(stage.action()));
    at++;
    return at < stages.size();
  }

  private Program program(Action action) {
    return switch (action) {
      case COMBINE -> combine;
      case NOISE -> noise;
      case PREDICT -> predictStep;
      case CORRECT -> correct;
      case FINISH -> finish;
    };
  }

  /** The time step that x has reached. */
  public double time() {
    return at == 0 ? stages.getFirst().time() : stages.get(at - 1).next();
  }

  /** x as it is now, {@link ModeBatch}; the sampler's own buffer. After the last step these are the images. */
  public float[] modes() {
    session.download(x);
    return x;
  }

  /** The last x̂_0, {@link ModeBatch}; the sampler's own buffer. */
  public float[] predicted() {
    session.download(clean);
    return clean;
  }

  /**
   * Draws images at once.
   *
   * @param numbers number of each image
   * @return their modes, {@code [image][channel][position]}
   */
  public float[] sample(long seed, int... numbers) {
    return sample((stage, time, modes, predicted) -> { }, seed, numbers);
  }

  /** {@link #sample(long, int...)} with someone who looks on. */
  public float[] sample(Observer observer, long seed, int... numbers) {
    start(seed, numbers);
    return finished(observer, numbers.length);
  }

  /** Draws images at once from given white noise; see {@link #startFrom}. */
  public float[] sampleFrom(Observer observer, float[] white, long seed, int... numbers) {
    startFrom(white, seed, numbers);
    return finished(observer, numbers.length);
  }

  private float[] finished(Observer observer, int count) {
    boolean more = true;
    for (int stage = 0; more; stage++) {
      more = step();
      observer.after(stage, time(), modes(), predicted());
    }
    return Arrays.copyOf(modes(), count * batch.imageSize());
  }

  @Override
  public void close() {
    session.close();
  }
}
