package org.rgflow.validation.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plain text for a page: scripts become raised and lowered, and numbers of the arXiv become links. */
final class Prose {
  /** A letter's foot, {@code C_t}, {@code S_int,t}, {@code ∂_t}, or an exponent in parentheses, {@code e^(−p̂²)}. */
  private static final Pattern SCRIPT = Pattern.compile(
      "(?<=[∂∇ΣΠ∏∑∫Ŝ⟩}]|(?<![\\p{L}\\p{N}_./-])[\\p{L}])_(int(?:,[\\p{L}\\p{N}])?|eff|min|kin|\\{[^{}]{1,12}\\}|[\\p{L}\\p{N}∞])"
      + "(?![\\p{L}\\p{N}_]{3})|\\^\\(([^()]{1,24})\\)");
  private static final Pattern ARXIV = Pattern.compile("(?<![\\p{N}.])(\\d{4}\\.\\d{5}|hep-lat/\\d{7})(?![\\p{N}])");

  private Prose() {}

  /** A claim or statement. */
  static void write(String text, Markup out) {
    Matcher matcher = SCRIPT.matcher(text);
    int from = 0;
    while (matcher.find()) {
      out.text(text.substring(from, matcher.start()));
      if (matcher.group(1) != null) {
        out.element("sub", matcher.group(1).replaceAll("[{}]", ""));
      } else {
        out.element("sup", matcher.group(2));
      }
      from = matcher.end();
    }
    out.text(text.substring(from));
  }

  /** A source: numbers of the arXiv lead there. */
  static void writeSource(String text, Markup out) {
    Matcher matcher = ARXIV.matcher(text);
    int from = 0;
    while (matcher.find()) {
      write(text.substring(from, matcher.start()), out);
      out.element("a", "arXiv:" + matcher.group(1), "href", "https://arxiv.org/abs/" + matcher.group(1));
      from = matcher.end();
    }
    write(text.substring(from), out);
  }
}
