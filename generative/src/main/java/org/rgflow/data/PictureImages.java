package org.rgflow.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.rgflow.io.Heap;
import org.rgflow.io.OneLine;

/**
 * Photographs (JPEG, PNG) of a folder, its subfolders included, or of a zip, which is never unpacked to
 * disk; in the order of their names, cropped, scaled, and kept as bytes. Damaged files are passed over up
 * to a limit and reported by name. If every file lies in a subfolder, and there is more than one
 * subfolder, those are the classes.
 *
 * <p>Files are decoded by several threads; the result does not depend on how many.
 */
public final class PictureImages implements ImageSet {
  /** After so many files it is decided whether too many are damaged, and progress is told. */
  private static final int BLOCK = 2048;

  /** Is told how many of how many files are done. */
  @FunctionalInterface
  public interface Progress {
    void done(int files, int all);
  }

  private final PictureOptions options;
  private final byte[][] pictures;
  private final int[] labels;
  private final List<String> classes;
  private final List<DamagedPicture> damaged;

  private PictureImages(
      PictureOptions options, byte[][] pictures, int[] labels, List<String> classes, List<DamagedPicture> damaged) {
    this.options = options;
    this.pictures = pictures;
    this.labels = labels;
    this.classes = List.copyOf(classes);
    this.damaged = List.copyOf(damaged);
  }

  /** {@link #open(Path, PictureOptions, int, Progress)} with a thread for each processor. */
  public static PictureImages open(Path path, PictureOptions options) throws IOException {
    return open(path, options, Runtime.getRuntime().availableProcessors(), (files, all) -> {});
  }

  /**
   * Decodes a folder or zip.
   *
   * @throws IOException if there is no picture, too many are damaged, or they do not fit the memory
   */
  public static PictureImages open(Path path, PictureOptions options, int threads, Progress progress)
      throws IOException {
    try (PictureFiles files = PictureFiles.open(path); ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<String> names = files.names();
      int all = names.size();
      int bytes = options.colours() * options.height() * options.width();
      Heap.require((long) all * (bytes + 24),
          all + " pictures of " + options.width() + "x" + options.height() + " from " + path);
      byte[][] pictures = new byte[all][];
      String[] reasons = new String[all];
      List<DamagedPicture> damaged = new ArrayList<>();
      for (int begin = 0; begin < all; begin += BLOCK) {
        int end = Math.min(all, begin + BLOCK);
        decode(files, options, begin, end, pictures, reasons, pool, threads);
        for (int i = begin; i < end; i++) {
          if (pictures[i] == null) {
            damaged.add(new DamagedPicture(OneLine.of(names.get(i)), OneLine.of(reasons[i])));
          }
        }
        if (damaged.size() > options.maxDamaged() || damaged.size() == all) {
          throw new IOException(damaged.size() + " of the first " + end + " pictures of " + path
              + " are damaged; at most " + options.maxDamaged() + " are passed over. The first one is "
              + damaged.getFirst());
        }
        progress.done(end, all);
      }
      return kept(options, names, pictures, damaged);
    }
  }

  private static void decode(PictureFiles files, PictureOptions options, int begin, int end, byte[][] pictures,
      String[] reasons, ExecutorService pool, int threads) throws IOException {
    AtomicInteger next = new AtomicInteger(begin);
    List<Future<?>> workers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      workers.add(pool.submit(() -> {
        try (PhotographReader reader = new PhotographReader()) {
          for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
            try {
              pictures[i] = reader.decode(files.read(i))
                  .toPlanes(options.crop(), options.colours(), options.height(), options.width());
            } catch (IOException | IllegalArgumentException e) {
              reasons[i] = e.getMessage();
            }
          }
        }
      }));
    }
    try {
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (InterruptedException e) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while pictures were decoded", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("decoding failed", e.getCause());
    }
  }

  private static PictureImages kept(
      PictureOptions options, List<String> names, byte[][] pictures, List<DamagedPicture> damaged) {
    byte[][] sound = new byte[pictures.length - damaged.size()][];
    List<String> folders = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < pictures.length; i++) {
      if (pictures[i] != null) {
        sound[count++] = pictures[i];
        int slash = names.get(i).indexOf('/');
        folders.add(slash < 0 ? "" : OneLine.of(names.get(i).substring(0, slash)));
      }
    }
    List<String> classes = new ArrayList<>(new TreeSet<>(folders));
    if (classes.size() < 2 || classes.getFirst().isEmpty()) {
      classes = List.of();
    }
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = classes.isEmpty() ? NO_LABEL : classes.indexOf(folders.get(i));
    }
    return new PictureImages(options, sound, labels, classes, damaged);
  }

  /** In the order of their names. */
  @Override
  public List<DamagedPicture> damaged() {
    return damaged;
  }

  @Override
  public int size() {
    return pictures.length;
  }

  @Override
  public int colours() {
    return options.colours();
  }

  @Override
  public int height() {
    return options.height();
  }

  @Override
  public int width() {
    return options.width();
  }

  @Override
  public void copy(int index, byte[] out, int offset) {
    System.arraycopy(pictures[index], 0, out, offset, pictures[index].length);
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public List<String> classes() {
    return classes;
  }
}
