package org.rgflow.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.LossHistory;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TrainingState;
import org.rgflow.network.Purpose;

/** Small models that need no training: parameters at random, but none of them without effect. */
final class Untrained {
  private Untrained() {}

  /** Pictures of 8×8, T = 100, two classes. */
  static TrainingConfiguration configuration(String... more) {
    List<String> settings = new ArrayList<>(List.of("data.height=8", "data.width=8", "diffusion.patch=2",
        "diffusion.steps=100", "diffusion.classes=2", "diffusion.preconditioning=deviation", "network.width=32",
        "network.multipliers=1", "network.blocks=1", "network.attentionLevels=0", "optimizer.steps=6"));
    settings.addAll(List.of(more));
    return TrainingConfiguration.preset("fddm-fashion-mnist").with(settings);
  }

  static ImageModel model(TrainingConfiguration configuration) {
    int channels = configuration.unet().outputChannels();
    double[] mean = new double[channels];
    double[] deviation = new double[channels];
    Arrays.setAll(mean, k -> 0.1 - 0.02 * k);
    Arrays.setAll(deviation, k -> 0.8 / (1 + k));
    List<String> classes = configuration.diffusion().classes() == 0 ? List.of() : List.of("left", "above");
    ImageModel empty = new ImageModel(configuration, new DataStatistics(mean, deviation), classes, new float[0]);
    float[] parameters = empty.network(1, Purpose.INFERENCE).parameters().values().clone();
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += (float) (0.05 * random.nextGaussian());
    }
    return new ImageModel(configuration, empty.statistics(), classes, parameters);
  }

  /** The model as the checkpoint of a training that has done two of its steps. */
  static Checkpoint checkpoint(ImageModel model) {
    LossHistory history = new LossHistory();
    history.add(1, 0.5);
    history.add(2, 0.25);
    TensorLayout layout = TensorLayout.of(model.network(1, Purpose.INFERENCE).parameters());
    // What lies in the gaps between the parameters is not saved and counts for nothing.
    float[] other = new float[model.parameters().length];
    return new Checkpoint(model.toJson(), new TrainingState(2, 256, model.configuration().run().seed(), 2), layout, other,
        model.parameters(), other.clone(), other.clone(), history);
  }
}
