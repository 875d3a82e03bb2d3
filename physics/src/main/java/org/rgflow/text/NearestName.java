package org.rgflow.text;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the name that a user most likely meant, by the Levenshtein distance (the least number of
 * insertions, deletions and substitutions of single characters; Levenshtein 1966), upper and lower
 * case being equal.
 */
public final class NearestName {
  private NearestName() {}

  /**
   * The known name nearest to what was written, if it is near enough to be a slip: at most a third of
   * the longer name's characters (and at least 2) may differ, or one name begins with the other. Ties
   * go to the name that comes first.
   */
  public static Optional<String> of(String written, Collection<String> known) {
    String lower = written.toLowerCase(Locale.ROOT);
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      String candidate = name.toLowerCase(Locale.ROOT);
      int distance = distance(lower, candidate);
      boolean prefix = lower.length() >= 2 && (candidate.startsWith(lower) || lower.startsWith(candidate));
      int allowed = Math.max(2, Math.max(lower.length(), candidate.length()) / 3);
      if (distance < least && distance < candidate.length() && (prefix || distance <= allowed)) {
        least = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /**
   * The one line for a user who wrote an unknown name:
   * {@code unknown sampler 'hcm'; did you mean 'hmc'? (known: hmc, metropolis)}.
   *
   * @param kind what the name should have named, for instance {@code sampler}
   */
  public static String message(String kind, String written, Collection<String> known) {
    return "unknown " + kind + " '" + written + "'"
        + of(written, known).map(name -> "; did you mean '" + name + "'?").orElse("")
        + " (known: " + String.join(", ", known) + ")";
  }

  /** Levenshtein distance of two texts, case-sensitive. */
  public static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
