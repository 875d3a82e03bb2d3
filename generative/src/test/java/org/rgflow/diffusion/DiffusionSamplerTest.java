package org.rgflow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.diffusion.SamplingPlan.Stage;
import org.rgflow.launch.ModeAffine;

class DiffusionSamplerTest {
  private static final int T = 1000;
  private static final double[] MEAN = {0.7, -0.2, 0.1, 0};
  private static final double[] DEVIATION = {1.3, 0.4, 0.5, 0.15};
  private static final NoiseSchedule PUBLISHED = NoiseSchedules.fermi(FermiSchedule.published(2), 1);

  private static float[] sample(
      int threads, ModeBatch batch, SamplingOptions options, PixelSpace pixels, long seed, int... images) {
    try (JvmDevice device = new JvmDevice(threads);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED,
            new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), pixels, options)) {
      return sampler.sample(seed, images);
    }
  }

  /**
   * The recursion of mean and variance of an affine sampler on Gaussian data is exact. 65,536 samples a mode: means and
   * variances within 5 standard errors, which a correct program misses once in 10⁵ seeds for the 24 figures.
   */
  @ParameterizedTest
  @CsvSource({"DDIM, 0", "DDIM, 0.5", "DDIM, 1", "DPM2M, 0.5", "DPM2M, 1"})
  void gaussianDataGivesTheKnownMoments(SamplingMethod method, double eta) {
    ModeBatch batch = new ModeBatch(4, 4, 16_384);
    SamplingOptions options = new SamplingOptions(method, eta, SamplingOptions.rounded(T, 12), null, null);
    float[] images = sample(2, batch, options, null, 11, 0, 1, 2, 3);
    List<Stage> stages = SamplingPlan.of(PUBLISHED, options);
    ModeData.Gaussian data = new ModeData.Gaussian(MEAN, DEVIATION);
    for (int k = 0; k < 4; k++) {
      ModeData.Moments moments = ModeData.moments(PUBLISHED, stages, data, k);
      double mean = moments.mean();
      double variance = moments.variance();
      double sum = 0;
      double squares = 0;
      int n = 4 * batch.positions();
      for (int i = 0; i < 4; i++) {
        for (int p = 0; p < batch.positions(); p++) {
          double v = images[(i * 4 + k) * batch.positions() + p] - mean;
          sum += v;
          squares += v * v;
        }
      }
      assertThat(sum / n).as("mean of mode %s", k).isCloseTo(0, within(5 * Math.sqrt(variance / n)));
      assertThat(squares / n).as("variance of mode %s", k).isCloseTo(variance,
          within(5 * variance * Math.sqrt(2.0 / n)));
    }
  }

  /** The recorded launches, in float, against the plan in double, on data that is no Gaussian. */
  @ParameterizedTest
  @EnumSource
  void theProgramFollowsThePlanInDouble(SamplingMethod method) {
    ModeBatch batch = new ModeBatch(3, 4, 5);
    ModeData data = new ModeData.Mixture(0.3, new double[] {1.1, 0.6, 0.8, 0.3}, new double[] {0.5, 0.4, 0.3, 0.2});
    SamplingOptions options = SamplingOptions.deterministic(method, T, 15).startedFrom(MEAN, DEVIATION);
    List<Stage> stages = SamplingPlan.of(PUBLISHED, options);
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(
            device, PUBLISHED, new MixtureDenoiser(batch, PUBLISHED, data), null, options)) {
      sampler.start(5, 8, 9, 10);
      float[] start = sampler.modes().clone();
      for (int i = 0; i < stages.size() - 1; i++) {
        assertThat(sampler.step()).isTrue();
      }
      assertThat(sampler.time()).isZero();
      float[] reached = sampler.modes().clone();
      for (int image = 0; image < 3; image++) {
        for (int p = 0; p < 5; p++) {
          double[] x = new double[4];
          for (int k = 0; k < 4; k++) {
            x[k] = start[(image * 4 + k) * 5 + p];
          }
          double[] expected = ModeData.run(PUBLISHED, stages, data, x);
          for (int k = 0; k < 4; k++) {
            assertThat((double) reached[(image * 4 + k) * 5 + p]).isCloseTo(expected[k], within(2e-5));
          }
        }
      }
      assertThat(sampler.step()).isFalse();
      assertThat(sampler.modes()).isEqualTo(sampler.predicted());
      assertThatThrownBy(sampler::step).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theStartHasTheMomentsOfTheDataAtTheLastStep() {
    ModeBatch batch = new ModeBatch(1, 4, 60_000);
    SamplingOptions options = SamplingOptions.ancestral(T, 5).startedFrom(MEAN, DEVIATION);
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED,
            new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), null, options)) {
      sampler.start(3, 0);
      for (int k = 0; k < 4; k++) {
        double alphaBar = PUBLISHED.alphaBar(k, T - 1);
        double mean = Math.sqrt(alphaBar) * MEAN[k];
        double variance = alphaBar * DEVIATION[k] * DEVIATION[k] + 1 - alphaBar;
        double sum = 0;
        double squares = 0;
        for (int p = 0; p < 60_000; p++) {
          double v = sampler.modes()[k * 60_000 + p] - mean;
          sum += v;
          squares += v * v;
        }
        // 5 standard errors: a false alarm once in 2·10⁵ seeds
        assertThat(sum / 60_000).isCloseTo(0, within(5 * Math.sqrt(variance / 60_000)));
        assertThat(squares / 60_000).isCloseTo(variance, within(5 * variance * Math.sqrt(2.0 / 60_000)));
      }
    }
  }

  /** Image 17 of seed 3 is the same alone, in a batch, last in a batch and on two threads; others differ. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 1})
  void anImageIsTheSameInAnyBatchAndOnAnyNumberOfThreads(double eta) {
    SamplingOptions options =
        new SamplingOptions(SamplingMethod.DDIM, eta, SamplingOptions.rounded(T, 9), null, null);
    ModeBatch one = new ModeBatch(1, 4, 49);
    ModeBatch large = new ModeBatch(40, 4, 49);
    PixelSpace onePixels = new PixelSpace(one, 1, 7, 7, 2);
    PixelSpace largePixels = new PixelSpace(large, 1, 7, 7, 2);
    float[] alone = sample(1, one, options, onePixels, 3, 17);
    float[] twenty = sample(1, large, options, largePixels, 3, IntStream.range(0, 20).toArray());
    float[] reversed = sample(2, large, options, largePixels, 3, 30, 18, 17);
    assertThat(twenty).hasSize(20 * 196);
    assertThat(Arrays.copyOfRange(twenty, 17 * 196, 18 * 196)).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(reversed, 2 * 196, 3 * 196)).isEqualTo(alone);
    assertThat(Arrays.copyOfRange(twenty, 18 * 196, 19 * 196)).isNotEqualTo(alone);
    assertThat(sample(1, one, options, onePixels, 4, 17)).isNotEqualTo(alone);
    assertThat(sample(2, large, options, largePixels, 3, IntStream.range(0, 20).toArray())).isEqualTo(twenty);
  }

  /** With F = 0 preconditioning is the Wiener filter; with the F that undoes the skip it predicts what F says. */
  @Test
  void preconditioningBeginsAtTheWienerFilter() {
    ModeBatch batch = new ModeBatch(2, 4, 3);
    double[] times = {700, 120.5};
    Denoiser zero = affine(batch, 0, 0);
    Denoiser scaled = affine(batch, 0.5f, 0.25f);
    float[] noisy = new float[batch.size()];
    Arrays.setAll(new double[batch.size()], i -> noisy[i] = (float) Math.sin(i));
    float[] wiener = predict(new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), noisy, times);
    assertThat(predict(new PreconditionedDenoiser(zero, PUBLISHED, MEAN, DEVIATION), noisy, times)).isEqualTo(wiener);
    float[] corrected = predict(new PreconditionedDenoiser(scaled, PUBLISHED, MEAN, DEVIATION), noisy, times);
    for (int i = 0; i < noisy.length; i++) {
      int k = i / 3 % 4;
      double a = Math.sqrt(PUBLISHED.alphaBar(k, times[i / 12]));
      double s = Math.sqrt(1 - a * a);
      double q = a * a * DEVIATION[k] * DEVIATION[k] + s * s;
      double standard = (noisy[i] - a * MEAN[k]) / Math.sqrt(q);
      double expected = MEAN[k] + a * DEVIATION[k] * DEVIATION[k] / Math.sqrt(q) * standard
          + s * DEVIATION[k] / Math.sqrt(q) * (0.5 * standard + 0.25);
      assertThat((double) corrected[i]).isCloseTo(expected, within(1e-6));
    }
  }

  /** w = 1 is the labelled prediction, w = 0 the free one, and beyond 1 goes on in the same direction. */
  @Test
  void guidanceExtrapolatesFromFreeToLabelled() {
    ModeBatch batch = new ModeBatch(2, 4, 3);
    float[] noisy = new float[batch.size()];
    Arrays.fill(noisy, 0.5f);
    Denoiser byLabel = new LabelDenoiser(batch);
    assertThat(predict(new GuidedDenoiser(byLabel, 1), noisy, new double[2])).containsOnly(7f);
    assertThat(predict(new GuidedDenoiser(byLabel, 0), noisy, new double[2])).containsOnly(-1f);
    assertThat(predict(new GuidedDenoiser(byLabel, 3), noisy, new double[2])).containsOnly(23f);
  }

  @Test
  void selfConditioningHandsOnTheLastPrediction() {
    ModeBatch batch = new ModeBatch(1, 4, 3);
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED, new CountingDenoiser(batch), null,
            SamplingOptions.deterministic(SamplingMethod.DPM2M, T, 6))) {
      for (int run = 0; run < 2; run++) {
        float[] images = sampler.sample(1, 0);
        assertThat(images).as("one more in every prediction, from nothing in every run").containsOnly(6f);
      }
    }
  }

  /** A run that ended in nonsense leaves nothing behind. */
  @ParameterizedTest
  @EnumSource
  void aRunDoesNotDependOnTheOneBefore(SamplingMethod method) {
    ModeBatch batch = new ModeBatch(1, 4, 3);
    SamplingOptions options = SamplingOptions.deterministic(method, T, 6);
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED,
            new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), null, options)) {
      float[] expected = sampler.sample(1, 0);
      float[] nonsense = new float[batch.size()];
      Arrays.fill(nonsense, Float.NaN);
      sampler.startFrom(nonsense, 1, 0);
      while (sampler.step()) {
        assertThat(sampler.modes()).containsOnly(Float.NaN);
      }
      assertThat(sampler.sample(1, 0)).isEqualTo(expected).doesNotContain(Float.NaN);
    }
  }

  @Test
  void inpaintingKeepsWhatIsKnownAndClampsTheRest() {
    ModeBatch batch = new ModeBatch(2, 4, 9);
    PixelSpace pixels = new PixelSpace(batch, 1, 3, 3, 2);
    float[] known = new float[batch.size()];
    float[] mask = new float[batch.size()];
    float[] plane = new float[36];
    float[] maskPlane = new float[36];
    for (int i = 0; i < 36; i++) {
      plane[i] = (float) Math.cos(i);
      maskPlane[i] = i % 6 < 3 ? 1 : 0;
    }
    for (int image = 0; image < 2; image++) {
      pixels.pixels(plane, known, image);
      pixels.pixels(maskPlane, mask, image);
    }
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED,
            new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), pixels, SamplingOptions.ancestral(T, 10))) {
      float[] free = sampler.sample(2, 0, 1);
      sampler.inpaint(known, mask);
      float[] painted = sampler.sample(2, 0, 1);
      sampler.paintFreely();
      assertThat(sampler.sample(2, 0, 1)).isEqualTo(free).isNotEqualTo(painted);
      float[] values = new float[batch.size()];
      run(device, pixels.inverse(painted, values));
      float[] image = new float[36];
      pixels.image(values, 1, image);
      for (int i = 0; i < 36; i++) {
        if (maskPlane[i] == 1) {
          assertThat(image[i]).isCloseTo(plane[i], within(2e-6f));
        }
        assertThat(image[i]).isBetween(-1.000002f, 1.000002f);
      }
      assertThatThrownBy(() -> sampler.inpaint(plane, maskPlane)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void pixelsAndModesAreTheOrthonormalTransform() {
    ModeBatch batch = new ModeBatch(2, 27, 4);
    PixelSpace pixels = new PixelSpace(batch, 3, 2, 2, 3);
    float[] values = new float[batch.size()];
    Arrays.fill(values, 1);
    float[] modes = new float[batch.size()];
    float[] back = new float[batch.size()];
    try (JvmDevice device = new JvmDevice(1)) {
      run(device, pixels.forward(values, modes));
      run(device, pixels.inverse(modes, back));
    }
    for (int i = 0; i < modes.length; i++) {
      assertThat(modes[i]).isCloseTo(i / 4 % 9 == 0 ? 3 : 0, within(1e-6f));
      assertThat(back[i]).isCloseTo(1, within(1e-6f));
    }
    float[] planes = new float[108];
    Arrays.setAll(new double[108], i -> planes[i] = i);
    pixels.pixels(planes, values, 1);
    // colour 2, y = 4, x = 5: patch (1, 1), place (1, 2)
    assertThat(values[108 + (2 * 9 + 1 * 3 + 2) * 4 + 3]).isEqualTo(2 * 36 + 4 * 6 + 5);
    float[] again = new float[108];
    pixels.image(values, 1, again);
    assertThat(again).isEqualTo(planes);
  }

  @Test
  void interpolationIsSphericalAndStartsAtTheSeeds() {
    ModeBatch batch = new ModeBatch(3, 4, 25);
    SamplingOptions options = SamplingOptions.deterministic(SamplingMethod.DPM2M, T, 8).startedFrom(MEAN, DEVIATION);
    float[] a = new float[100];
    float[] b = new float[100];
    DiffusionSampler.noise(1, 4, a, 0, 100);
    DiffusionSampler.noise(2, 4, b, 0, 100);
    float[] white = new float[300];
    for (int i = 0; i < 3; i++) {
      Interpolation.spherical(a, b, i / 2.0, white, 100 * i);
    }
    double middle = 0;
    double cosine = 0;
    for (int i = 0; i < 100; i++) {
      middle += white[100 + i] * white[100 + i];
      cosine += a[i] * b[i];
    }
    double norms = dot(a, a) + dot(b, b);
    // |sin(θ/2)/sin θ (a + b)|² = (|a|² + |b|² + 2ab)/(4 cos²(θ/2))
    double angle = Math.acos(cosine / Math.sqrt(dot(a, a) * dot(b, b)));
    assertThat(middle).isCloseTo((norms + 2 * cosine) / (4 * Math.pow(Math.cos(angle / 2), 2)), within(1e-3));
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED,
            new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), null, options)) {
      float[] first = sampler.sample(1, 4);
      float[] second = sampler.sample(2, 4);
      sampler.startFrom(white, 1, 0, 1, 2);
      while (sampler.step()) {
        assertThat(sampler.time()).isLessThan(999);
      }
      assertThat(Arrays.copyOf(sampler.modes(), 100)).containsExactly(first, within(2e-6f));
      assertThat(Arrays.copyOfRange(sampler.modes(), 200, 300)).containsExactly(second, within(2e-6f));
    }
    assertThatThrownBy(() -> Interpolation.spherical(new float[3], new float[3], 0.5, white, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Test
  void anObserverSeesTheTrajectory() {
    ModeBatch batch = new ModeBatch(1, 4, 9);
    List<Double> times = new ArrayList<>();
    List<float[]> modes = new ArrayList<>();
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED,
            new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), null, SamplingOptions.ancestral(T, 4))) {
      float[] last = sampler.sample((stage, time, x, predicted) -> {
        assertThat(stage).isEqualTo(times.size());
        times.add(time);
        modes.add(x.clone());
      }, 1, 0);
      assertThat(times).containsExactly(666.0, 333.0, 0.0, 0.0);
      assertThat(modes.getLast()).isEqualTo(last);
      assertThatThrownBy(() -> sampler.start(1, -1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> sampler.start(1, 1, 2)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"DDIM, 1", "HEUN, 0", "DPM2M, 0", "DPM2M, 1", "DPM3M, 0"})
  void aStepAllocatesNothing(SamplingMethod method, double eta) {
    ModeBatch batch = new ModeBatch(2, 4, 64);
    SamplingOptions options =
        new SamplingOptions(method, eta, SamplingOptions.rounded(T, 1000), null, null);
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = Long.MAX_VALUE;
    try (JvmDevice device = new JvmDevice(1);
        DiffusionSampler sampler = new DiffusionSampler(device, PUBLISHED,
            new WienerDenoiser(batch, PUBLISHED, MEAN, DEVIATION), new PixelSpace(batch, 1, 8, 8, 2), options)) {
      long begin = System.nanoTime();
      // The compiler works in the background, and slowly on a busy machine.
      while (allocated > 0 && System.nanoTime() - begin < 30_000_000_000L) {
        sampler.start(1, 0, 1);
        sampler.step();
        long before = bean.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 900; i++) {
          sampler.step();
        }
        allocated = bean.getCurrentThreadAllocatedBytes() - before;
      }
    }
    assertThat(allocated).isZero();
  }

  private static void run(JvmDevice device, List<Launch> launches) {
    Program program = new Program("test").addAll(launches);
    try (Session session = device.open(program)) {
      session.run(program);
    }
  }

  private static float[] predict(Denoiser denoiser, float[] noisy, double[] times) {
    float[] clean = new float[noisy.length];
    int[] labels = {7, 7};
    try (JvmDevice device = new JvmDevice(1)) {
      denoiser.prepare(times);
      run(device, denoiser.record(new Denoiser.Inputs(noisy, new float[2], labels, new float[noisy.length]), clean));
    }
    return clean;
  }

  private static Denoiser affine(ModeBatch batch, float scale, float offset) {
    float[] a = new float[batch.channels()];
    float[] b = new float[batch.channels()];
    Arrays.fill(a, scale);
    Arrays.fill(b, offset);
    return new Denoiser() {
      @Override
      public ModeBatch shape() {
        return batch;
      }

      @Override
      public List<Launch> record(Inputs inputs, float[] clean) {
        return List.of(new ModeAffine(clean, inputs.noisy(), a, b, batch.positions(), batch.images()));
      }
    };
  }

  /** Predicts the label. */
  private record LabelDenoiser(ModeBatch shape) implements Denoiser {
    private record Fill(int[] labels, float[] clean) implements Launch {
      @Override
      public int items() {
        return clean.length;
      }

      @Override
      public int cost() {
        return 1;
      }

      @Override
      public void run(int begin, int end) {
        for (int i = begin; i < end; i++) {
          clean[i] = labels[i * labels.length / clean.length];
        }
      }
    }

    @Override
    public List<Launch> record(Inputs inputs, float[] clean) {
      return List.of(new Fill(inputs.labels(), clean));
    }
  }

  /** Predicts one more than it did before. */
  private record CountingDenoiser(ModeBatch shape) implements Denoiser {
    @Override
    public boolean selfConditioned() {
      return true;
    }

    @Override
    public List<Launch> record(Inputs inputs, float[] clean) {
      float[] ones = new float[shape.channels()];
      Arrays.fill(ones, 1);
      return List.of(new ModeAffine(clean, inputs.previous(), ones, ones, shape.positions(), shape.images()));
    }
  }
}
