package org.rgflow.diffusion;

import java.util.List;
import org.rgflow.device.Launch;

/**
 * Predicts clean images x̂_0 from noisy ones, in mode space: what a network is to a sampler. A denoiser
 * records its launches once and is then run many times; what changes from run to run travels in small buffers.
 */
public interface Denoiser {
  /**
   * What a prediction depends on.
   *
   * @param noisy x_t, {@link ModeBatch}
   * @param times time step t of each image
   * @param labels class of each image, or {@link #NO_LABEL}
   * @param previous the x̂_0 predicted before (self-conditioning, Chen et al., 2208.04202), all zero when there is
   *     none;
   *     laid out as {@code noisy}
   */
  record Inputs(float[] noisy, float[] times, int[] labels, float[] previous) {}

  /** The label of an image of no particular class. */
  int NO_LABEL = -1;

  /** The batch that one run takes. */
  ModeBatch shape();

  /** Whether {@link Inputs#previous} is read. */
  default boolean selfConditioned() {
    return false;
  }

  /**
   * The launches that compute x̂_0. May be called more than once, with different buffers.
   *
   * @param clean where x̂_0 goes; not one of the inputs
   */
  List<Launch> record(Inputs inputs, float[] clean);

  /** Small buffers of the denoiser's own that {@link #prepare} changes: inputs of every program it is recorded in. */
  default List<Object> buffers() {
    return List.of();
  }

  /**
   * Sets the denoiser's own buffers for time steps, before a run. Allocates nothing.
   *
   * @param times time step of each image, not necessarily integers
   */
  default void prepare(double[] times) {}
}
