package org.rgflow.device.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Keeps what native code prints away from the standard output and hands it over as text.
 *
 * <p>TornadoVM's native half reports the failures of a driver, such as memory that could not be had or a
 * kernel that could not be launched, by a line on the standard output and nothing else; the computation goes
 * on and is wrong. Drivers' compilers print too. On systems without the POSIX calls nothing is kept.
 */
final class NativeOutput {
  /** Which streams to keep. */
  enum Streams {
    /** Where TornadoVM reports; the standard error stays free for progress. */
    OUTPUT,
    /** Where compilers print as well. */
    OUTPUT_AND_ERROR
  }

  /** A call of C's library; as all of these it is public for the sake of its proxy. */
  public interface IntCall {
    int of(int a);
  }

  /** See {@link IntCall}. */
  public interface IntIntCall {
    int of(int a, int b);
  }

  /** See {@link IntCall}. */
  public interface AddressCall {
    int of(MemorySegment a);
  }

  /** See {@link IntCall}. */
  public interface AddressIntCall {
    int of(MemorySegment a, int b);
  }

  /** See {@link IntCall}. */
  public interface OffsetCall {
    int of(int a, long b);
  }

  /** See {@link IntCall}. */
  public interface SeekCall {
    long of(int a, long b, int c);
  }

  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;
  private static final int OWNER_ONLY = 0600;
  private static final int SEEK_SET = 0;
  private static final int SEEK_END = 2;

  /** Null where there is none. */
  private static final NativeOutput INSTANCE = create();

  private final IntIntCall dup2 = function("dup2", IntIntCall.class, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
      ValueLayout.JAVA_INT);
  private final AddressCall flush = function("fflush", AddressCall.class, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
  private final SeekCall seek = function("lseek", SeekCall.class, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT,
      ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
  private final OffsetCall truncate = function("ftruncate", OffsetCall.class, ValueLayout.JAVA_INT,
      ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
  private final Path file;
  private final int kept;
  private final int output;
  private final int error;
  private Streams open;

  private NativeOutput(Path file) throws IOException {
    this.file = file;
    AddressIntCall creat = function("creat", AddressIntCall.class, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
        ValueLayout.JAVA_INT);
    try (Arena arena = Arena.ofConfined()) {
      kept = creat.of(arena.allocateFrom(file.toString()), OWNER_ONLY);
    }
    IntCall dup = function("dup", IntCall.class, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    output = dup.of(STANDARD_OUTPUT);
    error = dup.of(STANDARD_ERROR);
    if (kept < 0 || output < 0 || error < 0) {
      throw new IOException("no more files can be opened");
    }
  }

  private static <T> T function(String name, Class<T> type, MemoryLayout result, MemoryLayout... arguments) {
    Linker linker = Linker.nativeLinker();
    return MethodHandleProxies.asInterfaceInstance(type, linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments)));
  }

  private static NativeOutput create() {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return null;
    }
    try {
      Path file = Files.createTempFile("rgflow-native", ".txt");
      file.toFile().deleteOnExit();
      return new NativeOutput(file);
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary file for what a driver prints", e);
    }
  }

  /** Keeps what is printed from now on, until {@link #end}. Not for several threads at once. */
  static void begin(Streams streams) {
    if (INSTANCE != null) {
      INSTANCE.redirect(streams);
    }
  }

  /** Lets the streams go where they went before, and returns what was printed meanwhile. */
  static String end() {
    return INSTANCE == null ? "" : INSTANCE.restore();
  }

  /** The lines of a text that report a failure of a driver. */
  static List<String> failures(String text) {
    return text.lines().filter(line -> line.contains("-JNI] ERROR")).map(String::strip).toList();
  }

  private void redirect(Streams streams) {
    flush();
    dup2.of(kept, STANDARD_OUTPUT);
    if (streams == Streams.OUTPUT_AND_ERROR) {
      dup2.of(kept, STANDARD_ERROR);
    }
    open = streams;
  }

  private String restore() {
    if (open == null) {
      return "";
    }
    flush();
    dup2.of(output, STANDARD_OUTPUT);
    if (open == Streams.OUTPUT_AND_ERROR) {
      dup2.of(error, STANDARD_ERROR);
    }
    open = null;
    if (seek.of(kept, 0, SEEK_END) <= 0) {
      return "";
    }
    try {
      String text = new String(Files.readAllBytes(file), Charset.forName(System.getProperty("native.encoding")));
      truncate.of(kept, 0);
      seek.of(kept, 0, SEEK_SET);
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what a driver printed to " + file, e);
    }
  }

  private void flush() {
    System.out.flush();
    System.err.flush();
    flush.of(MemorySegment.NULL);
  }
}
