package org.rgflow.training;

import java.io.IOException;
import java.nio.file.Path;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.ModelFile;
import org.rgflow.model.Rounding;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TensorType;
import org.rgflow.network.Purpose;

/** Writes models to share: what samples are drawn with and nothing else. */
public final class ModelExport {
  private ModelExport() {}

  /**
   * Writes the parameters' moving average, the configuration, the statistics of the data, the names of the classes, and
   * a {@link TrainingSummary}; completely or not at all.
   *
   * @param file a checkpoint, or an exported model to be written in another type
   * @param type of the parameters: {@link TensorType#F16}, {@link TensorType#BF16} or {@link TensorType#F32}
   * @return what the type does to the parameters
   * @throws IOException if a file cannot be read or written; an earlier one is then unchanged
   * @throws IllegalArgumentException if the type cannot hold a parameter
   */
  public static Rounding write(ModelFile file, Path target, TensorType type) throws IOException {
    ImageModel model = ImageModel.read(file);
    TensorLayout layout = TensorLayout.of(model.network(1, Purpose.INFERENCE).parameters());
    Rounding rounding = Rounding.of(layout, model.parameters(), type);
    Checkpoint.writeModel(target, type, model.toJson(), file.state(), TrainingSummary.of(file).toJson(), layout,
        model.parameters());
    return rounding;
  }
}
