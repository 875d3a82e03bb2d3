package org.rgflow.lattice;

/** The three ways in which the literature writes the lattice φ⁴ action; see {@link Phi4Action}. */
public enum ActionConvention {
  /** S = Σ_x ½ Σ_μ (ϕ(x+μ)−ϕ)² + ½ m² ϕ² + (λ/4) ϕ⁴. */
  CANONICAL("canonical"),
  /** S = Σ_x Σ_μ (φ(x+μ)−φ)² + m² φ² + λ φ⁴ (Gerdes et al., 2207.00283; Albergo et al.); ϕ = √2 φ. */
  GERDES("gerdes"),
  /** S = Σ_x −2κ Σ_μ χχ(x+μ) + (1−2λ)χ² + λ χ⁴; φ_GERDES = √κ χ. */
  KAPPA_LAMBDA("kappa-lambda");

  private final String label;

  ActionConvention(String label) {
    this.label = label;
  }

  /** The name on the command line and in files. */
  public String label() {
    return label;
  }
}
