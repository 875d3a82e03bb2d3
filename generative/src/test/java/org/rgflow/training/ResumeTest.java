package org.rgflow.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.data.Batches;
import org.rgflow.data.ImageSet;
import org.rgflow.data.PixelCoding;
import org.rgflow.device.Device;
import org.rgflow.device.JvmDevice;
import org.rgflow.device.Program;
import org.rgflow.device.Session;
import org.rgflow.model.Checkpoint;
import org.rgflow.model.CheckpointDirectory;
import org.rgflow.model.LossHistory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.model.TrainingState;

/**
 * Data, optimiser and checkpoint together: a training that is stopped and resumed from its file is the
 * training that was never stopped, to the last bit. The model is one template, which learns to be the mean
 * of the pictures.
 */
class ResumeTest {
  private static final int BATCH = 8;
  private static final TensorLayout LAYOUT =
      new TensorLayout(List.of(new TensorLayout.Slice("template", List.of(1, 5, 4), 0)), 20);

  @TempDir Path directory;

  /** Thirty pictures of 5×4. */
  private record Stripes() implements ImageSet {
    @Override
    public int size() {
      return 30;
    }

    @Override
    public int colours() {
      return 1;
    }

    @Override
    public int height() {
      return 5;
    }

    @Override
    public int width() {
      return 4;
    }

    @Override
    public void copy(int index, byte[] out, int offset) {
      for (int i = 0; i < 20; i++) {
        out[offset + i] = (byte) (index * index * 5 + 40 * (i % 4));
      }
    }

    @Override
    public int label(int index) {
      return NO_LABEL;
    }

    @Override
    public List<String> classes() {
      return List.of();
    }
  }

  private static final class Training implements AutoCloseable {
    private final TrainingConfiguration configuration = TrainingConfiguration.preset("fddm-fashion-mnist").with(
        List.of("optimizer.steps=60", "optimizer.warmUp=10", "optimizer.learningRate=0.05", "optimizer.maxNorm=0.5"));
    private final float[] parameters = new float[20];
    private final float[] gradient = new float[20];
    private final Adam adam = new Adam(parameters, gradient, configuration.optimizer().adam());
    private final Batches batches = new Batches(new Stripes(), PixelCoding.LUMA_CHROMA, Batches.Flip.RANDOM, 5);
    private final Program program = new Program("step");
    private final Device device;
    private final Session session;
    private LossHistory history = new LossHistory();
    private long step;

    Training(int threads) {
      adam.record(program);
      device = new JvmDevice(threads);
      session = device.open(program);
    }

    void run(long until) {
      float[] pixels = new float[BATCH * 20];
      for (; step < until; step++) {
        batches.fill(step * BATCH, pixels, new int[BATCH]);
        double loss = 0;
        for (int i = 0; i < 20; i++) {
          double sum = 0;
          for (int k = 0; k < BATCH; k++) {
            double difference = parameters[i] - pixels[k * 20 + i];
            sum += difference / BATCH;
            loss += difference * difference / BATCH;
          }
          gradient[i] = (float) sum;
        }
        adam.prepare(step, configuration.optimizer().rate().at(step));
        session.run(program);
        history.add(step, loss);
      }
    }

    Checkpoint checkpoint() {
      return new Checkpoint(configuration.toJson(), new TrainingState(step, step * BATCH, 5, step), LAYOUT, parameters,
          adam.average(), adam.firstMoment(), adam.secondMoment(), history);
    }

    void resume(Path path) throws IOException {
      try (ModelFile file = ModelFile.open(path)) {
        assertThat(TrainingConfiguration.ofJson(file.configuration())).isEqualTo(configuration);
        file.read(ModelFile.Part.PARAMETERS, LAYOUT, parameters);
        file.read(ModelFile.Part.AVERAGE, LAYOUT, adam.average());
        file.read(ModelFile.Part.FIRST_MOMENT, LAYOUT, adam.firstMoment());
        file.read(ModelFile.Part.SECOND_MOMENT, LAYOUT, adam.secondMoment());
        history = file.history();
        step = file.state().step();
      }
    }

    @Override
    public void close() {
      session.close();
      device.close();
    }
  }

  @Test
  void aResumedTrainingIsTheOneThatWasNeverStopped() throws IOException {
    CheckpointDirectory checkpoints = new CheckpointDirectory(directory.resolve("run"), 2);
    try (Training whole = new Training(1); Training first = new Training(2); Training second = new Training(2)) {
      whole.run(60);
      first.run(23); // in the middle of an epoch, behind the warm-up
      checkpoints.save(first.checkpoint());
      second.resume(checkpoints.resolve("latest").path());
      second.run(60);
      assertThat(second.parameters).isEqualTo(whole.parameters);
      assertThat(second.adam.average()).isEqualTo(whole.adam.average());
      assertThat(second.adam.firstMoment()).isEqualTo(whole.adam.firstMoment());
      assertThat(second.adam.secondMoment()).isEqualTo(whole.adam.secondMoment());
      assertThat(second.history.losses()).isEqualTo(whole.history.losses());
      assertThat(whole.history.losses()[59]).isLessThan(whole.history.losses()[0]);
    }
  }
}
