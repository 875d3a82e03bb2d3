package org.rgflow.training;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second training out of a run's directory. The lock belongs to the process and ends with it, however it ends;
 * its file {@code .lock} stays.
 */
public final class RunLock implements AutoCloseable {
  private final FileChannel channel;

  /**
   * @param run the directory, which must exist
   * @throws IOException if another training has it, or its lock file cannot be written
   */
  public RunLock(Path run) throws IOException {
    Path file = run.resolve(".lock");
    boolean mine = false;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": no permission, or no place; choose another directory", e);
    }
    try {
      mine = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // this process itself
      mine = false;
    } catch (IOException e) { // some network file systems have no locks
      System.getLogger(RunLock.class.getName()).log(System.Logger.Level.DEBUG, "cannot lock " + file, e);
      mine = true;
    } finally {
      if (!mine) {
        channel.close();
      }
    }
    if (!mine) {
      throw new IOException("another training is going on in " + run
          + "; wait for its end, or choose another directory");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
