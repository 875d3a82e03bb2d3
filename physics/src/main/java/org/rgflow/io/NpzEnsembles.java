package org.rgflow.io;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.Lattice;

/** Ensembles as NPZ files; see {@link EnsembleFiles}. */
final class NpzEnsembles {
  private static final int MAX_METADATA = 1 << 24;

  private NpzEnsembles() {}

  static void write(Path path, Ensemble ensemble) throws IOException {
    Lattice lattice = ensemble.lattice();
    AtomicFile.write(path, out -> {
      try (NpzWriter npz = new NpzWriter(out)) {
        npz.write("metadata", NpyArray.of(EnsembleMetadata.describe(ensemble)));
        npz.begin("fields", NpyHeader.of(NpyType.FLOAT32, ensemble.snapshots(), ensemble.replicas(), lattice.ly(),
            lattice.lx()));
        for (int t = 0; t < ensemble.snapshots(); t++) {
          npz.append(ensemble.snapshot(t));
        }
        npz.end();
        for (String name : ensemble.seriesNames()) {
          npz.write(name, NpyArray.of(ensemble.series(name), ensemble.measurements(), ensemble.replicas()));
        }
        if (ensemble.hasState()) {
          npz.write("state",
              NpyArray.of(ensemble.state(), ensemble.layout().paddedReplicas(), lattice.ly(), lattice.lx()));
        }
      }
    });
  }

  static Ensemble read(Path path) throws IOException {
    try (NpzReader npz = new NpzReader(path)) {
      if (!npz.names().contains("metadata")) {
        throw new IOException(path + ": not an ensemble of this program (there is no array 'metadata')");
      }
      EnsembleMetadata metadata = metadata(path, npz);
      Ensemble ensemble = metadata.ensemble();
      Lattice lattice = ensemble.lattice();
      try {
        metadata.requireMemory();
      } catch (IOException e) {
        throw new IOException(path + ": " + e.getMessage(), e);
      }
      int snapshotSize = ensemble.replicas() * lattice.sites();
      NpyHeader fields = header(path, npz, "fields", NpyType.FLOAT32,
          List.of(metadata.snapshots(), ensemble.replicas(), lattice.ly(), lattice.lx()));
      if (fields.fortranOrder()) {
        float[] all = npz.read("fields").floats();
        for (int t = 0; t < metadata.snapshots(); t++) {
          append(path, ensemble, t, java.util.Arrays.copyOfRange(all, t * snapshotSize, (t + 1) * snapshotSize));
        }
      } else {
        try (NpzReader.Entry entry = npz.open("fields")) {
          for (int t = 0; t < metadata.snapshots(); t++) {
            float[] snapshot = new float[snapshotSize];
            entry.read(snapshot, 0, snapshotSize);
            append(path, ensemble, t, snapshot);
          }
          entry.finish();
        }
      }
      for (String name : metadata.series()) {
        header(path, npz, name, NpyType.FLOAT64, List.of(metadata.measurements(), ensemble.replicas()));
        ensemble.record(name, npz.read(name).doubles());
      }
      if (metadata.hasState()) {
        header(path, npz, "state", NpyType.FLOAT32,
            List.of(ensemble.layout().paddedReplicas(), lattice.ly(), lattice.lx()));
        float[] state = npz.read("state").floats();
        requireFinite(path, state, "'state'");
        ensemble.setState(state);
      }
      return ensemble;
    }
  }

  private static EnsembleMetadata metadata(Path path, NpzReader npz) throws IOException {
    try (NpzReader.Entry entry = npz.open("metadata")) {
      NpyHeader header = entry.header();
      if (header.type() != NpyType.TEXT || header.elements() != 1 || header.dataBytes() > MAX_METADATA) {
        throw new IOException(path + ": array 'metadata' is not one text of acceptable length");
      }
    }
    String text = npz.read("metadata").texts()[0];
    try {
      return EnsembleMetadata.parse(text);
    } catch (IOException e) {
      throw new IOException(path + ": metadata: " + OneLine.of(e.getMessage()), e);
    }
  }

  private static NpyHeader header(Path path, NpzReader npz, String name, NpyType type, List<Integer> shape)
      throws IOException {
    try (NpzReader.Entry entry = npz.open(name)) {
      NpyHeader header = entry.header();
      if (header.type() != type || !header.shape().equals(shape)) {
        throw new IOException(path + ": array '" + name + "' is " + header.descriptor() + " of shape " + header.shape()
            + ", but the metadata asks for " + NpyHeader.of(type).descriptor() + " of shape " + shape);
      }
      return header;
    }
  }

  private static void append(Path path, Ensemble ensemble, int t, float[] snapshot) throws IOException {
    requireFinite(path, snapshot, "snapshot " + t);
    ensemble.append(snapshot);
  }

  private static void requireFinite(Path path, float[] values, String what) throws IOException {
    try {
      EnsembleMetadata.requireFinite(values, what);
    } catch (IOException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }
}
