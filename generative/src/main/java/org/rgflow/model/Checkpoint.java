package org.rgflow.model;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a training needs to go on, to be written as one safetensors file. In the file,
 * parameters are called {@code model.NAME}, their moving average {@code ema.NAME}, Adam's moments {@code
 * adam.m.NAME} and {@code adam.v.NAME}, and the losses {@code history.step} and {@code history.loss}; the
 * metadata hold the configuration and the training state as JSON texts.
 *
 * @param configuration the whole configuration
 * @param state where the training stands
 * @param layout the parameters' names and places
 * @param parameters w
 * @param average w̄, the moving average
 * @param firstMoment Adam's m
 * @param secondMoment Adam's v
 * @param history the losses so far
 */
public record Checkpoint(
    JsonObject configuration, TrainingState state, TensorLayout layout, float[] parameters, float[] average,
    float[] firstMoment, float[] secondMoment, LossHistory history) {
  static final String KIND = "rgflow_kind";
  static final String CHECKPOINT = "checkpoint";
  static final String MODEL = "model";
  static final String VERSION_KEY = "rgflow_version";
  static final String VERSION = "1";
  static final String CONFIGURATION = "configuration";
  static final String STATE = "state";
  static final String SUMMARY = "summary";
  static final String HISTORY_STEPS = "history.step";
  static final String HISTORY_LOSSES = "history.loss";

  /** @throws IllegalArgumentException if a buffer does not have the layout's length */
  public Checkpoint {
    for (float[] buffer : new float[][] {parameters, average, firstMoment, secondMoment}) {
      if (buffer.length != layout.length()) {
        throw new IllegalArgumentException(
            "a buffer of " + buffer.length + " elements does not fit a layout of " + layout.length());
      }
    }
  }

  /** Bytes of the tensors in the file that {@link #write} makes. */
  public static long bytes(TensorLayout layout) {
    return 16 * layout.parameters();
  }

  /**
   * Writes the checkpoint, completely or not at all.
   *
   * @throws IOException if it cannot be written; an earlier file is then unchanged
   */
  public void write(Path target) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    add(tensors, ModelFile.Part.PARAMETERS, parameters);
    add(tensors, ModelFile.Part.AVERAGE, average);
    add(tensors, ModelFile.Part.FIRST_MOMENT, firstMoment);
    add(tensors, ModelFile.Part.SECOND_MOMENT, secondMoment);
    tensors.add(Tensor.of(HISTORY_STEPS, history.steps()));
    tensors.add(Tensor.of(HISTORY_LOSSES, history.losses()));
    SafeTensors.write(target, metadata(CHECKPOINT, configuration, state), tensors);
  }

  /**
   * Writes the moving average alone, which is what samples are drawn with: a model to share.
   *
   * @param type {@link TensorType#F16} halves the file
   * @throws IOException if it cannot be written; an earlier file is then unchanged
   * @throws IllegalArgumentException if half precision cannot hold a parameter
   */
  public void writeModel(Path target, TensorType type) throws IOException {
    writeModel(target, type, configuration, state, null, layout, average);
  }

  /**
   * The same for a model of which nothing but the moving average is in memory.
   *
   * @param summary what else is to be known of the training, null for nothing; see {@link ModelFile#summary}
   * @throws IOException if it cannot be written; an earlier file is then unchanged
   * @throws IllegalArgumentException if half precision cannot hold a parameter
   */
  public static void writeModel(Path target, TensorType type, JsonObject configuration, TrainingState state,
      JsonObject summary, TensorLayout layout, float[] average) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (TensorLayout.Slice slice : layout.slices()) {
      tensors.add(Tensor.of(slice.name(), type, slice.shape(), average, slice.offset()));
    }
    Map<String, String> metadata = new HashMap<>(metadata(MODEL, configuration, state));
    if (summary != null) {
      metadata.put(SUMMARY, summary.toString());
    }
    SafeTensors.write(target, metadata, tensors);
  }

  private void add(List<Tensor> tensors, ModelFile.Part part, float[] values) {
    for (TensorLayout.Slice slice : layout.slices()) {
      tensors.add(Tensor.of(part.prefix() + slice.name(), TensorType.F32, slice.shape(), values, slice.offset()));
    }
  }

  private static Map<String, String> metadata(String kind, JsonObject configuration, TrainingState state) {
    return Map.of(KIND, kind, VERSION_KEY, VERSION, CONFIGURATION, configuration.toString(),
        STATE, state.toJson().toString());
  }
}
