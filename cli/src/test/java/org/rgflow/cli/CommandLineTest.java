package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandLineTest {
  /** Bad command lines and what the one line on the standard error must say. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "devises | unknown command 'devises'; did you mean 'devices'?",
    "phi4 smple | unknown command 'smple'; did you mean 'sample'?",
    "phi4 | what to do is missing: sample, bridge, flow",
    "devices --formt json | unknown option '--formt'; did you mean '--format'?",
    "devices --format jsn | unknown format 'jsn'; did you mean 'json'?",
    "devices extra | unexpected argument 'extra'",
    "phi4 sample --mass2 -4 --lambda 1 | --lattice is missing",
    "phi4 sample --lattice 1x4 --mass2 -4 --lambda 1 | lattice 1x4: each side must be between 2 and 2048",
    "phi4 sample --lattice 4096x4 --mass2 -4 --lambda 1 | lattice 4096x4: each side must be between 2 and 2048",
    "phi4 sample --lattice 4y4 --mass2 -4 --lambda 1 | '4y4' is not a lattice",
    "phi4 sample --lattice 4x4 --mass2 -4 | --lambda is missing",
    "phi4 sample --lattice 4x4 --action gerds --mass2 -4 --lambda 1 | unknown action 'gerds'; did you mean 'gerdes'?",
    "phi4 sample --lattice 4x4 --action kappa-lambda --mass2 1 --lambda 1 | --action kappa-lambda takes --kappa, not --mass2",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda -1 | lambda = -1.0: the action has no lower bound",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 0 | the free theory needs mass2 > 0",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --sampler hcm | unknown sampler 'hcm'; did you mean 'hmc'?",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --configurations 0 | --configurations 0: must be at least 1",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --configurations 1e5 | '1e5' is not a whole number in range",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --configurations 9223372036854775807 --seed 1 | fewer",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --replicas 0 | at least one replica",
    "phi4 sample --lattice 4x4 --mass2 x --lambda 1 | '--mass2': 'x' is not a number",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --device gpu | unknown device 'gpu'",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --device tornado | TORNADOVM_HOME",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --threads 0 | --threads 0: must be 1 or more",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --out e.txt | e.txt",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --out /no/such/folder/e.npz | cannot write /no/such/folder/e.npz",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --plot e.pdf | --plot e.pdf: pictures are written as .png",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 1 --integrator omelyan --sampler wolff | does not go with --sampler wolff",
    "phi4 sample --resume --lattice 4x4 --mass2 -4 --lambda 1 | --resume continues the run in --out",
    "phi4 sample --resume --out missing.npz --step-size 0.1 | --step-size belongs to the beginning of a run",
    "phi4 sample --resume --out missing.npz | nothing to resume: missing.npz does not exist",
    "phi4 flow --in missing.npz --scales 2,1 | missing.npz",
    "phi4 flow --scales 2,1 | missing required option: '--in=FILE'",
    "phi4 flow --in e.npz --scales 2,1 --scheme polchinksi | unknown scheme 'polchinksi'; did you mean 'polchinski'?",
    "phi4 flow --in e.npz --scales 2,1 --regulator exponentail | did you mean 'exponential'?",
    "phi4 flow --in e.npz --scales 2,1 --regulator power:x | 'x' is not a number",
    "phi4 flow --in e.npz --scales 2,1 --scheme gradient-flow --regulator litim | --regulator means nothing to --scheme gradient-flow",
    "phi4 sample --lattice 4x4 --mass2 -4 --lambda 6 --step-size 1e-30 --quiet --seed 1 | did not change any field",
    "phi4 flow --in e.npz --scales 2,1 --sigma 1 | --sigma means nothing to --scheme polchinski",
    "validate --suite phi5 | unknown suite 'phi5'; did you mean 'phi4'?",
    "images | what to do is missing: train, sample",
    "bench | what to measure is missing: phi4 or learned or images or device",
    "bench phi4 --seconds 0 | between 0 and 60 seconds",
    "bench images --rows inferense | unknown part of the table 'inferense'; did you mean 'inference'?",
    "bench learned --rows samplng | unknown part of the table 'samplng'; did you mean 'sampling'?",
    "bench learned --threads 0 | --threads",
    "bench images --threads 0 | --threads"
  })
  void badInputIsOneLineAndExitCodeTwo(String arguments, String message) {
    Console console = Console.run(arguments.strip().split(" +"));
    assertThat(console.err()).contains(message).startsWith("rgflow: ").endsWith("\n");
    assertThat(console.err().lines()).hasSize(1);
    assertThat(console.err()).doesNotContain("Exception").doesNotContain("\tat ");
    assertThat(console.status()).isEqualTo(2);
  }

  static Stream<List<String>> commands() {
    return names(Main.commands(), List.of());
  }

  private static Stream<List<String>> names(CommandLine command, List<String> path) {
    return Stream.concat(Stream.of(path), command.getSubcommands().entrySet().stream()
        .flatMap(e -> names(e.getValue(), Stream.concat(path.stream(), Stream.of(e.getKey())).toList())));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithExamples(List<String> path) {
    Console console = Console.run(Stream.concat(path.stream(), Stream.of("--help")).toArray(String[]::new));
    assertThat(console.status()).isZero();
    assertThat(console.err()).isEmpty();
    assertThat(console.out()).startsWith("Usage: rgflow");
    assertThat(console.out()).containsPattern("Examples:\\R  (rgflow|source <\\(rgflow) *" + String.join(" ", path));
    assertThat(console.out().lines().mapToInt(String::length).max().orElse(0)).isLessThanOrEqualTo(120);
  }

  /** Every example of every help text is at least understood: no option in it is misspelt or has gone. */
  @ParameterizedTest
  @MethodSource("commands")
  void examplesParse(List<String> path) {
    CommandLine command = Main.commands();
    for (String name : path) {
      command = command.getSubcommands().get(name);
    }
    for (String line : command.getCommandSpec().usageMessage().footer()) {
      String example = line.strip();
      if (!example.startsWith("rgflow ")) {
        continue;
      }
      String[] words = example.split(" {2,}| [>#]")[0].strip().split(" ");
      CommandLine fresh = Main.commands();
      CommandLine.ParseResult result = fresh.parseArgs(java.util.Arrays.copyOfRange(words, 1, words.length));
      assertThat(result.errors()).as(example).isEmpty();
    }
  }

  @Test
  void devicesAsJson() throws IOException {
    Console console = Console.run("devices", "--format", "json");
    assertThat(console.status()).isZero();
    assertThat(console.json().getAsJsonArray("devices").get(0).getAsJsonObject().get("name").getAsString()).isEqualTo("jvm");
    assertThat(Console.run("devices").out()).contains("jvm").contains("tornado");
  }

  @Test
  void versionAndCompletion() {
    assertThat(Console.run("--version").out()).startsWith("rgflow ");
    String script = Console.run("completion").out();
    assertThat(script).startsWith("#!/usr/bin/env bash").contains("swendsen-wang").contains("stochastic-gradient-flow");
  }

  @Command(name = "throwing")
  private static final class Throwing implements Runnable {
    private final Throwable thrown;

    Throwing(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    public void run() {
      switch (thrown) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(thrown);
      }
    }
  }

  private static Console failing(Throwable thrown, String... arguments) {
    StringWriter err = new StringWriter();
    CommandLine root = Main.commands().addSubcommand(new Throwing(thrown));
    int status = Main.run(root, new PrintWriter(new StringWriter()), new PrintWriter(err),
        Stream.concat(Stream.of(arguments), Stream.of("throwing")).toArray(String[]::new));
    return new Console(status, "", err.toString());
  }

  @Test
  void bugsAreNamedAsBugsAndShowTheirStackOnlyOnRequest() {
    Console quiet = failing(new IllegalStateException("broken invariant"));
    assertThat(quiet.status()).isEqualTo(2);
    assertThat(quiet.err().lines()).hasSize(1);
    assertThat(quiet.err()).startsWith("rgflow: internal error, please report it: ").contains("broken invariant");
    assertThat(failing(new IllegalStateException("broken invariant"), "--stack-trace").err()).contains("\tat org.rgflow");
    assertThat(failing(new AssertionError("x")).err()).startsWith("rgflow: internal error");
    assertThat(failing(new NumberFormatException("For input string")).err()).startsWith("rgflow: internal error");
  }

  private static String outOfMemory(String... arguments) {
    StringWriter err = new StringWriter();
    assertThat(Failures.outOfMemory(new PrintWriter(err, true), new OutOfMemoryError("Java heap space"), List.of(arguments)))
        .isEqualTo(2);
    return err.toString();
  }

  @Test
  void memoryAndFilesAreTheUsersBusiness() {
    assertThat(failing(new OutOfMemoryError("Java heap space")).err())
        .startsWith("rgflow: out of memory").contains("fewer replicas").hasLineCount(1);
    assertThat(outOfMemory("images", "train", "--data", "x")).contains("--batch-size or --width")
        .contains("optimizer.accumulation").doesNotContain("lattice").hasLineCount(1);
    assertThat(outOfMemory("images", "sample", "--model", "x")).contains("--batch-size or --count").hasLineCount(1);
    assertThat(outOfMemory("bench", "images")).contains("--rows").hasLineCount(1);
    assertThat(outOfMemory("phi4", "sample", "--out", "images")).contains("fewer replicas").hasLineCount(1);
    assertThat(failing(new java.io.UncheckedIOException(new java.nio.file.NoSuchFileException("a/b.npz"))).err())
        .isEqualToIgnoringNewLines("rgflow: a/b.npz: no such file or folder");
    assertThat(failing(new java.io.UncheckedIOException(new java.nio.file.FileSystemException("x", null, "No space left on device"))).err())
        .isEqualToIgnoringNewLines("rgflow: x: No space left on device");
    assertThat(failing(new IllegalArgumentException("first\nsecond")).err())
        .isEqualToIgnoringNewLines("rgflow: first; second");
    assertThat(failing(new Interruption.Interrupted("interrupted; 5 kept")).status()).isEqualTo(2);
  }
}
