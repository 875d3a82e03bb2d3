package org.rgflow.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rgflow completion}. */
@Command(
    name = "completion",
    description = "Prints the completion script for bash and zsh.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(rgflow completion)                                          this shell",
      "  rgflow completion > ~/.local/share/bash-completion/completions/rgflow   every bash"
    })
final class CompletionCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    root.getOut().print(AutoComplete.bash("rgflow", root));
    root.getOut().flush();
  }
}
