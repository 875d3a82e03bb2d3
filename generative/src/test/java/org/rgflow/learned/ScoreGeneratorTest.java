package org.rgflow.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Launch;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;
import org.rgflow.launch.Normals;
import org.rgflow.learned.ScoreSampling.Likelihood;
import org.rgflow.learned.ScoreSampling.Method;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.network.Purpose;
import org.rgflow.random.RandomStream;
import org.rgflow.random.Streams;
import org.rgflow.spectral.FourierTransforms;
import org.rgflow.spectral.LatticeModes;
import org.rgflow.spectral.ModeTransform;
import org.rgflow.statistics.Estimate;
import org.rgflow.statistics.ImportanceWeights;

/** Both equations on a free theory, where the score, the likelihood and ln Z are known. */
class ScoreGeneratorTest {
  private static final double MASS2 = 0.8;
  private static final Phi4Action FREE = Phi4Action.canonical(MASS2, 0);
  private static final int SIDE = 3;
  private static final Lattice LATTICE = Lattice.square(SIDE);

  /** The exact propagator; the network is multiplied by {@code strength}, 0 for none. */
  static ScoreModel model(double strength) {
    List<LatticeModes.Orbit> orbits = new LatticeModes(LATTICE).orbits();
    double[] propagator = orbits.stream().mapToDouble(orbit -> 1 / (orbit.momentum2() + MASS2)).toArray();
    double[] excess = new double[propagator.length];
    Arrays.fill(excess, 1);
    ScoreConfiguration configuration = new ScoreConfiguration(FREE, SIDE, 6, 1, 16, 1, 0.01, 1);
    float[] parameters = new float[configuration.shape().layout().size()];
    Random random = new Random(5);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = (float) (strength * random.nextGaussian());
    }
    return new ScoreModel(configuration, new ScoreStatistics(propagator, excess), parameters);
  }

  static double logPartition() {
    double sum = 0;
    for (double momentum2 : new LatticeModes(LATTICE).energies()) {
      sum += 0.5 * Math.log(2 * Math.PI / (momentum2 + MASS2));
    }
    return sum;
  }

  private static double[] logWeights(ScoreModel model, ScoreSampling sampling, int batches) {
    try (Device device = new JvmDevice(2); ScoreGenerator generator = new ScoreGenerator(model, sampling, 9, device)) {
      double[] result = new double[batches * generator.batch()];
      for (int i = 0; i < batches; i++) {
        System.arraycopy(generator.generate(i).logWeights(), 0, result, i * generator.batch(), generator.batch());
      }
      return result;
    }
  }

  /** Without a network the score is exact, and so is every weight: all are Z, whatever the number of steps. */
  @ParameterizedTest
  @EnumSource(Method.class)
  void theGaussianPartIsExact(Method method) {
    for (double logWeight : logWeights(model(0), new ScoreSampling(method, Likelihood.EXACT, 3), 1)) {
      assertThat(logWeight).isCloseTo(logPartition(), within(1e-4)); // rounding of 16 floats
    }
  }

  /** ln Z of a heavier field, within four standard errors: a false alarm in 16,000. */
  @Test
  void weightsTakeTheFieldsToAnotherTheory() {
    Phi4Action heavier = Phi4Action.canonical(MASS2 + 0.3, 0);
    double exact = 0;
    for (double momentum2 : new LatticeModes(LATTICE).energies()) {
      exact += 0.5 * Math.log(2 * Math.PI / (momentum2 + heavier.mass2()));
    }
    ScoreSampling sampling = new ScoreSampling(Method.SDE, Likelihood.EXACT, 3);
    ImportanceWeights weights = new ImportanceWeights(logWeights(model(0).weighedFor(heavier), sampling, 8));
    assertThat(weights.effectiveFraction()).isBetween(0.5, 0.999);
    Estimate found = weights.logMean();
    assertThat(found.error()).isLessThan(0.02);
    assertThat(found.mean()).isCloseTo(exact, within(4 * found.error()));
    assertThatIllegalArgumentException().isThrownBy(() -> model(0).weighedFor(Phi4Action.gerdes(MASS2, 0)))
        .withMessageContaining("kinetic terms differ");
    assertThatIllegalArgumentException().isThrownBy(() -> model(0).withParameters(new float[3]))
        .withMessageContaining("3 parameters for a network of");
  }

  @Test
  void lookingOnChangesNothing() {
    try (Device device = new JvmDevice(2); ScoreGenerator generator =
        new ScoreGenerator(model(0.1), new ScoreSampling(Method.SDE, Likelihood.EXACT, 4), 9, device)) {
      FieldGenerator.Batch alone = generator.generate(3);
      ScoreGenerator.Trajectory seen = generator.generate(3, 2);
      assertThat(seen.stops()).hasSize(3);
      assertThat(seen.stops().getLast().fields()).isEqualTo(alone.fields());
      assertThat(seen.end().logWeights()).isEqualTo(alone.logWeights());
    }
  }

  @Test
  void refusesImpossibleSteps() {
    for (int steps : new int[] {1, Integer.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ScoreSampling(Method.SDE, Likelihood.EXACT, steps))
          .withMessage("a score model needs 2 to 1000000 steps, not " + steps);
    }
  }

  @Test
  void refusesPlacesThatAreNoPath() {
    try (Device device = new JvmDevice(1)) {
      for (double[] places : new double[][] {{1, 0.5, 0.5, 0}, {1, 0.2, 0.4, 0}, {1, Double.NaN, 0}}) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ScoreGenerator(model(0), places, 1, device))
            .withMessageEndingWith("places must fall");
      }
      for (double[] places : new double[][] {{0.9, 0.5, 0}, {1, 0.5, 0.1}}) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ScoreGenerator(model(0), places, 1, device))
            .withMessageStartingWith("places must fall from 1 to 0, not from " + places[0]);
      }
      double[] single = {1, 0};
      assertThatIllegalArgumentException().isThrownBy(() -> new ScoreGenerator(model(0), single, 1, device))
          .withMessageContaining("needs 2 to 1000000 steps, not 1");
    }
  }

  /** ½ Σ_k (r'² − r²) ⟨(f'_k − f_k)²⟩ of each step, field by field and mode by mode. */
  @Test
  void variancesOfStepsAreThoseOfPlainLoops() {
    ScoreModel model = model(0.3);
    double[] places = {1, 0.7, 0.4, 0.1, 0};
    int steps = places.length - 1;
    int fields = 64;
    long index = 5;
    double[] expected = new double[steps];
    try (Device device = new JvmDevice(1)) {
      ScoreField score =
          new ScoreField(model.configuration(), model.statistics(), fields, Purpose.INFERENCE, device);
      System.arraycopy(model.parameters(), 0, score.network().parameters().values(), 0, model.parameters().length);
      FieldLayout layout = score.layout();
      RandomStream stream = new RandomStream(9, index);
      List<Launch> force = score.placement("force").addAll(score.forward()).launches();
      run(List.of(new Normals(score.whitened(), layout.blocks(), stream.buffer(), Streams.SCORE_START)));
      float[] noise = new float[layout.size()];
      score.place(places[0]);
      run(force);
      for (int step = 0; step < steps; step++) {
        stream.seek(index * steps + step);
        run(List.of(new Normals(noise, layout.blocks(), stream.buffer(), Streams.SCORE_STEPS)));
        float[] before = score.force().clone();
        for (int n = 0; n < fields; n++) {
          for (int k = 0; k < LATTICE.sites(); k++) {
            double r = model.path().correlation(k, places[step]);
            double after = model.path().correlation(k, places[step + 1]);
            double v = 1 - r * r / (after * after);
            int i = layout.index(n, k);
            score.whitened()[i] = (float) (r / after * score.whitened()[i] + after * v * before[i]
                + Math.sqrt(v) * noise[i]);
          }
        }
        score.place(places[step + 1]);
        run(force);
        for (int n = 0; n < fields; n++) {
          for (int k = 0; k < LATTICE.sites(); k++) {
            double r = model.path().correlation(k, places[step]);
            double after = model.path().correlation(k, places[step + 1]);
            double moved = score.force()[layout.index(n, k)] - before[layout.index(n, k)];
            expected[step] += 0.5 * (after * after - r * r) * moved * moved / fields;
          }
        }
      }
      double[] found = ScoreGenerator.stepVariances(model, places, index, 9, device, step -> true);
      assertThat(found).hasSize(steps);
      for (int step = 0; step < steps; step++) {
        assertThat(found[step]).isCloseTo(expected[step], within(1e-5 * expected[step]));
      }
    }
  }

  private static void run(List<Launch> launches) {
    launches.forEach(launch -> launch.run(0, launch.items()));
  }

  /** 40 steps leave one near every fifth of the path; with as many stops as steps there is one at the end of each. */
  @Test
  void stopsAreNearEqualDistances() {
    ScoreModel model = model(0);
    ScoreSampling sampling = new ScoreSampling(Method.SDE, Likelihood.EXACT, 40);
    try (Device device = new JvmDevice(2); ScoreGenerator generator = new ScoreGenerator(model, sampling, 9, device)) {
      double[] five = generator.along(0, 5).stream().mapToDouble(ScoreGenerator.Stop::place).toArray();
      assertThat(five).containsExactly(new double[] {1, 0.8, 0.6, 0.4, 0.2, 0}, within(0.05));
      double[] all = generator.along(0, 40).stream().mapToDouble(ScoreGenerator.Stop::place).toArray();
      assertThat(all).isEqualTo(model.path().places(40));
      assertThatIllegalArgumentException().isThrownBy(() -> generator.along(0, 41))
          .withMessage("41 stops in 40 steps are not possible");
    }
  }

  @Test
  void theProgramBringsAScoreAlong() throws IOException {
    try (ModelFile file = ModelLocation.of("bundled:phi4-8x8-score").open()) {
      assertThat(ScoreModel.describes(file)).isTrue();
      ScoreConfiguration configuration = ScoreModel.read(file).configuration();
      assertThat(configuration.action()).isEqualTo(Phi4Action.gerdes(-4, 6.008));
      assertThat(configuration.lattice()).isEqualTo(Lattice.square(8));
    }
  }

  /**
   * ⟨φ_k²⟩ of all scales, averaged over the modes in units of what it must be: the error is √(2/(NM)) for N fields and
   * M modes, 5 of them a false alarm in two million. Modes that the flow has made so small that the rounding of the zero
   * mode hides them are left out.
   */
  @ParameterizedTest
  @EnumSource(Method.class)
  void freeFieldsHaveTheirPropagatorAtEveryScale(Method method) {
    ScoreModel model = model(0);
    int batches = 8;
    int stops = 4;
    int sites = LATTICE.sites();
    ScorePath path = model.path();
    double[] power = new double[stops + 1];
    int[] count = new int[stops + 1];
    try (Device device = new JvmDevice(2);
        ScoreGenerator generator =
            new ScoreGenerator(model, new ScoreSampling(method, Likelihood.HUTCHINSON, 4), 3, device)) {
      for (int batch = 0; batch < batches; batch++) {
        List<ScoreGenerator.Stop> all = generator.along(batch, stops);
        assertThat(all).hasSize(stops + 1);
        for (int i = 0; i <= stops; i++) {
          ScoreGenerator.Stop stop = all.get(i);
          double s = method == Method.ODE ? 1 - i / (double) stops : path.places(stops)[i];
          assertThat(stop.place()).isEqualTo(s);
          assertThat(stop.scale()).isEqualTo(path.scale(s));
          for (int n = 0; n < generator.batch(); n++) {
            float[] modes = modes(Arrays.copyOfRange(stop.fields(), n * sites, (n + 1) * sites));
            for (int k = 0; k < sites; k++) {
              if (path.deviation(k, s) > 1e-3 * path.deviation(0, s)) {
                double x = modes[k] / path.deviation(k, s);
                power[i] += x * x;
                count[i]++;
              }
            }
          }
        }
      }
    }
    for (int i = 0; i <= stops; i++) {
      assertThat(count[i]).isGreaterThan(1000);
      assertThat(power[i] / count[i]).isCloseTo(1, within(5 * Math.sqrt(2.0 / count[i])));
    }
  }

  /** Half way the density of the flowed field is N(0, C_Λ + K²(G − C)). */
  @Test
  void theLikelihoodOfAFlowedFieldIsThatOfItsGaussian() {
    ScoreModel model = model(0);
    ScorePath path = model.path();
    try (Device device = new JvmDevice(1);
        ScoreGenerator generator =
            new ScoreGenerator(model, new ScoreSampling(Method.ODE, Likelihood.EXACT, 4), 3, device)) {
      ScoreGenerator.Stop stop = generator.along(0, 2).get(1);
      int sites = LATTICE.sites();
      for (int n = 0; n < generator.batch(); n++) {
        float[] modes = modes(Arrays.copyOfRange(stop.fields(), n * sites, (n + 1) * sites));
        double density = 0;
        for (int k = 0; k < sites; k++) {
          double x = modes[k] / path.deviation(k, 0.5);
          density -= 0.5 * x * x + Math.log(path.deviation(k, 0.5)) + 0.5 * Math.log(2 * Math.PI);
        }
        assertThat(stop.logLikelihood()[n]).isCloseTo(density, within(1e-4));
      }
    }
  }

  private static float[] modes(float[] field) {
    float[] modes = new float[field.length];
    ModeTransform transform = FourierTransforms.of(new FieldLayout(LATTICE, 1));
    run(transform.forward(field, modes));
    return modes;
  }

  /** A network that nobody trained spoils the fields, but not the mean of the weights. */
  @ParameterizedTest
  @EnumSource(Method.class)
  void anyScoreGivesThePartitionFunction(Method method) {
    ScoreSampling sampling = new ScoreSampling(method, Likelihood.EXACT, method == Method.SDE ? 5 : 4);
    ImportanceWeights weights =
        new ImportanceWeights(logWeights(model(0.12), sampling, method == Method.SDE ? 16 : 32));
    assertThat(weights.effectiveFraction()).isBetween(0.2, 0.95);
    Estimate logZ = weights.logMean();
    assertThat(logZ.error()).isLessThan(0.03);
    assertThat(logZ.mean()).isCloseTo(logPartition(), within(4 * logZ.error()));
  }

  /** The likelihood converges with the fourth power of the step, until rounding shows. */
  @Test
  void theLikelihoodIsOfFourthOrder() {
    ScoreModel model = model(0.3);
    double[] exact = logWeights(model, new ScoreSampling(Method.ODE, Likelihood.EXACT, 32), 1);
    double coarse = distance(exact, logWeights(model, new ScoreSampling(Method.ODE, Likelihood.EXACT, 4), 1));
    double fine = distance(exact, logWeights(model, new ScoreSampling(Method.ODE, Likelihood.EXACT, 8), 1));
    assertThat(fine).isBetween(1e-4, 1e-1);
    assertThat(Math.log(coarse / fine) / Math.log(2)).isBetween(3.3, 5.0);
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum / a.length);
  }

  /** The same fields, for the estimate does not move them; 4 standard deviations of the mean difference. */
  @Test
  void hutchinsonsEstimateIsRightOnAverage() {
    ScoreModel model = model(0.12);
    try (Device device = new JvmDevice(2);
        ScoreGenerator exact = new ScoreGenerator(model, new ScoreSampling(Method.ODE, Likelihood.EXACT, 6), 2, device);
        ScoreGenerator estimate =
            new ScoreGenerator(model, new ScoreSampling(Method.ODE, Likelihood.HUTCHINSON, 6), 2, device)) {
      FieldGenerator.Batch reference = exact.generate(0);
      FieldGenerator.Batch batch = estimate.generate(0);
      int count = exact.batch();
      double sum = 0;
      double squares = 0;
      for (int n = 0; n < count; n++) {
        double difference = batch.logLikelihood()[n] - reference.logLikelihood()[n];
        sum += difference;
        squares += difference * difference;
      }
      assertThat(Arrays.copyOf(batch.fields(), 64)).isEqualTo(Arrays.copyOf(reference.fields(), 64));
      double mean = sum / count;
      double error = Math.sqrt((squares / count - mean * mean) / count);
      assertThat(error).isBetween(1e-3, 0.2);
      assertThat(mean).isCloseTo(0, within(4 * error));
    }
  }
}
