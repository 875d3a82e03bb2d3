package org.rgflow.io;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a file completely or not at all. The contents go to a hidden temporary file of the same
 * directory, are forced to the disk, and only then take the target's name in one atomic step. Whatever
 * goes wrong, a full disk or an interrupt included, an earlier file of that name keeps its contents,
 * and the temporary file is removed (by a shutdown hook if the virtual machine ends in the middle).
 *
 * <p>A missing directory is created if only its last level is missing; a path with several missing
 * levels is more likely a typing error and is refused. A symbolic link is followed, so that the link
 * stays a link. Devices and pipes ({@code /dev/stdout}) are written directly.
 *
 * <p>Every failure is one IOException whose message names the file, the reason, and what can be done.
 */
public final class AtomicFile {
  private static final int BUFFER = 1 << 16;
  private static final AtomicLong COUNTER = new AtomicLong();
  private static final Set<Path> TEMPORARIES = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> TEMPORARIES.forEach(AtomicFile::discard),
        "rgflow-temporaries"));
  }

  private AtomicFile() {}

  /** Produces the contents of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to a buffered stream; closing it is allowed and does nothing. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Produces a file through a library that wants a path of its own. */
  @FunctionalInterface
  public interface FileContent {
    /** Writes everything to a path at which there is an empty file. */
    void writeTo(Path temporary) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @throws IOException if it could not be written; an earlier file is then unchanged
   */
  public static void write(Path target, Content content) throws IOException {
    if (isDevice(target)) {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), BUFFER)) {
        content.writeTo(new Unclosed(out));
      } catch (IOException e) {
        throw failure(target, e);
      }
      return;
    }
    writeFile(target, temporary -> {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
        content.writeTo(new Unclosed(out));
        out.flush();
        channel.force(true);
      }
    });
  }

  /**
   * Writes a file through its path.
   *
   * @throws IOException if it could not be written; an earlier file is then unchanged
   */
  public static void writeFile(Path target, FileContent content) throws IOException {
    try {
      Path file = requireWritable(target);
      Path directory = file.getParent();
      boolean created = createDirectory(directory);
      boolean done = false;
      Path temporary = null;
      try {
        temporary = createTemporary(directory, file.getFileName().toString());
        content.writeTo(temporary);
        force(temporary, StandardOpenOption.WRITE);
        move(temporary, file);
        done = true;
        forceDirectory(directory);
      } finally {
        if (temporary != null) {
          if (!done) {
            discard(temporary);
          }
          TEMPORARIES.remove(temporary);
        }
        if (created && !done) {
          discard(directory);
        }
      }
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  /** Writes text in UTF-8. */
  public static void writeText(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Checks whether a file could be written, so that a long run can refuse an impossible output before it
   * starts. Creates nothing.
   *
   * @return the absolute path that will be written, symbolic links followed
   * @throws IOException with the reason
   */
  public static Path requireWritable(Path target) throws IOException {
    if (target.getFileName() == null || target.toString().isEmpty()) {
      throw new CannotWriteException(target, "that is not the name of a file");
    }
    Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
    if (Files.isDirectory(file)) {
      throw new CannotWriteException(target, "that is a directory; give a file name inside it");
    }
    if (Files.isSymbolicLink(target) && !Files.exists(target)) {
      throw new CannotWriteException(target, "that is a symbolic link to nowhere; remove it first");
    }
    if (Files.exists(file)) {
      if (!Files.isWritable(file)) {
        throw new CannotWriteException(target, "the existing file is write-protected; choose another name");
      }
      if (!Files.isRegularFile(file)) {
        return file;
      }
    }
    Path directory = file.getParent();
    if (directory == null) {
      throw new CannotWriteException(target, "that is not the name of a file");
    }
    if (!Files.exists(directory)) {
      Path above = directory.getParent();
      if (above == null || !Files.isDirectory(above)) {
        throw new CannotWriteException(target,
            "the directory " + above + " does not exist; create it, or correct the path");
      }
      directory = above;
    }
    if (!Files.isDirectory(directory)) {
      throw new CannotWriteException(target, directory + " is not a directory");
    }
    if (!Files.isWritable(directory)) {
      throw new CannotWriteException(target, "no permission to write in " + directory + "; choose another place");
    }
    return file;
  }

  private static boolean isDevice(Path target) {
    return Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target);
  }

  private static boolean createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return false;
    }
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false; // made by someone else in the meantime
    }
  }

  /** Not Files.createTempFile, whose files only their owner may read. */
  private static Path createTemporary(Path directory, String name) throws IOException {
    String shortened = name.length() > 100 ? name.substring(0, 100) : name;
    while (true) {
      Path temporary = directory.resolve(
          "." + shortened + "." + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet() + ".tmp");
      try {
        TEMPORARIES.add(temporary);
        return Files.createFile(temporary);
      } catch (FileAlreadyExistsException e) {
        TEMPORARIES.remove(temporary); // the leftover of a killed process of the same number: try the next
      } catch (IOException e) {
        TEMPORARIES.remove(temporary);
        throw e;
      }
    }
  }

  private static void move(Path temporary, Path file) throws IOException {
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void force(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }

  /** Makes the new name itself durable, on systems that can open a directory. */
  private static void forceDirectory(Path directory) {
    try {
      force(directory, StandardOpenOption.READ);
    } catch (IOException e) {
      System.getLogger(AtomicFile.class.getName()).log(System.Logger.Level.DEBUG, "cannot force " + directory, e);
    }
  }

  private static void discard(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      System.getLogger(AtomicFile.class.getName()).log(System.Logger.Level.DEBUG, "cannot delete " + path, e);
    }
  }

  private static IOException failure(Path target, IOException e) {
    if (e instanceof CannotWriteException) {
      return e;
    }
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    if (e instanceof AccessDeniedException) {
      reason = "permission denied; choose another place";
    } else if (e instanceof NoSuchFileException) {
      reason = "its directory does not take new files; choose another place";
    } else if (e instanceof FileSystemException system) {
      // the message of these is the name of the temporary file
      reason = system.getReason() == null ? e.getClass().getSimpleName() : system.getReason();
    }
    if (reason.contains("No space left") || reason.contains("quota")) {
      reason += "; free some space or choose another place";
    }
    if (Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      reason += " (the earlier file is unchanged)";
    }
    return new CannotWriteException(target, reason, e);
  }

  /** Leaves closing to the one who forces the file to the disk. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** A message that is already complete. */
  private static final class CannotWriteException extends IOException {
    private static final long serialVersionUID = 1;

    CannotWriteException(Path target, String reason) {
      super("cannot write " + target + ": " + reason);
    }

    CannotWriteException(Path target, String reason, IOException cause) {
      super("cannot write " + target + ": " + reason, cause);
    }
  }
}
