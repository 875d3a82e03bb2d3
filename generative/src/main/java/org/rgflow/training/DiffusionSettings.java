package org.rgflow.training;

import org.rgflow.diffusion.NoiseSchedules;
import org.rgflow.text.NearestName;

/**
 * The forward process and what is learned of it.
 *
 * @param space whether the model sees frequencies of patches or pixels
 * @param patch side d of the patches in frequency space; 1 in pixel space
 * @param schedule name of the noise schedule, one of {@link NoiseSchedules#NAMES}
 * @param steps T
 * @param preconditioning whether the network is wrapped by the coefficients' deviations
 * @param weight weight of a coefficient's loss
 * @param maxSnr the weight is min(SNR, maxSnr) for {@link Weight#MIN_SNR}
 * @param inputPerturbation γ of input perturbation (2301.11706), 0 for none
 * @param selfConditioning probability that the network sees its own first estimate (2208.04202), 0 for none
 * @param classes number of labels that the network is told, 0 for none
 * @param classDropout probability that a label is hidden, for classifier-free guidance (2207.12598)
 */
public record DiffusionSettings(
    Space space, int patch, String schedule, int steps, Preconditioning preconditioning, Weight weight, double maxSnr,
    double inputPerturbation, double selfConditioning, int classes, double classDropout) {
  /** What the model sees. */
  public enum Space { FREQUENCY, PIXEL }

  /** How the network's output becomes x̂₀. */
  public enum Preconditioning { NONE, DEVIATION }

  /** Weight of the squared error in x̂₀. */
  public enum Weight { UNIFORM, MIN_SNR }

  /** @throws IllegalArgumentException if a value is out of its range */
  public DiffusionSettings {
    if (!NoiseSchedules.NAMES.contains(schedule)) {
      throw new IllegalArgumentException(NearestName.message("schedule", schedule, NoiseSchedules.NAMES));
    }
    require(space == Space.PIXEL ? patch == 1 : patch >= 2,
        "patch must be 1 in pixel space and at least 2 in frequency space, not " + patch);
    require(steps >= 2, "steps must be at least 2, not " + steps);
    require(maxSnr > 0, "maxSnr must be positive, not " + maxSnr);
    require(inputPerturbation >= 0, "inputPerturbation must be 0 or positive, not " + inputPerturbation);
    require(selfConditioning >= 0 && selfConditioning <= 1,
        "selfConditioning must be a probability, not " + selfConditioning);
    require(classes >= 0, "classes must be 0 or positive, not " + classes);
    require(classDropout >= 0 && classDropout <= 1, "classDropout must be a probability, not " + classDropout);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
