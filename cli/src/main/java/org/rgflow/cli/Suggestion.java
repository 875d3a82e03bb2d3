package org.rgflow.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name nearest to a misspelt one. */
final class Suggestion {
  private Suggestion() {}

  /** {@code "; did you mean 'x'?"}, or nothing if no known name is near. */
  static String didYouMean(String given, Collection<String> known) {
    return nearest(given, known).map(name -> "; did you mean '" + name + "'?").orElse("");
  }

  /** The known name at the least edit distance, if that is at most 2 edits or a third of the name. */
  static Optional<String> nearest(String given, Collection<String> known) {
    return known.stream()
        .filter(name -> distance(given, name) <= Math.max(2, name.length() / 3) || name.startsWith(given))
        .min(Comparator.comparingInt(name -> distance(given, name)));
  }

  /** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + substitution);
        if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
