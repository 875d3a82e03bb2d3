package org.rgflow.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.List;
import org.rgflow.bench.Peer;
import org.rgflow.device.DeviceException;
import org.rgflow.text.NearestName;
import org.rgflow.training.DivergedException;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns every failure into one line on the standard error and an exit code. */
final class Failures {
  private Failures() {}

  /** Options or arguments that the command does not understand. */
  static int badArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String message = e.getMessage().lines().findFirst().orElse("bad arguments");
    if (e instanceof UnmatchedArgumentException unmatched) {
      message = unknown(command, unmatched.getUnmatched().getFirst());
    } else if (e instanceof MissingParameterException) { // perhaps because it was misspelt
      message = Arrays.stream(args).filter(a -> a.startsWith("--") && !isKnown(command, a)).findFirst()
          .map(a -> unknown(command, a)).orElse(message);
    }
    message = message
        .replaceFirst(" is not a double$", " is not a number")
        .replaceFirst(" is not an? (int|long)$", " is not a whole number in range");
    message = message.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + message.substring(1);
    command.getErr().println("rgflow: " + message + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
    return Main.ERROR;
  }

  private static boolean isKnown(CommandLine command, String argument) {
    return command.getCommandSpec().findOption(optionName(argument)) != null;
  }

  private static String optionName(String argument) {
    return argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
  }

  private static String unknown(CommandLine command, String argument) {
    if (argument.startsWith("-")) {
      String name = optionName(argument);
      List<String> options = command.getCommandSpec().options().stream().filter(o -> !o.hidden())
          .map(CommandLine.Model.OptionSpec::longestName).toList();
      return "unknown option '" + name + "'"
          + NearestName.of(name, options).map(n -> "; did you mean '" + n + "'?").orElse("");
    }
    if (command.getSubcommands().isEmpty()) {
      return "unexpected argument '" + argument + "'";
    }
    return NearestName.message("command", argument, command.getSubcommands().keySet());
  }

  /** What a command threw. */
  static int failed(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    boolean trace = parsed.expandedArgs().contains("--stack-trace");
    String message = switch (e) {
      case Interruption.Interrupted i -> i.getMessage();
      case UncheckedIOException u when u.getCause() instanceof Peer.FailedException p -> describe(p);
      case Peer.FailedException p -> describe(p);
      case UncheckedIOException u -> describe(u.getCause());
      case IOException i -> describe(i);
      case NumberFormatException n -> null;
      case IllegalArgumentException i -> i.getMessage();
      case DeviceException d -> d.getMessage();
      case DivergedException d -> d.getMessage();
      default -> null;
    };
    if (message == null || message.isBlank()) {
      return bug(err, e, trace);
    }
    if (trace) {
      e.printStackTrace(err);
    }
    err.println("rgflow: " + oneLine(message));
    return Main.ERROR;
  }

  /** What to ask less of; each half of the program has its own. */
  static int outOfMemory(PrintWriter err, OutOfMemoryError e, List<String> args) {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    String advice = switch (String.join(" ", args.subList(0, Math.min(2, args.size())))) {
      case "images train" -> "use a smaller --batch-size or --width, or compute each batch in parts with "
          + "--set optimizer.accumulation=4 (--dry-run says what a training takes)";
      case String command when command.startsWith("images ") -> "use a smaller --batch-size or --count";
      case "bench images", "bench learned" -> "measure less with --rows";
      default -> "use fewer replicas or a smaller lattice";
    };
    err.println("rgflow: out of memory (the JVM may use " + mebibytes + " MiB): " + advice
        + ", or raise the limit with JDK_JAVA_OPTIONS=-Xmx...");
    return Main.ERROR;
  }

  /** A failure that no input should cause. */
  static int bug(PrintWriter err, Throwable e, boolean trace) {
    if (trace) {
      e.printStackTrace(err);
    }
    err.println("rgflow: internal error, please report it: " + oneLine(e.toString())
        + (trace ? "" : " (the same command with --stack-trace shows where)"));
    return Main.ERROR;
  }

  /** Ctrl-C goes to peers too, which end before this program has looked up. */
  private static String describe(Peer.FailedException e) {
    return Interruption.lastWords().orElse(e.getMessage());
  }

  /** File-system exceptions carry little more than the file's name; say what happened to it. */
  private static String describe(IOException e) {
    return switch (e) {
      case NoSuchFileException n -> n.getFile() + ": no such file or folder";
      case FileNotFoundException f -> f.getMessage();
      case FileAlreadyExistsException x -> x.getFile() + ": exists already";
      case AccessDeniedException a -> a.getFile() + ": permission denied";
      case NotDirectoryException n -> n.getFile() + ": not a folder";
      case DirectoryNotEmptyException d -> d.getFile() + ": the folder is not empty";
      case FileSystemException f when f.getReason() != null -> f.getFile() + ": " + f.getReason();
      default -> e.getMessage() == null ? "input or output failed: " + e.getClass().getSimpleName() : e.getMessage();
    };
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", "; ");
  }
}
