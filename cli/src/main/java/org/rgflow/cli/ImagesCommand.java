package org.rgflow.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code rgflow images}: the group of the commands of the image model. */
@Command(
    name = "images",
    description = "The frequency-domain image model: training it, drawing pictures from it, judging and sharing them.",
    subcommands = {ImagesTrainCommand.class, ImagesSampleCommand.class, ImagesEvaluateCommand.class,
      ImagesInspectCommand.class, ImagesExportCommand.class, ImagesDiffuseCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {"  rgflow images train --help", "  rgflow images sample --help", "  rgflow images evaluate --help"})
final class ImagesCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(),
        "what to do is missing: " + String.join(", ", spec.subcommands().keySet()));
  }
}
