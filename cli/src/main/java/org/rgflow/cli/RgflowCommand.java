package org.rgflow.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root command: prints the help. */
@Command(
    name = "rgflow",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  rgflow demo --out demo", "  rgflow images sample --model bundled:fashion-mnist --out samples.png",
      "  rgflow phi4 sample --help", "  rgflow validate --quick"},
    subcommands = {DemoCommand.class, DevicesCommand.class, Phi4Command.class, ImagesCommand.class,
      ValidateCommand.class, BenchCommand.class, CompletionCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    description = "Lattice fields along exact renormalization-group flows, which are diffusions.",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n")
final class RgflowCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Option(names = "--stack-trace", hidden = true, scope = ScopeType.INHERIT)
  private boolean stackTrace;

  @Override
  public void run() {
    CommandLine command = spec.commandLine();
    command.usage(command.getOut());
  }
}
