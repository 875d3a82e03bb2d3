package org.rgflow.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rgflow bench}: the group of the benchmarks. */
@Command(
    name = "bench",
    description = "Measures speed, as ratios to peers that run in the same minutes.",
    subcommands = {BenchPhi4Command.class, BenchLearnedCommand.class, BenchImagesCommand.class,
      BenchDeviceCommand.class},
    footer = {"  rgflow bench phi4", "  rgflow bench learned --quick", "  rgflow bench images",
        "  rgflow bench device --quick"},
    synopsisSubcommandLabel = "COMMAND")
final class BenchCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(),
        "what to measure is missing: " + String.join(" or ", spec.subcommands().keySet()));
  }
}
