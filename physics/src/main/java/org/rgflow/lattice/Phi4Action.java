package org.rgflow.lattice;

import java.util.Locale;

/**
 * The lattice φ⁴ action in one of three conventions.
 *
 * <table>
 * <caption>Conventions</caption>
 * <tr><th>convention</th><th>S = Σ_x …</th><th>free covariance in mode p</th></tr>
 * <tr><td>CANONICAL</td><td>½ Σ_μ (ϕ(x+μ)−ϕ)² + ½ m² ϕ² + (λ/4) ϕ⁴</td><td>1/(p̂²+m²)</td></tr>
 * <tr><td>GERDES</td><td>Σ_μ (φ(x+μ)−φ)² + m² φ² + λ φ⁴</td><td>1/(2(p̂²+m²))</td></tr>
 * <tr><td>KAPPA_LAMBDA</td><td>−2κ Σ_μ χχ(x+μ) + (1−2λ')χ² + λ'χ⁴</td><td>1/(2κ(p̂²+m²))</td></tr>
 * </table>
 *
 * <p>All three are S = Σ_x [ −{@link #hopping h} Σ_μ φφ(x+μ) + {@link #quadratic u} φ² +
 * {@link #quartic g} φ⁴ ], the form that the kernels use. The conversions are exact: ϕ = √2 φ takes
 * GERDES to CANONICAL with the same m² and λ; φ_GERDES = √κ χ with m² = (1−2λ')/κ − 4 and
 * λ_GERDES = λ'/κ².
 *
 * @param convention how the two numbers are to be read
 * @param first m² (CANONICAL, GERDES) or κ (KAPPA_LAMBDA)
 * @param lambda λ ≥ 0; λ = 0 needs m² > 0
 */
public record Phi4Action(ActionConvention convention, double first, double lambda) {
  /** @throws IllegalArgumentException if the action is not finite or not bounded from below */
  public Phi4Action {
    String names = convention == ActionConvention.KAPPA_LAMBDA ? "kappa" : "mass2";
    if (!Double.isFinite(first) || !Double.isFinite(lambda)) {
      throw new IllegalArgumentException(names + " and lambda must be finite numbers");
    }
    if (lambda < 0) {
      throw new IllegalArgumentException("lambda = " + lambda + ": the action has no lower bound; lambda must be >= 0");
    }
    if (convention == ActionConvention.KAPPA_LAMBDA) {
      if (first <= 0) {
        throw new IllegalArgumentException("kappa = " + first + ": must be > 0");
      }
      if (lambda == 0 && first >= 0.25) {
        throw new IllegalArgumentException("kappa = " + first + " with lambda = 0: the free theory needs kappa < 1/4");
      }
    } else if (lambda == 0 && first <= 0) {
      throw new IllegalArgumentException("mass2 = " + first + " with lambda = 0: the free theory needs mass2 > 0");
    }
  }

  public static Phi4Action canonical(double mass2, double lambda) {
    return new Phi4Action(ActionConvention.CANONICAL, mass2, lambda);
  }

  public static Phi4Action gerdes(double mass2, double lambda) {
    return new Phi4Action(ActionConvention.GERDES, mass2, lambda);
  }

  public static Phi4Action kappaLambda(double kappa, double lambda) {
    return new Phi4Action(ActionConvention.KAPPA_LAMBDA, kappa, lambda);
  }

  /** m² of the CANONICAL and GERDES forms. */
  public double mass2() {
    return convention == ActionConvention.KAPPA_LAMBDA ? (1 - 2 * lambda) / first - 4 : first;
  }

  /** h in S = Σ_x [ −h Σ_μ φφ(x+μ) + u φ² + g φ⁴ ]. */
  public double hopping() {
    return switch (convention) {
      case CANONICAL -> 1;
      case GERDES -> 2;
      case KAPPA_LAMBDA -> 2 * first;
    };
  }

  /** u in S = Σ_x [ −h Σ_μ φφ(x+μ) + u φ² + g φ⁴ ]. */
  public double quadratic() {
    return switch (convention) {
      case CANONICAL -> 2 + 0.5 * first;
      case GERDES -> 4 + first;
      case KAPPA_LAMBDA -> 1 - 2 * lambda;
    };
  }

  /** g in S = Σ_x [ −h Σ_μ φφ(x+μ) + u φ² + g φ⁴ ]. */
  public double quartic() {
    return convention == ActionConvention.CANONICAL ? lambda / 4 : lambda;
  }

  /**
   * z in the free covariance z/(p̂²+m²) of this convention's field: 1, ½ or 1/(2κ), which is 1/h.
   * The field of this convention is √z times the canonical one.
   */
  public double covarianceFactor() {
    return 1 / hopping();
  }

  /** The same theory in another convention; fields convert with {@link #fieldFactor}. */
  public Phi4Action in(ActionConvention target) {
    if (target == convention) {
      return this;
    }
    double mass2 = mass2();
    double gerdesLambda = convention == ActionConvention.KAPPA_LAMBDA ? lambda / (first * first) : lambda;
    if (target != ActionConvention.KAPPA_LAMBDA) {
      return new Phi4Action(target, mass2, gerdesLambda);
    }
    // κ solves λ κ² · 2 + (m²+4) κ − 1 = 0 with λ' = λ κ²; the positive root, without cancellation.
    double b = mass2 + 4;
    double root = Math.sqrt(b * b + 8 * gerdesLambda);
    double kappa = b > 0 ? 2 / (b + root) : (root - b) / (4 * gerdesLambda);
    return kappaLambda(kappa, gerdesLambda * kappa * kappa);
  }

  /** The factor f with φ_target = f φ_this. */
  public double fieldFactor(ActionConvention target) {
    return Math.sqrt(hopping() / in(target).hopping());
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s, %s = %s, lambda = %s", convention.label(),
        convention == ActionConvention.KAPPA_LAMBDA ? "kappa" : "mass2", first, lambda);
  }
}
