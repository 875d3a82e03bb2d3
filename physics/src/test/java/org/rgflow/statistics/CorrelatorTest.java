package org.rgflow.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelatorTest {
  @ParameterizedTest
  @ValueSource(ints = {4, 7, 12, 20})
  void hyperbolicCosinesHaveTheirMassAtEverySeparation(int extent) {
    double mass = 0.37;
    int separations = extent / 2 + 1;
    double[] slices = new double[3 * separations];
    for (int i = 0; i < slices.length; i++) {
      slices[i] = 2.5 * Math.cosh(mass * (i % separations - 0.5 * extent));
    }
    Correlator correlator = new Correlator(extent, 1, slices);
    assertThat(correlator.effectiveMass()).hasSize(extent / 2)
        .allSatisfy(m -> assertThat(m.mean()).isCloseTo(mass, within(1e-9)));
    assertThat(correlator.inverseCorrelationLength().mean()).isCloseTo(mass, within(1e-9));
    assertThat(correlator.extentOverCorrelationLength().mean()).isCloseTo(extent * mass, within(1e-8));
    assertThat(correlator.correlator().getFirst().mean()).isCloseTo(slices[0], within(1e-12));
  }

  /**
   * The periodic AR(1) chain, sampled exactly in Fourier space: G(t) ∝ cosh(m(t − T/2)) with 2 cosh m = 2 + μ².
   * 4 error bars: false-alarm rate 6e-5; and Γ-method against jackknife.
   */
  @Test
  void freeParticleOnACircle() {
    int extent = 8;
    double mu2 = 0.5;
    double mass = Math.log(1 + mu2 / 2 + Math.sqrt(mu2 + mu2 * mu2 / 4));
    int replicas = 4;
    int measurements = 5000;
    int separations = extent / 2 + 1;
    double[] slices = new double[measurements * replicas * separations];
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < measurements * replicas; i++) {
      double[] q = new double[extent];
      for (int k = 0; k < extent; k++) {
        double amplitude = 1 / Math.sqrt(extent * (4 * Math.pow(Math.sin(Math.PI * k / extent), 2) + mu2));
        double cos = amplitude * random.nextGaussian();
        double sin = amplitude * random.nextGaussian();
        for (int s = 0; s < extent; s++) {
          q[s] += cos * Math.cos(2 * Math.PI * k * s / extent) + sin * Math.sin(2 * Math.PI * k * s / extent);
        }
      }
      for (int t = 0; t < separations; t++) {
        for (int s = 0; s < extent; s++) {
          slices[i * separations + t] += q[s] * q[(s + t) % extent] / extent;
        }
      }
    }
    Correlator correlator = new Correlator(extent, replicas, slices);
    Estimate gamma = correlator.inverseCorrelationLength();
    assertThat(gamma.error()).isLessThan(0.02 * mass);
    assertThat(gamma.sigmas(mass)).isBetween(-4.0, 4.0);
    Estimate jackknife = correlator.inverseCorrelationLength(new Jackknife(200));
    assertThat(jackknife.mean()).isCloseTo(gamma.mean(), within(0.2 * gamma.error()));
    assertThat(jackknife.error())
        .isCloseTo(gamma.error(), within(4 * Math.hypot(gamma.errorOfError(), jackknife.errorOfError())));
    assertThat(correlator.effectiveMass()).allSatisfy(m -> assertThat(m.sigmas(mass)).isBetween(-4.0, 4.0));
    Estimate ratio = correlator.extentOverCorrelationLength();
    assertThat(ratio.sigmas(extent * mass)).isBetween(-4.0, 4.0);
    assertThat(ratio.error()).isBetween(0.5 * extent * gamma.error(), 2 * extent * gamma.error());
  }

  @Test
  void noiseMayLeaveNoMass() {
    Correlator correlator = new Correlator(4, 1, new double[] {1, 1.2, 1, 1, 1.2, 1});
    assertThat(correlator.effectiveMass().getFirst().mean()).isNaN();
    assertThat(correlator.inverseCorrelationLength().mean()).isNaN();
  }

  @Test
  void shapesAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Correlator(4, 2, new double[9]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Correlator(4, 1, new double[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Correlator(1, 1, new double[4]));
  }
}
