package org.rgflow.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rgflow phi4}: the group of the lattice commands. */
@Command(
    name = "phi4",
    description = "Lattice phi^4 fields: sampling them, taking them along an exact RG flow, learning to generate them.",
    subcommands = {Phi4SampleCommand.class, Phi4BridgeCommand.class, Phi4FlowCommand.class, Phi4LearnCommand.class,
        Phi4GenerateCommand.class},
    footer = {
      "  rgflow phi4 sample --lattice 64x64 --mass2 -4 --lambda 4.398 --sampler wolff --out e.npz",
      "  rgflow phi4 bridge --lattice 8x8 --mass2 -4 --lambda 6.008",
      "  rgflow phi4 flow --in e.npz --scales 4,2,1,0.5 --plot flow.png",
      "  rgflow phi4 generate --configurations 10000 --seed 1"
    },
    synopsisSubcommandLabel = "COMMAND")
final class Phi4Command implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(),
        "what to do is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
