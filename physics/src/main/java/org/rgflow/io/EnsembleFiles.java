package org.rgflow.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.rgflow.lattice.Ensemble;

/**
 * Ensembles in files: NPZ ({@code .npz}), which {@code numpy.load} reads, or HDF5 ({@code .h5},
 * {@code .hdf5}). Both hold the same arrays:
 *
 * <table>
 * <caption>Contents</caption>
 * <tr><td>{@code fields}</td><td>float32</td><td>(snapshots, replicas, L_y, L_x)</td></tr>
 * <tr><td>one per series</td><td>float64</td><td>(measurements, replicas)</td></tr>
 * <tr><td>{@code state}</td><td>float32</td><td>(padded replicas, L_y, L_x); where the chain continues</td></tr>
 * <tr><td>{@code metadata}</td><td>text</td><td>a JSON object with every parameter, the seed and the position in the
 * random stream</td></tr>
 * </table>
 *
 * <p>What is read equals what was written bit for bit. In HDF5 arrays without elements are left out,
 * and only contiguous storage is read (neither chunks nor compression). NPZ has no size limit besides
 * memory; HDF5 needs twice the memory of the ensemble while writing.
 *
 * <p>Files are written through {@link AtomicFile}. Whatever is wrong with a file, reading it ends with
 * an IOException of one line that names the file and the fault; no damaged or hostile file makes it
 * hang or exhaust the memory. Fields with NaN or infinite values are neither written nor read, and series
 * with such values are not read.
 */
public final class EnsembleFiles {
  private enum Format {
    NPZ, HDF5
  }

  private EnsembleFiles() {}

  /**
   * Writes an ensemble in the format of the file's extension.
   *
   * @throws IllegalArgumentException if the extension is not .npz, .h5 or .hdf5
   * @throws IOException if it could not be written; an earlier file is then unchanged
   */
  public static void write(Path path, Ensemble ensemble) throws IOException {
    Format format = format(path);
    try {
      ensemble.measurements();
      for (int t = 0; t < ensemble.snapshots(); t++) {
        EnsembleMetadata.requireFinite(ensemble.snapshot(t), "snapshot " + t);
      }
      if (ensemble.hasState()) {
        EnsembleMetadata.requireFinite(ensemble.state(), "the chain's state");
      }
    } catch (IOException | IllegalStateException e) {
      throw new IOException("cannot write " + path + ": " + e.getMessage(), e);
    }
    switch (format) {
      case NPZ -> NpzEnsembles.write(path, ensemble);
      case HDF5 -> Hdf5Ensembles.write(path, ensemble);
    }
  }

  /**
   * Reads an ensemble in the format of the file's extension.
   *
   * @throws IllegalArgumentException if the extension is not .npz, .h5 or .hdf5
   * @throws IOException if the file is missing, damaged, or not an ensemble
   */
  public static Ensemble read(Path path) throws IOException {
    Ensemble ensemble = switch (format(path)) {
      case NPZ -> NpzEnsembles.read(path);
      case HDF5 -> Hdf5Ensembles.read(path);
    };
    for (String name : ensemble.seriesNames()) {
      for (double value : ensemble.series(name)) {
        if (!Double.isFinite(value)) {
          throw new IOException(path + ": the series '" + name + "' holds the value " + value
              + ": no mean can be taken of it");
        }
      }
    }
    return ensemble;
  }

  /**
   * Checks the extension, before any work is done for the file.
   *
   * @throws IllegalArgumentException if the extension is not .npz, .h5 or .hdf5
   */
  public static void requireKnownFormat(Path path) {
    format(path);
  }

  private static Format format(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.endsWith(".npz")) {
      return Format.NPZ;
    }
    if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
      return Format.HDF5;
    }
    throw new IllegalArgumentException(path + ": ensembles are written to and read from .npz, .h5 or .hdf5 files");
  }
}
