package org.rgflow.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

class TransferMatrixTest {
  @Test
  void gaussRuleIntegratesMomentsOfTheWeight() {
    // ∫ x² e^(−x⁴) / ∫ e^(−x⁴) = Γ(3/4)/Γ(1/4), ∫ e^(−x⁴) = 2Γ(5/4); ⟨x⁴⟩ = 1/4 by partial integration.
    double[][] rule = TransferMatrix.gaussRule(0, 1, 12);
    double mass = 0;
    double second = 0;
    double fourth = 0;
    for (int i = 0; i < 12; i++) {
      double x2 = rule[0][i] * rule[0][i];
      mass += rule[1][i];
      second += rule[1][i] * x2;
      fourth += rule[1][i] * x2 * x2;
    }
    assertThat(mass).isCloseTo(1.8128049541109541, within(1e-13));
    assertThat(second / mass).isCloseTo(0.33798912003364237, within(1e-13));
    assertThat(fourth / mass).isCloseTo(0.25, within(1e-13));
  }

  @Test
  void twoByTwoAgreesWithDirectIntegration() {
    Phi4Action action = Phi4Action.gerdes(-1, 3);
    TransferMatrix.Result result = TransferMatrix.solve(Lattice.square(2), action, 20);
    // Midpoint sums over the four fields; spectrally accurate because the integrand has decayed.
    int n = 36;
    double step = 0.105;
    double z = 0;
    double m2 = 0;
    double phi2 = 0;
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < n; b++) {
        for (int c = 0; c < n; c++) {
          for (int d = 0; d < n; d++) {
            double[] phi = {(a - 17.5) * step, (b - 17.5) * step, (c - 17.5) * step, (d - 17.5) * step};
            double s = 0;
            for (double x : phi) {
              s += 3 * x * x + 3 * x * x * x * x; // u = 4 + m², g = λ
            }
            s -= 2 * 2 * (phi[0] * phi[1] + phi[2] * phi[3] + phi[0] * phi[2] + phi[1] * phi[3]);
            double w = Math.exp(-s);
            double m = (phi[0] + phi[1] + phi[2] + phi[3]) / 4;
            z += w;
            m2 += w * m * m;
            phi2 += w * phi[0] * phi[0];
          }
        }
      }
    }
    assertThat(result.logZ()).isCloseTo(Math.log(z * Math.pow(step, 4)), within(1e-10));
    assertThat(result.susceptibility()).isCloseTo(4 * m2 / z, within(1e-10));
    assertThat(result.phi2()).isCloseTo(phi2 / z, within(1e-10));
  }

  @Test
  void rectangularLatticesAreTheSameWithAxesExchanged() {
    Phi4Action action = Phi4Action.canonical(-1.5, 2);
    TransferMatrix.Result tall = TransferMatrix.solve(new Lattice(2, 3), action, 22);
    TransferMatrix.Result wide = TransferMatrix.solve(new Lattice(3, 2), action, 22);
    assertThat(tall.logZ()).isCloseTo(wide.logZ(), within(1e-11));
    assertThat(tall.binder()).isCloseTo(wide.binder(), within(1e-11));
    assertThat(tall.phi4()).isCloseTo(wide.phi4(), within(1e-11));
  }

  @Test
  void wideColumnsAreRefused() {
    assertThatThrownBy(() -> TransferMatrix.solve(Lattice.square(4), Phi4Action.gerdes(-4, 5), 10))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("L_y = 2 and 3");
  }
}
