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
 * @param temperature T' of the Fermi schedules
 * @param maxLogSnr log-SNR at which every mode begins at least, for {@code fermi-terminal}
 * @param minLogSnr log-SNR at which every mode ends at most, for {@code fermi-terminal}
 * @param preconditioning whether the network is wrapped by the coefficients' deviations
 * @param weight weight of a coefficient's loss
 * @param maxSnr γ, the cap on the weights other than {@link Weight#UNIFORM}
 * @param inputPerturbation γ of input perturbation (2301.11706), 0 for none
 * @param selfConditioning probability that the network sees its own first estimate (2208.04202), 0 for none
 * @param classes number of labels that the network is told, 0 for none
 * @param classDropout probability that a label is hidden, for classifier-free guidance (2207.12598)
 */
public record DiffusionSettings(
    Space space, int patch, String schedule, int steps, double temperature, double maxLogSnr, double minLogSnr,
    Preconditioning preconditioning, Weight weight, double maxSnr, double inputPerturbation, double selfConditioning,
    int classes, double classDropout) {
  /** What the model sees. */
  public enum Space { FREQUENCY, PIXEL }

  /** How the network's output becomes x̂₀. */
  public enum Preconditioning { NONE, DEVIATION }

  /** Weight of the squared error in x̂₀; see {@link org.rgflow.diffusion.LossWeights}. */
  public enum Weight { UNIFORM, MIN_SNR, VELOCITY }

  /** Tables have a line for each step. */
  private static final int MAX_STEPS = 100_000;
  private static final int MAX_CLASSES = 1_000_000;

  /** @throws IllegalArgumentException if a value is out of its range */
  public DiffusionSettings {
    if (!NoiseSchedules.NAMES.contains(schedule)) {
      throw new IllegalArgumentException(NearestName.message("schedule", schedule, NoiseSchedules.NAMES));
    }
    require(space == Space.PIXEL ? patch == 1 : patch >= 2,
        "patch must be 1 in pixel space and at least 2 in frequency space, not " + patch);
    new NoiseSchedules.FermiShape(temperature, maxLogSnr, minLogSnr);
    require(steps >= 2 && steps <= MAX_STEPS, "steps must be 2 to " + MAX_STEPS + ", not " + steps);
    require(maxSnr > 0, "maxSnr must be positive, not " + maxSnr);
    require(inputPerturbation >= 0 && inputPerturbation <= 1,
        "inputPerturbation must be 0 to 1, not " + inputPerturbation);
    require(selfConditioning >= 0 && selfConditioning <= 1,
        "selfConditioning must be a probability, not " + selfConditioning);
    require(classes >= 0 && classes <= MAX_CLASSES, "classes must be 0 to " + MAX_CLASSES + ", not " + classes);
    require(classDropout >= 0 && classDropout <= 1, "classDropout must be a probability, not " + classDropout);
  }

  /** The shape of the Fermi schedules. */
  public NoiseSchedules.FermiShape fermi() {
    return new NoiseSchedules.FermiShape(temperature, maxLogSnr, minLogSnr);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
