package org.rgflow.quality;

/**
 * How far generated images are from the training images by what needs no network, each figure with its floor: the same
 * distance between real images of the test split and the training images. A perfect model stands at the floor.
 * Figures of finite samples are too large, the more the fewer images there are, so the test split should be as many
 * as the generated ones.
 *
 * @param coefficients {@link ModeMoments#coefficientDistance}
 * @param patches {@link ModeMoments#patchDistance}
 * @param spectrum {@link PowerSpectrum#logDistance} of the first plane
 */
public record SpectralQuality(Figure coefficients, Figure patches, Figure spectrum) {
  /**
   * A distance.
   *
   * @param value between generated and training images
   * @param floor between test and training images
   */
  public record Figure(double value, double floor) {}

  /** Statistics of one set of images. */
  public record Set(ModeMoments moments, PowerSpectrum spectrum) {
    /** @throws IllegalArgumentException if the two have seen different numbers of images */
    public Set {
      if (moments.images() != spectrum.images()) {
        throw new IllegalArgumentException("modes of " + moments.images() + " images, spectra of " + spectrum.images());
      }
    }
  }

  /** All figures. */
  public static SpectralQuality of(Set generated, Set training, Set test) {
    return new SpectralQuality(
        new Figure(generated.moments.coefficientDistance(training.moments),
            test.moments.coefficientDistance(training.moments)),
        new Figure(generated.moments.patchDistance(training.moments), test.moments.patchDistance(training.moments)),
        new Figure(generated.spectrum.logDistance(training.spectrum), test.spectrum.logDistance(training.spectrum)));
  }
}
