package org.rgflow.flow;

import java.util.List;
import java.util.Locale;
import org.rgflow.device.Launch;
import org.rgflow.lattice.FieldLayout;
import org.rgflow.launch.CubicForce;
import org.rgflow.text.NearestName;

/**
 * The seed action of a Wegner–Morris flow, Ŝ_Λ[φ] = ½ φ C_Λ⁻¹ φ + V[φ]: the flow supplies the Gaussian
 * part, an implementation the force of V, which is any functional of the field. (A Ŝ with another
 * quadratic part has the difference in its V.)
 */
public interface SeedAction {
  /** Ŝ = ½ φ C_Λ⁻¹ φ: Polchinski's flow. */
  SeedAction FREE = new SeedAction() {
    @Override
    public String label() {
      return "free";
    }

    @Override
    public boolean interacting() {
      return false;
    }

    @Override
    public List<Launch> force(FieldLayout layout, double factor, float[] field, float[] force) {
      throw new IllegalStateException("the free seed action has no interaction");
    }
  };

  /** The name and parameters as accepted by {@link #parse}. */
  String label();

  /** Whether there is a V at all. */
  boolean interacting();

  /**
   * Launches that write ∂V/∂φ(x) of every replica.
   *
   * @param factor z of the fields' convention ({@link org.rgflow.lattice.Phi4Action#covarianceFactor}):
   *     the field is √z times the canonical one
   * @param field fields, in {@code layout}; not to be changed
   * @param force where the result goes, in {@code layout}
   */
  List<Launch> force(FieldLayout layout, double factor, float[] field, float[] force);

  /**
   * V = (g/4) Σ_x ϕ⁴ of the canonical field ϕ = φ/√z, whatever the convention of the fields: in their
   * own terms V = g/(4z²) Σ φ⁴, so (g/4) Σ ϕ⁴ (CANONICAL), g Σ φ⁴ (GERDES), g κ² Σ χ⁴ (KAPPA_LAMBDA).
   * Taking g = λ of a GERDES or CANONICAL action makes it the action's own interaction.
   *
   * @param coupling g ≥ 0
   */
  record Quartic(double coupling) implements SeedAction {
    /** @throws IllegalArgumentException if g is negative or not finite */
    public Quartic {
      if (!(coupling >= 0) || Double.isInfinite(coupling)) {
        throw new IllegalArgumentException("quartic seed action: the coupling must be >= 0, not " + coupling);
      }
    }

    @Override
    public String label() {
      return "quartic:" + coupling;
    }

    @Override
    public boolean interacting() {
      return coupling > 0;
    }

    @Override
    public List<Launch> force(FieldLayout layout, double factor, float[] field, float[] force) {
      int width = layout.lattice().lx() * layout.lanes();
      return List.of(new CubicForce(field, force, (float) (coupling / (factor * factor)), width, layout.blocks()));
    }
  }

  /**
   * Reads {@code free}, {@code quartic} (g = 1) or {@code quartic:0.5}.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  static SeedAction parse(String text) {
    String[] parts = text.trim().toLowerCase(Locale.ROOT).split(":", 2);
    switch (parts[0]) {
      case "free" -> {
        if (parts.length == 2) {
          throw new IllegalArgumentException("the free seed action takes no parameter, but '" + text + "' gives one");
        }
        return FREE;
      }
      case "quartic" -> {
        try {
          return new Quartic(parts.length == 2 ? Double.parseDouble(parts[1]) : 1);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("seed action '" + text + "': '" + parts[1] + "' is not a number");
        }
      }
      default -> throw new IllegalArgumentException(
          NearestName.message("seed action", parts[0], List.of("free", "quartic"))
          + " (quartic:0.5 sets its coupling)");
    }
  }
}
