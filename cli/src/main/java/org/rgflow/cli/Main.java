package org.rgflow.cli;

import java.io.FileDescriptor;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;

/** The {@code rgflow} program. */
public final class Main {
  /** Everything was done and every check passed. */
  static final int OK = 0;
  /** A check failed. */
  static final int CHECK_FAILED = 1;
  /** The command could not be carried out: bad input, missing device, interrupt, full disk. */
  static final int ERROR = 2;

  private Main() {}

  public static void main(String[] args) {
    Interruption.listen();
    StandardOutput stdout = new StandardOutput(FileDescriptor.out);
    PrintWriter out = new PrintWriter(new OutputStreamWriter(stdout, StandardCharsets.UTF_8), false);
    PrintWriter err = new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true);
    int status = run(out, err, args);
    out.flush();
    if (stdout.failure() != null && !stdout.readerLeft()) {
      err.println("rgflow: cannot write to the standard output: " + stdout.failure().getMessage());
      status = ERROR;
    }
    System.exit(status);
  }

  /** Runs one command line and returns its exit code; never throws what a user could cause. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(commands(), out, err, args);
  }

  static int run(CommandLine commands, PrintWriter out, PrintWriter err, String... args) {
    configure(commands.setOut(out).setErr(err));
    try {
      return commands.execute(args);
    } catch (OutOfMemoryError e) {
      return Failures.outOfMemory(err, e, List.of(args));
    } catch (Error e) {
      return Failures.bug(err, e, List.of(args).contains("--stack-trace"));
    }
  }

  /** The whole tree of commands with its error handling. */
  static CommandLine commands() {
    return new CommandLine(new RgflowCommand());
  }

  private static void configure(CommandLine command) {
    command.setParameterExceptionHandler(Failures::badArguments);
    command.setExecutionExceptionHandler(Failures::failed);
    command.setUsageHelpWidth(110);
    command.setUsageHelpLongOptionsMaxWidth(34);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setAbbreviatedOptionsAllowed(false);
    command.setOverwrittenOptionsAllowed(false);
    command.registerConverter(Path.class, Converters::path);
  }
}
