package org.rgflow.validation;

import com.google.gson.JsonObject;
import java.util.Locale;
import org.rgflow.io.Json;

/**
 * One statement, measured against its reference.
 *
 * @param id short name, unique in its suite, such as {@code chapman-kolmogorov.exponential}
 * @param statement what is claimed, with the parameters (and the seed) it was measured at
 * @param reference where the claim comes from: paper and equation, or the reference computation
 * @param expected the value that must come out
 * @param measured the value that came out; NaN if there is none
 * @param uncertainty standard error of measured − expected; 0 where nothing is random
 * @param tolerance largest |measured − expected| that passes: 4 standard errors for Monte Carlo
 * @param verdict the conclusion
 */
public record Check(
    String id, String statement, String reference, double expected, double measured, double uncertainty,
    double tolerance, Verdict verdict) {
  /** Monte Carlo results must agree within this many standard errors; by chance one in 16,000 does not. */
  public static final double SIGMAS = 4;

  /**
   * The smallest effect must be at least this many standard errors, so that it moves a result that was
   * two standard errors off in the other direction past {@link #SIGMAS}.
   */
  public static final double POWER = 6;

  /** A closed-form or quadrature result: passes if |measured − expected| ≤ tolerance. */
  public static Check absolute(
      String id, String statement, String reference, double expected, double measured, double tolerance) {
    boolean pass = Math.abs(measured - expected) <= tolerance;
    return new Check(id, statement, reference, expected, measured, 0, tolerance, pass ? Verdict.PASS : Verdict.FAIL);
  }

  /** As {@link #absolute}, the tolerance being relative to |expected|. */
  public static Check relative(
      String id, String statement, String reference, double expected, double measured, double tolerance) {
    return absolute(id, statement, reference, expected, measured, tolerance * Math.abs(expected));
  }

  /**
   * A Monte Carlo result that an error of a factor 2 would at least halve: passes if
   * |measured − expected| ≤ 4σ and σ ≤ |expected|/12.
   */
  public static Check monteCarlo(
      String id, String statement, String reference, double expected, double measured, double sigma) {
    return monteCarlo(id, statement, reference, expected, measured, sigma, 0.5 * Math.abs(expected));
  }

  /**
   * A Monte Carlo result.
   *
   * @param sigma standard error of measured − expected
   * @param effect how far a factor of 2 in the quantity under test (half or double the noise, the
   *     coupling, …) would move the measured value, at least
   */
  public static Check monteCarlo(
      String id, String statement, String reference, double expected, double measured, double sigma, double effect) {
    Verdict verdict;
    if (!(sigma > 0) || !(Math.abs(measured - expected) <= SIGMAS * sigma)) {
      verdict = Verdict.FAIL;
    } else {
      verdict = effect >= POWER * sigma ? Verdict.PASS : Verdict.INCONCLUSIVE;
    }
    String power = String.format(Locale.ROOT, "; a factor 2 would be %.3g standard errors", effect / sigma);
    return new Check(id, statement + power, reference, expected, measured, sigma, SIGMAS * sigma, verdict);
  }

  /** The outcome of a check that could not be carried out. */
  public static Check failure(String id, String message) {
    return new Check(id, message, "", Double.NaN, Double.NaN, Double.NaN, Double.NaN, Verdict.FAIL);
  }

  public boolean passed() {
    return verdict == Verdict.PASS;
  }

  /** The components under their names; numbers that are not finite become null. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("id", id);
    json.addProperty("statement", statement);
    json.addProperty("reference", reference);
    json.add("expected", Json.number(expected));
    json.add("measured", Json.number(measured));
    json.add("uncertainty", Json.number(uncertainty));
    json.add("tolerance", Json.number(tolerance));
    json.addProperty("verdict", verdict.name());
    return json;
  }
}
