package org.rgflow.validation;

import java.util.ArrayList;
import java.util.List;
import org.rgflow.lattice.ActionConvention;
import org.rgflow.lattice.Lattice;
import org.rgflow.lattice.Phi4Action;

/** The golden numbers of the 2×2 and 3×3 lattices against an independent evaluation by transfer matrix. */
final class ExactLatticeChecks {
  static final Phi4Action ACTION_3X3 = Phi4Action.gerdes(-4, 6.975);
  static final TransferMatrix.Result GOLDEN_3X3 =
      new TransferMatrix.Result(1.969824275121, 0.1761579088021, 0.0603500320932, 0.7828724116703, 0.3497759421538);
  static final Phi4Action ACTION_2X2 = Phi4Action.gerdes(-4, 8);
  static final double LOG_Z_2X2 = 0.914433978425;

  private ExactLatticeChecks() {}

  static void addTo(Suite suite, Effort effort) {
    suite.topic(new Topic("exact", "Exact sums of small lattices",
        "Partition function and expectation values of 2×2 and 3×3 sites by quadrature of the transfer matrix, against "
            + "an independent evaluation; and the conversion between the conventions of the action.",
        List.of("S = \\sum_x\\left[\\sum_\\mu(\\varphi_{x+\\mu} - \\varphi_x)^2 + m^2\\varphi_x^2 + "
            + "\\lambda\\varphi_x^4\\right]"),
        "exact, evaluated independently"));
    suite.add("golden-2x2", ExactLatticeChecks::twoByTwo);
    suite.add("golden-3x3", () -> threeByThree(effort == Effort.QUICK ? 16 : 22));
  }

  private static List<Check> twoByTwo() {
    TransferMatrix.Result exact = TransferMatrix.solve(Lattice.square(2), ACTION_2X2, 26);
    String setting = ", GERDES, 2x2 (double links), m² = −4, λ = 8";
    String reference = "exact, by four-dimensional integration";
    return List.of(
        Check.absolute("golden.2x2.log-z", "ln Z" + setting, reference, LOG_Z_2X2, exact.logZ(), 1e-11),
        Check.absolute("golden.2x2.phi2", "⟨φ²⟩" + setting, reference, 0.17143442324, exact.phi2(), 1e-11),
        Check.absolute("golden.2x2.phi4", "⟨φ⁴⟩" + setting, reference, 0.0561695838959, exact.phi4(), 1e-12),
        Check.absolute("golden.2x2.susceptibility", "χ = V⟨m²⟩" + setting, reference, 0.450481641481,
            exact.susceptibility(),
            1e-11));
  }

  private static List<Check> threeByThree(int points) {
    TransferMatrix.Result exact = TransferMatrix.solve(Lattice.square(3), ACTION_3X3, points);
    String setting = ", GERDES, 3x3, m² = −4, λ = 6.975, transfer matrix with " + points + " points per site";
    String reference = "exact, by transfer matrix, evaluated independently";
    List<Check> checks = new ArrayList<>(List.of(
        Check.absolute("golden.3x3.log-z", "ln Z" + setting, reference, GOLDEN_3X3.logZ(), exact.logZ(), 1e-11),
        Check.absolute("golden.3x3.phi2", "⟨φ²⟩" + setting, reference, GOLDEN_3X3.phi2(), exact.phi2(), 1e-12),
        Check.absolute("golden.3x3.phi4", "⟨φ⁴⟩" + setting, reference, GOLDEN_3X3.phi4(), exact.phi4(), 1e-12),
        Check.absolute("golden.3x3.susceptibility", "χ = V⟨m²⟩" + setting, reference, GOLDEN_3X3.susceptibility(),
            exact.susceptibility(), 1e-12),
        Check.absolute("golden.3x3.binder", "U4 = 1 − ⟨m⁴⟩/(3⟨m²⟩²)" + setting, reference, GOLDEN_3X3.binder(),
            exact.binder(),
            1e-12)));
    for (ActionConvention convention : List.of(ActionConvention.CANONICAL, ActionConvention.KAPPA_LAMBDA)) {
      TransferMatrix.Result other = TransferMatrix.solve(Lattice.square(2), ACTION_2X2.in(convention), 26);
      double factor = ACTION_2X2.fieldFactor(convention);
      checks.add(Check.absolute("conventions." + convention.label() + ".phi2",
          "⟨φ²⟩ of the 2x2 lattice computed in the " + convention.label() + " convention and converted back to GERDES",
          "ϕ = √2 φ and φ = √κ χ are exact", 0.17143442324, other.phi2() / (factor * factor), 1e-11));
    }
    return checks;
  }
}
