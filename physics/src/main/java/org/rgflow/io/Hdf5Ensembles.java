package org.rgflow.io;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;
import org.rgflow.lattice.Ensemble;
import org.rgflow.lattice.Lattice;

/**
 * Ensembles as HDF5 files, through jHDF; see {@link EnsembleFiles}.
 *
 * <p>jHDF trusts its input. It is therefore given a channel with a {@linkplain BudgetedChannel budget}
 * instead of the file, its data sets are used only after their extents were compared with the
 * metadata, only contiguous data is accepted and read around it, links are refused, and whatever it
 * throws becomes an IOException. (Chunks would be inflated without a limit.)
 */
final class Hdf5Ensembles {
  private static final int MAX_METADATA = 1 << 24;
  private static final int CHUNK = 1 << 16;
  /** Data set with the CRC-32 of everything else, which HDF5 itself does not have for contiguous data. */
  private static final String CHECKSUM = "checksum";

  private Hdf5Ensembles() {}

  // ---- writing

  static void write(Path path, Ensemble ensemble) throws IOException {
    Lattice lattice = ensemble.lattice();
    AtomicFile.writeFile(path, temporary -> {
      // jHDF takes nested arrays, and the check below reads a second copy
      Heap.require(2 * Ensemble.bytes(ensemble.layout(), ensemble.snapshots(), ensemble.measurements(),
          ensemble.seriesNames().size()), "writing HDF5 (.npz needs no extra memory)");
      try (WritableHdfFile file = HdfFile.write(temporary)) {
        file.putAttribute("format", "rgflow-ensemble");
        String description = EnsembleMetadata.describe(ensemble);
        file.putDataset("metadata", new String[] {description});
        file.putDataset(CHECKSUM, new String[] {checksum(description, ensemble)});
        if (ensemble.snapshots() > 0) {
          float[][][][] fields = new float[ensemble.snapshots()][][][];
          for (int t = 0; t < fields.length; t++) {
            fields[t] = nested(ensemble.snapshot(t), ensemble.replicas(), lattice);
          }
          file.putDataset("fields", fields);
        }
        if (ensemble.measurements() > 0) {
          for (String name : ensemble.seriesNames()) {
            file.putDataset(name, nested(ensemble.series(name), ensemble.replicas()));
          }
        }
        if (ensemble.hasState()) {
          file.putDataset("state", nested(ensemble.state(), ensemble.layout().paddedReplicas(), lattice));
        }
      } catch (RuntimeException e) {
        // jHDF reports a full disk, like everything else, as an unchecked exception
        throw rooted(e);
      }
      requireEqual(ensemble, temporary);
    });
  }

  /** jHDF ignores how much of a buffer was written, so that a disk that fills up could leave holes: read it again. */
  private static void requireEqual(Ensemble ensemble, Path temporary) throws IOException {
    String damaged = "it does not read back as written (is the disk full?)";
    Ensemble copy;
    try {
      copy = read(temporary);
    } catch (IOException e) {
      throw new IOException(damaged, e);
    }
    boolean equal = copy.snapshots() == ensemble.snapshots() && Arrays.equals(copy.state(), ensemble.state());
    for (int t = 0; equal && t < copy.snapshots(); t++) {
      equal = Arrays.equals(copy.snapshot(t), ensemble.snapshot(t));
    }
    for (String name : ensemble.seriesNames()) {
      equal = equal && Arrays.equals(copy.series(name), ensemble.series(name));
    }
    if (!equal) {
      throw new IOException(damaged);
    }
  }

  /** CRC-32 of the metadata and of all values, little-endian, in the order of the file. */
  private static String checksum(String description, Ensemble ensemble) {
    CRC32 crc = new CRC32();
    crc.update(description.getBytes(StandardCharsets.UTF_8));
    for (int t = 0; t < ensemble.snapshots(); t++) {
      update(crc, ensemble.snapshot(t));
    }
    for (String name : ensemble.seriesNames()) {
      double[] values = ensemble.series(name);
      ByteBuffer bytes = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      for (int done = 0; done < values.length;) {
        int now = Math.min(values.length - done, CHUNK / Double.BYTES);
        bytes.clear().limit(now * Double.BYTES);
        bytes.asDoubleBuffer().put(values, done, now);
        crc.update(bytes);
        done += now;
      }
    }
    if (ensemble.hasState()) {
      update(crc, ensemble.state());
    }
    return String.format("crc32 %08x", crc.getValue());
  }

  private static void update(CRC32 crc, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < values.length;) {
      int now = Math.min(values.length - done, CHUNK / Float.BYTES);
      bytes.clear().limit(now * Float.BYTES);
      bytes.asFloatBuffer().put(values, done, now);
      crc.update(bytes);
      done += now;
    }
  }

  private static float[][][] nested(float[] values, int replicas, Lattice lattice) {
    float[][][] nested = new float[replicas][lattice.ly()][];
    for (int replica = 0; replica < replicas; replica++) {
      for (int y = 0; y < lattice.ly(); y++) {
        int from = (replica * lattice.ly() + y) * lattice.lx();
        nested[replica][y] = Arrays.copyOfRange(values, from, from + lattice.lx());
      }
    }
    return nested;
  }

  private static double[][] nested(double[] values, int columns) {
    double[][] nested = new double[values.length / columns][];
    for (int row = 0; row < nested.length; row++) {
      nested[row] = Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    }
    return nested;
  }

  /** The IOException at the root of an exception of jHDF's, or a new one with its message. */
  private static IOException rooted(RuntimeException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    return new IOException(e.getMessage(), e);
  }

  // ---- reading

  static Ensemble read(Path path) throws IOException {
    NpzReader.requireReadable(path);
    try (BudgetedChannel channel = new BudgetedChannel(Files.newByteChannel(path));
        HdfFile file = new HdfFile(channel, path.toAbsolutePath().toUri())) {
      return new Reader(channel, file).read();
    } catch (IOException e) {
      throw new IOException(path + ": " + OneLine.of(e.getMessage()), e);
    } catch (RuntimeException e) {
      throw new IOException(path + ": not a readable HDF5 file (" + deepest(e) + "); is it complete?", e);
    } catch (StackOverflowError e) {
      // jHDF follows references in the file recursively; a file that refers to itself ends here
      throw new IOException(path + ": not a readable HDF5 file (it refers to itself)", e);
    } catch (OutOfMemoryError e) {
      // jHDF allocates what a corrupt length field asks for; the one huge request fails, nothing else is lost
      throw new IOException(path + ": not a readable HDF5 file (it asks for more memory than there is)", e);
    }
  }

  private static String deepest(RuntimeException e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : OneLine.of(cause.getMessage());
  }

  /** Reads one open file. */
  private static final class Reader {
    private final BudgetedChannel channel;
    private final HdfFile file;
    private final Map<String, Node> nodes;

    Reader(BudgetedChannel channel, HdfFile file) {
      this.channel = channel;
      this.file = file;
      this.nodes = file.getChildren();
    }

    Ensemble read() throws IOException {
      if (!nodes.containsKey("metadata")) {
        throw new IOException("not an ensemble of this program (there is no data set 'metadata')");
      }
      EnsembleMetadata metadata;
      String description;
      try {
        description = text("metadata");
        metadata = EnsembleMetadata.parse(description);
      } catch (IOException e) {
        throw new IOException("metadata: " + e.getMessage(), e);
      }
      metadata.requireMemory();
      Ensemble ensemble = metadata.ensemble();
      Lattice lattice = ensemble.lattice();
      if (metadata.snapshots() > 0) {
        ContiguousDataset fields = dataset("fields", Float.BYTES, metadata.snapshots(), ensemble.replicas(),
            lattice.ly(), lattice.lx());
        for (int t = 0; t < metadata.snapshots(); t++) {
          float[] snapshot = new float[ensemble.replicas() * lattice.sites()];
          readElements(fields, (long) t * snapshot.length, snapshot, snapshot.length);
          EnsembleMetadata.requireFinite(snapshot, "snapshot " + t);
          ensemble.append(snapshot);
        }
      }
      if (metadata.measurements() > 0) {
        for (String name : metadata.series()) {
          ContiguousDataset series = dataset(name, Double.BYTES, metadata.measurements(), ensemble.replicas());
          double[] values = new double[Math.multiplyExact(metadata.measurements(), ensemble.replicas())];
          readElements(series, 0, values, values.length);
          ensemble.record(name, values);
        }
      }
      if (metadata.hasState()) {
        float[] state = new float[ensemble.layout().size()];
        readElements(
            dataset("state", Float.BYTES, ensemble.layout().paddedReplicas(), lattice.ly(), lattice.lx()), 0, state,
            state.length);
        EnsembleMetadata.requireFinite(state, "'state'");
        ensemble.setState(state);
      }
      // Files rewritten by other programs need not have one.
      if (nodes.containsKey(CHECKSUM) && !text(CHECKSUM).equals(checksum(description, ensemble))) {
        throw new IOException("its contents do not match their checksum: the file is damaged (or was edited; then"
            + " delete the data set '" + CHECKSUM + "')");
      }
      return ensemble;
    }

    private ContiguousDataset dataset(String name) throws IOException {
      Node node = nodes.get(name);
      if (node == null) {
        throw new IOException("the data set '" + name + "' is missing");
      }
      if (node.isLink() || !(node instanceof Dataset dataset)) {
        throw new IOException("'" + name + "' is not a data set of this file; links are not followed");
      }
      if (!(dataset instanceof ContiguousDataset contiguous)) {
        throw new IOException("data set '" + name
            + "' is chunked or compressed, which is not read; rewrite the file with h5repack -l CONTI");
      }
      return contiguous;
    }

    private ContiguousDataset dataset(String name, int bytes, long... shape) throws IOException {
      ContiguousDataset dataset = dataset(name);
      DataType type = dataset.getDataType();
      if (!(type instanceof FloatingPoint) || type.getSize() != bytes) {
        throw new IOException("data set '" + name + "' does not hold " + 8 * bytes + "-bit floating-point numbers");
      }
      if (!Arrays.equals(dataset.getDimensionsAsLong(), shape)) {
        throw new IOException("data set '" + name + "' has shape " + Arrays.toString(dataset.getDimensionsAsLong())
            + ", but the metadata asks for " + Arrays.toString(shape));
      }
      return dataset;
    }

    private String text(String name) throws IOException {
      Dataset dataset = dataset(name);
      if (dataset.getSize() != 1 || !(dataset.isVariableLength() || dataset.getDataType() instanceof StringData)
          || dataset.getSizeInBytes() > MAX_METADATA) {
        throw new IOException("'" + name + "' is not one text of acceptable length");
      }
      Object data = dataset.getData();
      if (data instanceof String[] texts && texts.length == 1) {
        data = texts[0];
      }
      if (data instanceof String text) {
        return text;
      }
      throw new IOException("'" + name + "' is not one text of acceptable length");
    }

    /** Reads elements straight from the file. */
    private void readElements(ContiguousDataset dataset, long first, Object values, int count) throws IOException {
      int size = dataset.getDataType().getSize();
      long address = Math.addExact(dataset.getDataAddress(), file.getUserBlockSize());
      long length = Math.multiplyExact(dataset.getSize(), size);
      if (dataset.getDataAddress() < 0 || Math.addExact(address, length) > channel.size()) {
        throw new EOFException("truncated: a data set lies beyond the end of the file");
      }
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK).order(((FloatingPoint) dataset.getDataType()).getByteOrder());
      for (int done = 0; done < count;) {
        int now = Math.min(count - done, CHUNK / size);
        buffer.clear().limit(now * size);
        channel.readData(buffer, address + (first + done) * size);
        buffer.flip();
        switch (values) {
          case float[] a -> buffer.asFloatBuffer().get(a, done, now);
          case double[] a -> buffer.asDoubleBuffer().get(a, done, now);
          default -> throw new IllegalArgumentException("neither floats nor doubles");
        }
        done += now;
      }
    }
  }

  /**
   * A file for jHDF to read its structure from, until it has read far more than any sound file
   * needs: that ends the endless loops and exponential walks that a hostile file can set up.
   */
  private static final class BudgetedChannel implements SeekableByteChannel {
    private static final long FREE_BYTES = 1L << 24;
    private static final int BYTES_PER_FILE_BYTE = 4;
    private static final long FREE_READS = 5_000;
    private static final int FILE_BYTES_PER_READ = 1024;

    private final SeekableByteChannel channel;
    private long bytes;
    private long reads;

    BudgetedChannel(SeekableByteChannel channel) throws IOException {
      this.channel = channel;
      this.bytes = FREE_BYTES + BYTES_PER_FILE_BYTE * channel.size();
      this.reads = FREE_READS + channel.size() / FILE_BYTES_PER_READ;
    }

    /** Fills the whole buffer: jHDF does not expect less. */
    @Override
    public int read(ByteBuffer target) throws IOException {
      if (target.remaining() > channel.size()) {
        throw new EOFException("something is larger than the whole file");
      }
      reads--;
      bytes -= target.remaining();
      if (reads < 0 || bytes < 0) {
        throw new IOException("its structure leads in circles");
      }
      int total = target.remaining();
      readFully(target);
      return total;
    }

    void readData(ByteBuffer target, long position) throws IOException {
      channel.position(position);
      readFully(target);
    }

    private void readFully(ByteBuffer target) throws IOException {
      while (target.hasRemaining()) {
        if (channel.read(target) < 0) {
          throw new EOFException("truncated: something lies beyond the end of the file");
        }
      }
    }

    @Override
    public long position() throws IOException {
      return channel.position();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      channel.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int write(ByteBuffer source) {
      throw new java.nio.channels.NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new java.nio.channels.NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
