package org.rgflow.training;

/**
 * The optimiser and the length of a training.
 *
 * @param learningRate its peak
 * @param warmUp steps of the warm-up
 * @param steps of the training, after which the learning rate is zero
 * @param batchSize pictures of a step
 * @param accumulation parts in which a batch is computed, to save memory
 * @param beta1 of Adam
 * @param beta2 of Adam
 * @param epsilon of Adam
 * @param weightDecay decoupled, 0 for none
 * @param maxNorm longer gradients are shortened to this, 0 for none
 * @param averageDecay of the parameters' moving average
 */
public record OptimizerSettings(
    double learningRate, long warmUp, long steps, int batchSize, int accumulation, double beta1, double beta2,
    double epsilon, double weightDecay, double maxNorm, double averageDecay) {
  /** @throws IllegalArgumentException if a number is out of its range */
  public OptimizerSettings {
    new LearningRate(learningRate, warmUp, steps);
    if (maxNorm < 0) {
      throw new IllegalArgumentException("maxNorm must be positive, or 0 for none, not " + maxNorm);
    }
    options(beta1, beta2, epsilon, weightDecay, maxNorm, averageDecay);
    if (batchSize < 1 || accumulation < 1 || batchSize % accumulation != 0) {
      throw new IllegalArgumentException(
          "a batch of " + batchSize + " pictures cannot be computed in " + accumulation + " equal parts");
    }
  }

  private static AdamOptions options(
      double beta1, double beta2, double epsilon, double weightDecay, double maxNorm, double averageDecay) {
    return new AdamOptions(
        beta1, beta2, epsilon, weightDecay, maxNorm == 0 ? Double.POSITIVE_INFINITY : maxNorm, averageDecay);
  }

  /** The rate of each step. */
  public LearningRate rate() {
    return new LearningRate(learningRate, warmUp, steps);
  }

  /** For {@link Adam}. */
  public AdamOptions adam() {
    return options(beta1, beta2, epsilon, weightDecay, maxNorm, averageDecay);
  }
}
