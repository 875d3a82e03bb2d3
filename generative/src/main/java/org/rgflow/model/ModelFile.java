package org.rgflow.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.rgflow.io.Json;
import org.rgflow.io.OneLine;

/**
 * A checkpoint or an exported model, open for reading. The configuration comes first, from it the caller
 * builds the network, whose {@link TensorLayout} then says what the file must hold: exactly those
 * tensors, with those shapes and with finite numbers.
 *
 * <p>Whatever is wrong with a file is one IOException of one line that names it.
 */
public final class ModelFile implements AutoCloseable {
  /** The buffers that a file can hold. An exported model holds {@link #AVERAGE} alone. */
  public enum Part {
    PARAMETERS("model."), AVERAGE("ema."), FIRST_MOMENT("adam.m."), SECOND_MOMENT("adam.v.");

    private final String prefix;

    Part(String prefix) {
      this.prefix = prefix;
    }

    String prefix() {
      return prefix;
    }
  }

  private final SafeTensors file;
  private final boolean checkpoint;
  private final JsonObject configuration;
  private final TrainingState state;

  private ModelFile(SafeTensors file) throws IOException {
    this.file = file;
    String kind = file.metadata().get(Checkpoint.KIND);
    if (kind == null || !(kind.equals(Checkpoint.CHECKPOINT) || kind.equals(Checkpoint.MODEL))) {
      throw new IOException("that is a safetensors file, but none of this program: its metadata lack "
          + Checkpoint.KIND);
    }
    String version = file.metadata().get(Checkpoint.VERSION_KEY);
    if (!Checkpoint.VERSION.equals(version)) {
      throw new IOException(
          "its format has version " + version + ", but this program reads version " + Checkpoint.VERSION);
    }
    this.checkpoint = kind.equals(Checkpoint.CHECKPOINT);
    this.configuration = json(Checkpoint.CONFIGURATION);
    this.state = TrainingState.ofJson(json(Checkpoint.STATE));
    file.verify();
  }

  /**
   * Opens a file and checks all of it: header, checksum, configuration and state.
   *
   * @throws IOException if it is damaged, foreign or cannot be read
   */
  public static ModelFile open(Path path) throws IOException {
    return open(SafeTensors.open(path));
  }

  /**
   * The same for a file that is in memory already.
   *
   * @param name what messages call it
   */
  static ModelFile of(String name, byte[] contents) throws IOException {
    return open(SafeTensors.of(name, contents));
  }

  private static ModelFile open(SafeTensors file) throws IOException {
    ModelFile model = null;
    try {
      model = new ModelFile(file);
      return model;
    } catch (IOException e) {
      throw named(file.name(), e);
    } finally {
      if (model == null) {
        file.close();
      }
    }
  }

  private JsonObject json(String key) throws IOException {
    String text = file.metadata().get(key);
    if (text == null) {
      throw new IOException("its metadata lack the " + key);
    }
    try {
      return Json.parseObject(text);
    } catch (IOException e) {
      throw new IOException("its " + key + " is " + e.getMessage(), e);
    }
  }

  /** The file's path, or the name of a model that comes with the program. */
  public String name() {
    return file.name();
  }

  /** Bytes of the whole file. */
  public long size() throws IOException {
    return file.size();
  }

  /** Whether a training can go on from here; otherwise it is a model to sample from. */
  public boolean isCheckpoint() {
    return checkpoint;
  }

  /** The whole configuration of the training. */
  public JsonObject configuration() {
    return configuration;
  }

  /** Where the training stood. */
  public TrainingState state() {
    return state;
  }

  /**
   * What an exported model says of its training besides where it stood; empty if it says nothing.
   *
   * @throws IOException if that is no JSON object
   */
  public Optional<JsonObject> summary() throws IOException {
    if (!file.metadata().containsKey(Checkpoint.SUMMARY)) {
      return Optional.empty();
    }
    try {
      return Optional.of(json(Checkpoint.SUMMARY));
    } catch (IOException e) {
      throw named(name(), e);
    }
  }

  /** The tensors as they stand in the file. */
  public Map<String, TensorEntry> tensors() {
    return file.tensors();
  }

  /** Bytes of the file's tensors. */
  public long bytes() {
    return file.tensors().values().stream().mapToLong(tensor -> tensor.end() - tensor.begin()).sum();
  }

  /**
   * Whether a part has so many numbers as a network wants; to be asked before the network is made, so that a file
   * which speaks of a large network and holds a small one takes no memory.
   *
   * @throws IOException if it has another number
   */
  public void requireElements(Part part, long elements) throws IOException {
    String prefix = checkpoint ? part.prefix() : "";
    long found = file.tensors().values().stream().filter(tensor -> tensor.name().startsWith(prefix))
        .mapToLong(TensorEntry::elements).sum();
    if (found != elements) {
      throw named(name(), new IOException("it holds " + found + " parameters, but the network of its configuration has "
          + elements));
    }
  }

  /**
   * The losses; none for an exported model.
   *
   * @throws IOException if they are missing, not finite, or not those of growing steps
   */
  public LossHistory history() throws IOException {
    if (!checkpoint) {
      return new LossHistory();
    }
    try {
      long[] steps = file.longs(Checkpoint.HISTORY_STEPS);
      double[] losses = file.doubles(Checkpoint.HISTORY_LOSSES);
      LossHistory history = new LossHistory(steps, losses);
      for (int i = 0; i < steps.length; i++) {
        if (steps[i] <= (i == 0 ? -1 : steps[i - 1]) || !Double.isFinite(losses[i])) {
          throw new IllegalArgumentException("its loss number " + i + " is " + losses[i] + " at step " + steps[i]);
        }
      }
      return history;
    } catch (IllegalArgumentException e) {
      throw named(name(), new IOException(e.getMessage(), e));
    }
  }

  /**
   * Reads one part into a flat buffer; its gaps are left alone.
   *
   * @param layout what the network wants
   * @param into the buffer, of the layout's length
   * @throws IOException if tensors are missing, too many, of another shape or not finite
   */
  public void read(Part part, TensorLayout layout, float[] into) throws IOException {
    if (into.length != layout.length()) {
      throw new IllegalArgumentException(
          "a buffer of " + into.length + " elements does not fit a layout of " + layout.length());
    }
    if (!checkpoint && part != Part.AVERAGE) {
      throw named(name(), new IOException("that is an exported model, from which no training can be resumed;"
          + " give a checkpoint"));
    }
    String prefix = checkpoint ? part.prefix() : "";
    Map<String, TensorEntry> present = new TreeMap<>();
    file.tensors().forEach((name, entry) -> {
      if (name.startsWith(prefix)) {
        present.put(name.substring(prefix.length()), entry);
      }
    });
    for (TensorLayout.Slice slice : layout.slices()) {
      TensorEntry entry = present.remove(slice.name());
      if (entry == null) {
        file.tensor(prefix + slice.name()); // says what is missing
      } else if (!entry.shape().equals(slice.shape())) {
        throw named(name(), new IOException("tensor '" + entry.name() + "' has shape " + entry.shape()
            + ", but the network of its configuration wants " + slice.shape()));
      }
      file.read(prefix + slice.name(), into, slice.offset());
      for (int i = slice.offset(); i < slice.offset() + slice.elements(); i++) {
        if (!Float.isFinite(into[i])) {
          throw named(name(), new IOException("tensor '" + prefix + slice.name() + "' holds " + into[i]
              + "; the training it came from had broken down"));
        }
      }
    }
    if (!present.isEmpty()) {
      List<String> names = new ArrayList<>(present.keySet());
      throw named(name(), new IOException("the network of its configuration has no tensor '" + names.getFirst() + "'"
          + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "")));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static IOException named(String name, IOException e) {
    String message = String.valueOf(e.getMessage());
    return new IOException(message.startsWith("cannot read ") ? message
        : "cannot read " + name + ": " + OneLine.of(message), e);
  }
}
