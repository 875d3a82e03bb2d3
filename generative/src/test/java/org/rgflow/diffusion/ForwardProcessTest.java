package org.rgflow.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rgflow.data.ColorImage;
import org.rgflow.device.JvmDevice;
import org.rgflow.frequency.PatchModes;
import org.rgflow.random.RandomStream;
import org.rgflow.spectral.ModeSchedule;
import org.rgflow.spectral.ModeSchedule.Variable;

class ForwardProcessTest {
  private static final FermiSchedule SCHEDULE = FermiSchedule.published(8);

  @Test
  void alphaBarIsTheFermiFunctionOfThePaper() {
    for (int t : new int[] {0, 250, 500, 999}) {
      double mu = 4 - 8.0 * t / 999;
      for (int k1 = 0; k1 < 8; k1++) {
        for (int k2 = 0; k2 < 8; k2++) {
          double energy = -Math.cos(Math.PI * k1 / 7) - Math.cos(Math.PI * k2 / 7);
          assertThat(SCHEDULE.alphaBar(8 * k1 + k2, t))
              .isCloseTo(1 / (Math.exp((energy - mu) / 0.5) + 1), within(1e-14));
        }
      }
    }
    assertThat(Math.sqrt(SCHEDULE.alphaBar(0, 999))).as("the mean keeps 13 % of the data at the end")
        .isCloseTo(0.134, within(1e-3));
    assertThatThrownBy(() -> SCHEDULE.mu(1000)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FermiSchedule(8, 0.5, -4, 4, 1000)).isInstanceOf(IllegalArgumentException.class);
  }

  /** The transition of the image model is Polchinski's exact kernel in y = φ/√K, to the last digits. */
  @Test
  void transitionsArePolchinskisInTheOtherVariable() {
    ModeSchedule modes = SCHEDULE.modes();
    double[] scales = {Double.POSITIVE_INFINITY, 4, 1.3, 0.2, -0.9, -4};
    for (int i = 0; i < scales.length; i++) {
      for (int j = i; j < scales.length; j++) {
        ModeSchedule.Transition field = modes.transition(scales[i], scales[j], Variable.FIELD);
        ModeSchedule.Transition image = modes.transition(scales[i], scales[j], Variable.VARIANCE_PRESERVING);
        for (int k = 0; k < 64; k++) {
          double from = modes.cutoff(k, scales[i]);
          double to = modes.cutoff(k, scales[j]);
          assertThat(image.decay()[k]).isCloseTo(field.decay()[k] * Math.sqrt(from / to), within(1e-13));
          assertThat(image.noise()[k]).isCloseTo(field.noise()[k] / Math.sqrt(to), within(1e-13));
          assertThat(image.decay()[k]).isCloseTo(Math.sqrt(to / from), within(1e-13));
          assertThat(image.noise()[k]).isCloseTo(Math.sqrt(1 - to / from), within(1e-13));
        }
      }
    }
  }

  private static ColorImage image() {
    float[] values = new float[3 * 32 * 32];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.11 * i);
    }
    return new ColorImage(3, 32, 32, values);
  }

  private static float[] run(Variable variable, int threads, double... scales) {
    try (JvmDevice device = new JvmDevice(threads);
        ForwardProcess process = new ForwardProcess(
            device, new PatchModes(3, 32, 32, 8), SCHEDULE.modes(), variable, new RandomStream(5))) {
      process.start(image());
      for (double scale : scales) {
        process.advance(scale);
      }
      return process.grouped();
    }
  }

  @Test
  void theSamePathInBothVariables() {
    double[] scales = {2, 0.5, -1};
    float[] y = run(Variable.VARIANCE_PRESERVING, 2, scales);
    float[] phi = run(Variable.FIELD, 1, scales);
    ModeSchedule modes = SCHEDULE.modes();
    for (int i = 0; i < y.length; i++) {
      double k = modes.cutoff(i / 16 % 64, -1);
      assertThat(phi[i] / Math.sqrt(k)).isCloseTo(y[i], within(2e-4));
    }
  }

  /**
   * One jump to μ: (x_t − √ᾱ x_0)/√(1−ᾱ) is white. 48 patches (colours included) per mode: χ² of all
   * 3072 values lies within 5 standard deviations, which a correct program misses once in 10⁶ seeds.
   */
  @Test
  void theNoiseHasTheVarianceOneMinusAlphaBar() {
    float[] clean = run(Variable.VARIANCE_PRESERVING, 1);
    float[] noisy = run(Variable.VARIANCE_PRESERVING, 1, 0.3);
    ModeSchedule modes = SCHEDULE.modes();
    double chi2 = 0;
    for (int i = 0; i < clean.length; i++) {
      double alphaBar = modes.cutoff(i / 16 % 64, 0.3);
      double z = (noisy[i] - Math.sqrt(alphaBar) * clean[i]) / Math.sqrt(1 - alphaBar);
      chi2 += z * z;
    }
    assertThat(chi2).isCloseTo(clean.length, within(5 * Math.sqrt(2.0 * clean.length)));
  }

  @Test
  void withoutNoiseTheImageComesBackAndScalesOnlyFall() {
    try (JvmDevice device = new JvmDevice(1);
        ForwardProcess process = new ForwardProcess(device, new PatchModes(3, 32, 32, 8), SCHEDULE.modes(),
            Variable.VARIANCE_PRESERVING, new RandomStream(5))) {
      process.start(image());
      float[] back = process.image().values();
      for (int i = 0; i < back.length; i++) {
        assertThat(back[i]).isCloseTo(image().values()[i], within(2e-6f));
      }
      process.advance(1);
      assertThatThrownBy(() -> process.advance(2)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new ForwardProcess(device, new PatchModes(3, 32, 32, 4), SCHEDULE.modes(), Variable.FIELD,
          new RandomStream(1))).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("16");
    }
  }
}
