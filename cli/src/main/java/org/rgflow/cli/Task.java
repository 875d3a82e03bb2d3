package org.rgflow.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

/** A command that reads or writes files; {@link Failures} turns what goes wrong into one line. */
interface Task extends Callable<Integer> {
  /** Does the work. */
  void execute() throws IOException;

  @Override
  default Integer call() throws IOException {
    execute();
    return Main.OK;
  }
}
