package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.lattice.Ensemble;

class Phi4CommandsTest {
  @TempDir
  private Path folder;

  private Console sample(String file, String... more) {
    String[] base = {"phi4", "sample", "--lattice", "4x6", "--mass2", "-4", "--lambda", "6.975", "--seed", "7", "--quiet",
      "--threads", "1", "--out", folder.resolve(file).toString()};
    String[] all = Arrays.copyOf(base, base.length + more.length);
    System.arraycopy(more, 0, all, base.length, more.length);
    return Console.run(all);
  }

  @Test
  void sampleHasTheContractsKeys() throws IOException {
    Console console = sample("e.npz", "--configurations", "1600", "--format", "json");
    assertThat(console.err()).isEmpty();
    assertThat(console.status()).isZero();
    JsonObject json = console.json();
    assertThat(json.keySet()).contains("observables", "acceptance", "configurations", "seed", "device", "seconds");
    JsonObject observables = json.getAsJsonObject("observables");
    assertThat(observables.keySet()).contains("phi2", "phi4", "absMagnetization", "susceptibility", "binder",
        "correlationLength2nd", "schwingerDyson");
    observables.entrySet().forEach(e ->
        assertThat(e.getValue().getAsJsonObject().keySet()).containsExactly("mean", "error", "tauInt"));
    assertThat(json.get("configurations").getAsLong()).isEqualTo(1600);
    assertThat(json.get("seed").getAsLong()).isEqualTo(7);
    assertThat(json.getAsJsonArray("warnings")).isEmpty();
  }

  /** Few measurements, chains that never move, and series too short for their autocorrelation do not pass in silence. */
  @Test
  void doubtfulNumbersAreCalledSo() throws IOException {
    Console few = sample("few.npz", "--configurations", "160");
    assertThat(few.status()).isZero();
    assertThat(few.err()).startsWith("rgflow: warning: only 10 measurements per replica");

    Console stuck = sample("stuck.npz", "--configurations", "96", "--thermalise", "0", "--step-size", "5", "--format", "json");
    assertThat(stuck.status()).isZero();
    assertThat(stuck.err().lines()).allMatch(line -> line.startsWith("rgflow: warning: "));
    assertThat(stuck.err()).contains("the chains hardly move").contains("16 of 16 replicas never changed");
    assertThat(stuck.json().getAsJsonArray("warnings").asList().stream().map(e -> "rgflow: warning: " + e.getAsString()).toList())
        .isEqualTo(stuck.err().lines().toList());

    Console slow = sample("slow.npz", "--configurations", "1600", "--thermalise", "10", "--sampler", "mala", "--step-size", "1e-4");
    assertThat(slow.status()).isZero();
    assertThat(slow.err()).contains("too short for the autocorrelation of phi2, ");
  }

  /**
   * The exact values of the 3×3 lattice (transfer-matrix quadrature, as in the validation suite), and the
   * Schwinger–Dyson identity is 1. Fixed seed; 4.5 σ bounds, missed by a correct sampler once in 10⁵ seeds.
   */
  @Test
  void sampleGivesTheExactNumbersOfThreeByThree() throws IOException {
    JsonObject observables = Console.run("phi4", "sample", "--lattice", "3x3", "--mass2", "-4", "--lambda", "6.975",
        "--configurations", "16000", "--replicas", "32", "--seed", "3", "--quiet", "--format", "json").json()
        .getAsJsonObject("observables");
    assertWithin(observables.getAsJsonObject("phi2"), 0.1761579088021);
    assertWithin(observables.getAsJsonObject("susceptibility"), 0.7828724116703);
    assertWithin(observables.getAsJsonObject("schwingerDyson"), 1);
  }

  private static void assertWithin(JsonObject estimate, double exact) {
    double error = estimate.get("error").getAsDouble();
    assertThat(error).isBetween(1e-5, 0.02);
    assertThat(estimate.get("mean").getAsDouble()).isCloseTo(exact, within(4.5 * error));
  }

  @Test
  void resumingGivesTheBytesOfARunThatWasNeverStopped() throws IOException {
    assertThat(sample("whole.npz", "--configurations", "640").status()).isZero();
    assertThat(sample("parts.npz", "--configurations", "320").status()).isZero();
    Console resumed = Console.run("phi4", "sample", "--resume", "--out", folder.resolve("parts.npz").toString(),
        "--configurations", "640", "--quiet");
    assertThat(resumed.err()).startsWith("rgflow: warning: only 40 measurements");
    assertThat(resumed.status()).isZero();
    assertThat(Files.readAllBytes(folder.resolve("parts.npz"))).isEqualTo(Files.readAllBytes(folder.resolve("whole.npz")));
    assertThat(EnsembleFiles.read(folder.resolve("whole.npz")).tuning().keySet().stream().toList()).as("the same order in every process").isSorted();
    Console other = sample("parts.npz", "--configurations", "960", "--resume", "--replicas", "8");
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("number of replicas").hasLineCount(1);
  }

  /** 3×3 by the bridge; 4σ for each of two (false alarm 1.3e-4). */
  @Test
  void bridgeHasTheContractsKeysAndWritesFieldsOfEqualWeight() throws IOException {
    Path file = folder.resolve("bridge.npz");
    Console console = Console.run("phi4", "bridge", "--lattice", "3x3", "--mass2", "-4", "--lambda", "6.975", "--replicas", "2000",
        "--conditional-ess", "0.98", "--seed", "3", "--out", file.toString(), "--format", "json");
    assertThat(console.status()).isZero();
    JsonObject json = console.json();
    assertThat(json.keySet()).contains("observables", "logPartition", "effectiveSampleFraction", "levels", "acceptance",
        "configurations", "seed", "device", "seconds", "lattice", "action", "properTimes", "conditionalEss",
        "logWeightVariance", "levelsVariance");
    assertThat(json.getAsJsonArray("properTimes")).hasSize(json.get("levels").getAsInt());
    assertThat(json.get("conditionalEss").getAsDouble()).isEqualTo(0.98);
    assertThat(json.get("levelsVariance").isJsonNull()).as("known of a learned drift alone").isTrue();
    JsonObject logZ = json.getAsJsonObject("logPartition");
    assertThat(logZ.get("mean").getAsDouble()).isCloseTo(1.969824275121, within(4 * logZ.get("error").getAsDouble()));
    JsonObject phi2 = json.getAsJsonObject("observables").getAsJsonObject("phi2");
    assertThat(phi2.get("mean").getAsDouble()).isCloseTo(0.1761579088021, within(4 * phi2.get("error").getAsDouble()));

    Ensemble ensemble = EnsembleFiles.read(file);
    assertThat(ensemble.replicas()).isEqualTo(16);
    assertThat(ensemble.snapshots()).isEqualTo(125);
    assertThat(ensemble.sampler()).isEqualTo("bridge");
    // Resampling adds to the scatter, not to the mean.
    double mean = Arrays.stream(ensemble.series("phi2")).average().orElseThrow();
    assertThat(mean).isCloseTo(phi2.get("mean").getAsDouble(), within(2 * phi2.get("error").getAsDouble()));

    assertThat(Console.run("phi4", "bridge", "--lattice", "3x3", "--mass2", "-4", "--lambda", "6.975", "--conditional-ess", "1")
        .status()).isEqualTo(2);
  }

  @Test
  void flowHasTheContractsKeysAndWritesItsFolderAndPicture() throws IOException {
    assertThat(sample("e.h5", "--configurations", "160").status()).isZero();
    Path out = folder.resolve("flowed");
    Console console = Console.run("phi4", "flow", "--in", folder.resolve("e.h5").toString(), "--scales", "2,1,0.5", "--seed", "1",
        "--out", out.toString(), "--plot", folder.resolve("flow.png").toString(), "--format", "json");
    assertThat(console.err()).isEmpty();
    JsonObject json = console.json();
    assertThat(json.getAsJsonArray("scales")).hasSize(3);
    for (JsonElement element : json.getAsJsonArray("scales")) {
      JsonObject scale = element.getAsJsonObject();
      assertThat(scale.keySet()).contains("lambda", "observables", "propagator", "invariant");
      assertThat(scale.getAsJsonArray("propagator").get(0).getAsJsonObject().keySet()).containsExactly("p2", "value", "error");
      assertThat(scale.getAsJsonArray("invariant").get(0).getAsJsonObject().keySet())
          .contains("p2", "value", "error", "expected");
    }
    assertThat(out.resolve("flow.json")).exists();
    assertThat(out.resolve("scale-2.0.npz")).exists();
    assertThat(ImageIO.read(folder.resolve("flow.png").toFile()).getWidth()).isGreaterThan(1000);
    Console on = Console.run("phi4", "flow", "--in", out.resolve("scale-0.5.npz").toString(), "--scales", "0.25", "--seed", "1");
    assertThat(on.err()).isEmpty();
    assertThat(on.out()).contains("preserved");
    Console back = Console.run("phi4", "flow", "--in", out.resolve("scale-0.5.npz").toString(), "--scales", "2", "--seed", "1");
    assertThat(back.status()).isEqualTo(2);
    assertThat(back.err()).contains("flowed to scale 0.5 already").hasLineCount(1);
  }

  /** Litim's cutoff takes away every mode above it; below the smallest momentum no correlation length is left. */
  @Test
  void aCutoffBelowAllMomentaLeavesNoCorrelationLength() throws IOException {
    assertThat(sample("e.npz", "--configurations", "160").status()).isZero();
    Console text = Console.run("phi4", "flow", "--in", folder.resolve("e.npz").toString(), "--regulator", "litim",
        "--scales", "2,0.5", "--seed", "1");
    assertThat(text.out().lines().filter(line -> line.startsWith("   2.000")).findFirst().orElseThrow().split("\\+-")).hasSize(5);
    assertThat(text.out().lines().filter(line -> line.startsWith("  0.5000")).findFirst().orElseThrow().split("\\+-"))
        .hasSize(4);
    JsonObject json = Console.run("phi4", "flow", "--in", folder.resolve("e.npz").toString(), "--regulator", "litim",
        "--scales", "2,0.5", "--seed", "1", "--format", "json").json();
    assertThat(json.getAsJsonArray("scales").get(1).getAsJsonObject().getAsJsonObject("observables")
        .getAsJsonObject("correlationLength2nd").get("mean").isJsonNull()).isTrue();
  }

  /** The gradient flows damp by the exponential cutoff whatever the mass: asking for both changes no number. */
  @ParameterizedTest
  @ValueSource(strings = {"polchinski", "wegner-morris", "stochastic-gradient-flow", "gradient-flow"})
  void everySchemeTakesTheExponentialRegulatorAndAReferenceMass(String scheme) throws IOException {
    assertThat(sample("e.npz", "--configurations", "160").status()).isZero();
    String[] plain = {"phi4", "flow", "--in", folder.resolve("e.npz").toString(), "--scheme", scheme, "--scales", "2,1",
        "--seed", "1", "--format", "json"};
    Console without = Console.run(plain);
    assertThat(without.status()).isZero();
    assertThat(without.err()).isEmpty();
    Console with = Console.run(words(plain, "--regulator", "exponential", "--reference-mass2", "1"));
    assertThat(with.status()).isZero();
    assertThat(with.json().get("scales")).isEqualTo(without.json().get("scales"));
    Console heavier = Console.run(words(plain, "--reference-mass2", "3"));
    assertThat(heavier.status()).isZero();
    if (scheme.endsWith("gradient-flow")) {
      assertThat(with.err()).startsWith("rgflow: note: --reference-mass2 changes nothing: " + scheme).hasLineCount(1);
      assertThat(heavier.json().get("scales")).isEqualTo(without.json().get("scales"));
    } else {
      assertThat(with.err()).isEmpty();
      assertThat(heavier.json().get("scales")).isNotEqualTo(without.json().get("scales"));
    }
    Console massless = Console.run(words(plain, "--reference-mass2", "0"));
    assertThat(massless.status()).isEqualTo(2);
    assertThat(massless.err()).contains("--reference-mass2").hasLineCount(1);
  }

  private static String[] words(String[] first, String... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void picturesInsteadOfAnEnsemble() throws IOException {
    assertThat(sample("e.png", "--configurations", "64").status()).isZero();
    assertThat(ImageIO.read(folder.resolve("e.png").toFile()).getWidth()).isGreaterThan(1000);
    assertThat(Files.list(folder)).hasSize(1);
  }

  @Test
  void anUnstableStepAndADamagedFileAreNamed() throws IOException {
    Console unstable = sample("u.npz", "--step-size", "5", "--configurations", "160");
    assertThat(unstable.status()).isEqualTo(2);
    assertThat(unstable.err()).contains("step size").hasLineCount(1);
    assertThat(folder.resolve("u.npz")).doesNotExist();
    assertThat(sample("e.npz", "--configurations", "64").status()).isZero();
    byte[] bytes = Files.readAllBytes(folder.resolve("e.npz"));
    Path cut = folder.resolve("cut.npz");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    Console damaged = Console.run("phi4", "flow", "--in", cut.toString(), "--scales", "1");
    assertThat(damaged.status()).isEqualTo(2);
    assertThat(damaged.err()).contains("cut.npz").hasLineCount(1);
  }
}
