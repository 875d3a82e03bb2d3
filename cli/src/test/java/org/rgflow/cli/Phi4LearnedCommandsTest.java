package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.lattice.Ensemble;

/** {@code phi4 learn} and {@code phi4 generate}. */
class Phi4LearnedCommandsTest {
  @TempDir
  private Path folder;

  private Console learn(String... more) {
    List<String> words = new ArrayList<>(List.of("phi4", "learn", "--quiet", "--out"));
    words.add(folder.resolve("run").toString());
    words.addAll(List.of(more));
    return Console.run(words.toArray(String[]::new));
  }

  private Console generate(String... more) {
    List<String> words = new ArrayList<>(List.of("phi4", "generate", "--quiet", "--seed", "7"));
    words.addAll(List.of(more));
    return Console.run(words.toArray(String[]::new));
  }

  /** Numbers of the table of phi4 sample; 4 standard deviations, a false alarm in 16,000 for each of three. */
  @Test
  void theBundledModelGeneratesTheTheory() throws IOException {
    Path file = folder.resolve("e.npz");
    Console console = generate("--configurations", "6000", "--format", "json", "--out", file.toString());
    assertThat(console.err()).isEmpty();
    assertThat(console.status()).isZero();
    JsonObject json = console.json();
    assertThat(json.keySet()).contains("observables", "acceptance", "configurations", "seed", "device", "seconds",
        "lattice", "action", "sampler", "logPartition", "effectiveSampleFraction", "integrationError");
    assertThat(json.get("lattice").getAsString()).isEqualTo("8x8");
    assertThat(json.get("effectiveSampleFraction").getAsDouble()).isBetween(0.9, 1.0);
    assertThat(json.get("acceptance").getAsDouble()).isGreaterThan(0.8);
    assertThat(json.get("integrationError").getAsDouble()).isLessThan(0.01);
    JsonObject observables = json.getAsJsonObject("observables");
    near(observables.getAsJsonObject("phi2"), 0.18388, 3e-5);
    near(observables.getAsJsonObject("susceptibility"), 1.8947, 2.2e-3);
    near(observables.getAsJsonObject("schwingerDyson"), 1, 0);
    assertThat(observables.getAsJsonObject("susceptibility").get("error").getAsDouble()).isLessThan(0.05);
    Ensemble ensemble = EnsembleFiles.read(file);
    assertThat(ensemble.snapshots()).isEqualTo(6000);
    assertThat(ensemble.sampler()).isEqualTo("learned-flow");
    assertThat(ensemble.seriesNames()).contains("logLikelihood", "logWeight", "proposalLogWeight", "accepted", "phi2");
  }

  private static void near(JsonObject estimate, double expected, double uncertainty) {
    double error = Math.hypot(estimate.get("error").getAsDouble(), uncertainty);
    assertThat(estimate.get("mean").getAsDouble()).isCloseTo(expected, within(4 * error));
  }

  @Test
  void trainsStopsResumesAndGenerates() throws IOException {
    String[] small = {"--lattice", "3x3", "--mass2", "-4", "--lambda", "6.975", "--batch-size", "32", "--frequencies",
        "6", "--features", "4", "--time-features", "2", "--integration-steps", "4", "--seed", "3", "--threads", "1"};
    List<String> begin = new ArrayList<>(List.of(small));
    begin.addAll(List.of("--steps", "10", "--decay-steps", "50"));
    Console first = learn(begin.toArray(String[]::new));
    assertThat(first.err()).isEmpty();
    assertThat(first.status()).isZero();
    assertThat(first.out()).contains("3x3 lattice").contains("10 steps, loss");
    Console again = learn(begin.toArray(String[]::new));
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("holds a training already");
    Console changed = learn("--resume", "latest", "--steps", "20", "--seed", "4");
    assertThat(changed.err()).contains("with --resume leave out --seed");
    Console more = learn("--resume", "latest", "--steps", "20", "--format", "json");
    assertThat(more.status()).isZero();
    assertThat(more.json().get("step").getAsLong()).isEqualTo(20);
    assertThat(more.json().keySet())
        .contains("loss", "effectiveSampleFraction", "seconds", "checkpoint", "model", "seed", "device");

    Console fields = generate("--model", folder.resolve("run").toString(), "--configurations", "500");
    assertThat(fields.status()).isZero();
    assertThat(fields.out()).contains("ln Z").contains("effective sample size");
    Path model = folder.resolve("run/model.safetensors");
    Console same = generate("--model", model.toString(), "--configurations", "500");
    assertThat(same.out().lines().skip(1).limit(12).toList())
        .isEqualTo(fields.out().lines().skip(1).limit(12).toList());
    assertThat(Files.readAllLines(folder.resolve("run/log.jsonl"))).hasSize(2);
  }

  @Test
  void trainsOnConfigurationsToo() throws IOException {
    Path examples = folder.resolve("examples.npz");
    assertThat(Console.run("phi4", "sample", "--lattice", "2x4", "--mass2", "-4", "--lambda", "8", "--configurations",
        "320", "--seed", "1", "--quiet", "--out", examples.toString()).status()).isZero();
    String[] flow = {"--mass2", "-4", "--lambda", "8", "--batch-size", "16", "--steps", "5", "--integration-steps", "2",
        "--examples", examples.toString()};
    List<String> words = new ArrayList<>(List.of(flow));
    words.addAll(List.of("--lattice", "4x4"));
    Console other = learn(words.toArray(String[]::new));
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("the configurations are of 2x4").contains("but the flow is of 4x4");
    words.set(words.size() - 1, "2x4");
    assertThat(learn(words.toArray(String[]::new)).status()).isZero();
    assertThat(learn("--resume", "latest", "--steps", "6").err()).contains("name them with --examples");
  }

  @Test
  void learnsAScoreAndGoesBackAlongTheFlow() throws IOException {
    Path examples = folder.resolve("examples.npz");
    assertThat(Console.run("phi4", "sample", "--lattice", "3x3", "--mass2", "-4", "--lambda", "6.975",
        "--configurations", "2048", "--replicas", "64", "--seed", "1", "--quiet", "--out", examples.toString())
        .status()).isZero();
    String[] begin = {"--method", "score", "--examples", examples.toString(), "--steps", "10", "--width", "8",
        "--blocks", "1", "--batch-size", "32", "--seed", "3"};
    Console first = learn(begin);
    assertThat(first.err()).isEmpty();
    assertThat(first.status()).isZero();
    assertThat(first.out()).contains("3x3 lattice").contains("score of 1 blocks of 8 channels, 2048 configurations")
        .contains("10 steps, loss");
    refused("a score is learned from configurations", learn("--resume", "latest", "--steps", "20"));
    refused("leave out --width", learn("--resume", "latest", "--examples", examples.toString(), "--width", "9"));
    refused("the checkpoint is of --method score", learn("--resume", "latest", "--method", "flow"));
    refused("--method score takes no --features", learn("--method", "score", "--features", "4"));
    refused("--method flow takes no --blocks", learn("--blocks", "4"));
    refused("leave out --lattice", learn("--method", "score", "--examples", examples.toString(), "--lattice", "4x4"));
    Console more =
        learn("--resume", "latest", "--examples", examples.toString(), "--steps", "20", "--format", "json");
    assertThat(more.status()).isZero();
    assertThat(more.json().get("step").getAsLong()).isEqualTo(20);
    assertThat(more.json().keySet()).contains("loss", "seconds", "checkpoint", "model", "seed", "device");

    String run = folder.resolve("run").toString();
    Path file = folder.resolve("fields.npz");
    Console sde = generate("--model", run, "--configurations", "300", "--steps", "5", "--out", file.toString());
    assertThat(sde.status()).isZero();
    assertThat(sde.out()).contains("reverse SDE, 5 steps").contains("ln Z").contains("effective sample size");
    assertThat(EnsembleFiles.read(file).sampler()).isEqualTo("score-sde");
    Console ode = generate("--model", run, "--configurations", "300", "--steps", "4", "--sampler", "ode",
        "--likelihood", "hutchinson", "--format", "json");
    assertThat(ode.status()).isZero();
    assertThat(ode.json().keySet()).contains("observables", "logPartition", "effectiveSampleFraction",
        "integrationError", "integrationSteps", "model");
    assertThat(ode.json().get("sampler").getAsString()).isEqualTo("score-ode");
    assertThat(ode.json().get("warnings").toString()).contains("the likelihoods are estimates");
    assertThat(generate("--model", run, "--configurations", "300", "--steps", "5", "--as-generated").out())
        .contains("as generated").contains("acceptance 1.000");

    Console bridge = Console.run("phi4", "bridge", "--drift", run, "--levels", "20", "--replicas", "512", "--seed", "1",
        "--format", "json", "--quiet", "--out", folder.resolve("bridge.npz").toString());
    assertThat(bridge.status()).isZero();
    assertThat(bridge.json().get("levels").getAsInt()).isEqualTo(20);
    assertThat(bridge.json().get("trajectories").getAsInt()).isZero();
    assertThat(bridge.json().get("lattice").getAsString()).isEqualTo("3x3");
    // 4 standard deviations from the exact value, a false alarm in 16,000.
    near(bridge.json().getAsJsonObject("logPartition"), 1.969824275121, 0);
    assertThat(bridge.json().getAsJsonArray("properTimes")).hasSize(20);
    assertThat(bridge.json().getAsJsonArray("properTimes").get(19).getAsDouble()).isZero();
    assertThat(bridge.json().get("logWeightVariance").getAsDouble())
        .isGreaterThan(bridge.json().get("levelsVariance").getAsDouble());
    Console found = Console.run("phi4", "bridge", "--drift", run, "--replicas", "64", "--seed", "1",
        "--conditional-ess", "0.999", "--quiet");
    assertThat(found.status()).isZero();
    assertThat(found.err()).isEmpty();
    assertThat(found.out()).containsPattern("\\d+ levels, effective sample size")
        .containsPattern("levels at Lambda = [0-9. ]+ infinity\\n")
        .containsPattern("by the levels \\(conditional effective sample size 0.999\\d+\\)");
    Console few = Console.run("phi4", "bridge", "--drift", "bundled:phi4-8x8-score", "--levels", "2", "--replicas",
        "256", "--seed", "1", "--quiet");
    assertThat(few.status()).isZero();
    assertThat(few.out()).contains("2 levels, ").containsPattern("\nlevels at Lambda = [0-9.]+ infinity\n");
    assertThat(few.err()).endsWith("use a larger --conditional-ess or more --levels\n").hasLineCount(1);
    refused("give --levels or --conditional-ess",
        Console.run("phi4", "bridge", "--drift", run, "--levels", "9", "--conditional-ess", "0.9", "--quiet"));
    refused("--conditional-ess 1.0: must lie between 0 and 1",
        Console.run("phi4", "bridge", "--drift", run, "--conditional-ess", "1", "--quiet"));
    refused("--levels 1: must be at least 2",
        Console.run("phi4", "bridge", "--drift", run, "--levels", "1", "--quiet"));
    assertThat(EnsembleFiles.read(folder.resolve("bridge.npz")).snapshots()).isEqualTo(32);
    refused("with --drift leave out --lattice",
        Console.run("phi4", "bridge", "--drift", run, "--lattice", "3x3", "--quiet"));
    refused("that is no score model", Console.run("phi4", "bridge", "--drift", "bundled:phi4-8x8", "--quiet"));
    refused("--lattice is missing", Console.run("phi4", "bridge", "--mass2", "-4", "--lambda", "6", "--quiet"));
    refused("--levels is for --drift", Console.run("phi4", "bridge", "--lattice", "3x3", "--mass2", "-4", "--lambda",
        "6", "--levels", "9", "--quiet"));
    refused("--likelihood is for --sampler ode", generate("--model", run, "--likelihood", "exact"));
    refused("2 to 1000000 steps, not 1", generate("--model", run, "--steps", "1"));
    refused("are for scores, but bundled:phi4-8x8 is a flow", generate("--sampler", "sde"));
  }

  @Test
  void refusesInOneLine() {
    refused("--lattice is missing", learn("--mass2", "-4", "--lambda", "6"));
    refused("needs --mass2 and --lambda", learn("--lattice", "4x4"));
    refused("multiple of 16", learn("--lattice", "4x4", "--mass2", "-4", "--lambda", "6", "--batch-size", "20"));
    refused("there is no checkpoint", learn("--resume", "latest"));
    refused("did you mean 'phi4-8x8'", generate("--model", "bundled:phi4-8x"));
    refused("that is no model of lattice fields", generate("--model", "bundled:fashion-mnist"));
    refused("must be at least 2", generate("--configurations", "1"));
    refused("bundled:phi4-8x8", Console.run("images", "sample", "--model", "bundled:phi4-8x8", "--out",
        folder.resolve("x.png").toString()));
  }

  private static void refused(String message, Console console) {
    assertThat(console.status()).isEqualTo(2);
    assertThat(console.err().lines()).hasSize(1).first().asString().startsWith("rgflow: ").contains(message);
  }
}
