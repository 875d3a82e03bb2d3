package org.rgflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneModeFlowTest {
  private static final OneModeFlow DOUBLE_WELL = new OneModeFlow(1, new Interaction1D(-0.9, 0.25));

  @Test
  void goldenNumbersAtMinusPointSeven() {
    OneModeFlow.Density density = DOUBLE_WELL.at(Math.exp(-0.7));
    assertThat(density.variance()).isCloseTo(0.484561671180, within(6e-13));
    assertThat(density.propagatorInvariant()).isCloseTo(-0.0487582345662, within(6e-14));
    assertThat(density.fourthCumulantInvariant()).isCloseTo(-0.95358927657, within(6e-12));
  }

  @Test
  void goldenRelativeEntropiesAtMinusPointSix() {
    OneModeFlow.Density density = DOUBLE_WELL.at(Math.exp(-0.6));
    double c = density.covariance();
    assertThat(density.relativeEntropy(c)).isCloseTo(0.002929247686, within(6e-13));
    assertThat(density.relativeEntropy(c / 2)).isCloseTo(0.142976114164, within(6e-13));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.999, 0.9, 0.5, 0.1, 1e-3})
  void preservesInvariantsAndThePartitionFunction(double cutoff) {
    OneModeFlow.Density bare = DOUBLE_WELL.at(1);
    OneModeFlow.Density density = DOUBLE_WELL.at(cutoff);
    // Cancellation: the invariants lose the digits that K² and K⁴ take.
    assertThat(density.propagatorInvariant()).isCloseTo(bare.propagatorInvariant(), within(1e-13 / cutoff));
    assertThat(density.fourthCumulantInvariant()).isCloseTo(bare.fourthCumulantInvariant(), within(1e-13 / (cutoff * cutoff)));
    assertThat(density.logPartitionRatio()).isCloseTo(bare.logPartitionRatio(), within(1e-13));
    assertThat(density.moment(0)).isCloseTo(1, within(1e-14));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-2.5, -0.3, 0.0, 0.7, 1.9, 4.0})
  void obeysPolchinskiAndTweedie(double phi) {
    for (double k : new double[] {0.95, 0.5, 0.2}) {
      OneModeFlow.Density density = DOUBLE_WELL.at(k);
      double force = density.effectiveForce(phi);
      assertThat(DOUBLE_WELL.polchinskiResidual(phi, k)).isCloseTo(0, within(1e-11 * (1 + force * force)));
      double tweedie = phi - (1 - k) * density.effectiveForce(phi);
      assertThat(density.posteriorMean(phi)).isCloseTo(tweedie, within(1e-12));
      double score = -(phi - k * density.posteriorMean(phi)) / density.noiseVariance();
      assertThat(density.score(phi)).isCloseTo(score, within(1e-11));
      double h = 1e-3;
      double slope = (8 * (density.logDensity(phi + h) - density.logDensity(phi - h))
          - (density.logDensity(phi + 2 * h) - density.logDensity(phi - 2 * h))) / (12 * h);
      assertThat(slope).isCloseTo(density.score(phi), within(1e-9));
    }
  }

  /** Identity 13: ⟨O⟩ in P_t is ⟨E_ξ O(Kφ_0 + √n ξ)⟩ in P_0; for O = cos the inner average is e^(−n/2) cos Kφ_0. */
  @ParameterizedTest
  @ValueSource(doubles = {0.95, 0.5, 0.1})
  void averagesCanBeTakenOverTheBareDensity(double cutoff) {
    OneModeFlow.Density density = DOUBLE_WELL.at(cutoff);
    double bare = DOUBLE_WELL.at(1).expectation(phi -> Math.exp(-density.noiseVariance() / 2) * Math.cos(cutoff * phi));
    assertThat(density.expectation(Math::cos)).isCloseTo(bare, within(1e-13));
  }

  @Test
  void entropyProductionAndDissipation() {
    // In t with C_t = C₀e^(−t): B = C. dH/dt = ½ B F − B/C and d KL(P‖N(0,C))/dt = −½ B E|∂ log(P/γ)|².
    double t = 0.6;
    double h = 0.01;
    OneModeFlow.Density density = DOUBLE_WELL.at(Math.exp(-t));
    double c = density.covariance();
    double entropySlope = slope(h, s -> DOUBLE_WELL.at(Math.exp(-t - s)).entropy());
    assertThat(entropySlope).isCloseTo(0.5 * c * density.fisherInformation() - 1, within(1e-10));
    double klSlope = slope(h, s -> {
      OneModeFlow.Density at = DOUBLE_WELL.at(Math.exp(-t - s));
      return at.relativeEntropy(at.covariance());
    });
    assertThat(klSlope).isCloseTo(-0.5 * c * density.relativeFisherInformation(c), within(1e-10));
  }

  private static double slope(double h, DoubleUnaryOperator f) {
    double[] weights = {3.0 / 4, -3.0 / 20, 1.0 / 60};
    double sum = 0;
    for (int j = 1; j <= 3; j++) {
      sum += weights[j - 1] * (f.applyAsDouble(j * h) - f.applyAsDouble(-j * h));
    }
    return sum / h;
  }

  @Test
  void freeMassShiftInClosedForm() {
    // C₀ = 1/(p²+1) with p² = 0.5, S_int = (0.25−1)/2 φ²: G_t = C_t + K²(1/0.75 − 1/1.5).
    OneModeFlow flow = new OneModeFlow(1 / 1.5, new Interaction1D(-0.375, 0));
    OneModeFlow.Density density = flow.at(0.4);
    double variance = 0.4 / 1.5 + 0.16 * (1 / 0.75 - 1 / 1.5);
    assertThat(density.variance()).isCloseTo(variance, within(1e-14));
    assertThat(density.entropy()).isCloseTo(0.5 * Math.log(2 * Math.PI * Math.E * variance), within(1e-13));
    assertThat(density.fisherInformation()).isCloseTo(1 / variance, within(1e-12));
    assertThat(density.fourthCumulant()).isCloseTo(0, within(1e-14));
  }

  @Test
  void strongCouplingStaysNormalised() {
    OneModeFlow flow = new OneModeFlow(2, new Interaction1D(-40, 100));
    assertThat(flow.at(0.3).propagatorInvariant()).isCloseTo(flow.at(1).propagatorInvariant(), within(1e-11));
    assertThat(flow.at(0.3).logPartitionRatio()).isCloseTo(flow.at(1).logPartitionRatio(), within(1e-11));
  }

  @Test
  void namesImpossibleInput() {
    assertThatThrownBy(() -> new Interaction1D(1, -1)).hasMessageContaining("not negative");
    assertThatThrownBy(() -> new OneModeFlow(1, new Interaction1D(-0.5, 0))).hasMessageContaining("normalised");
    assertThatThrownBy(() -> new OneModeFlow(0, new Interaction1D(1, 1))).hasMessageContaining("positive");
    assertThatThrownBy(() -> DOUBLE_WELL.at(0)).hasMessageContaining("(0, 1]");
  }
}
