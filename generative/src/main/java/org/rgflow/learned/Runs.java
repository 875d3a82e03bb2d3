package org.rgflow.learned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.rgflow.model.LossHistory;
import org.rgflow.model.ModelFile;
import org.rgflow.model.TensorLayout;
import org.rgflow.training.Adam;
import org.rgflow.training.DivergedException;

/** What the trainings of lattice models have in common. */
final class Runs {
  private Runs() {}

  /** Makes a run's directory, whose parent must exist. */
  static void create(Path run) throws IOException {
    Path above = run.toAbsolutePath().getParent();
    if (above != null && !Files.isDirectory(above)) {
      throw new IOException("cannot write to " + run + ": the directory " + above + " does not exist");
    }
    Files.createDirectories(run);
  }

  /**
   * Reads parameters and optimiser from a checkpoint to go on from.
   *
   * @param steps of the whole training
   * @return steps done
   * @throws IllegalArgumentException if all are done
   * @throws IOException if it is damaged
   */
  static long restore(ModelFile checkpoint, long steps, TensorLayout layout, float[] parameters, Adam adam)
      throws IOException {
    long done = checkpoint.state().step();
    if (done >= steps) {
      throw new IllegalArgumentException(
          checkpoint.name() + " has all " + done + " of " + steps + " steps; ask for more");
    }
    checkpoint.read(ModelFile.Part.PARAMETERS, layout, parameters);
    checkpoint.read(ModelFile.Part.AVERAGE, layout, adam.average());
    checkpoint.read(ModelFile.Part.FIRST_MOMENT, layout, adam.firstMoment());
    checkpoint.read(ModelFile.Part.SECOND_MOMENT, layout, adam.secondMoment());
    return done;
  }

  /** Mean of the last losses. */
  static double recent(LossHistory history, int count) {
    double[] losses = history.losses();
    return Arrays.stream(losses, Math.max(0, losses.length - count), losses.length).average().orElse(Double.NaN);
  }

  /** @throws DivergedException if a number is not finite */
  static void requireFinite(float[] values, long step, Path last) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw diverged(step, "a parameter or moment became " + value, last);
      }
    }
  }

  static DivergedException diverged(long step, String what, Path last) {
    return new DivergedException("the training broke down at step " + step + " (" + what + "); "
        + (last == null ? "there is no checkpoint yet" : "the last good checkpoint is " + last)
        + "; train with a lower learning rate");
  }
}
