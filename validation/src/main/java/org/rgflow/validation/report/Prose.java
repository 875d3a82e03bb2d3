package org.rgflow.validation.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plain text for a page: scripts become raised and lowered, and numbers of the arXiv become links. */
final class Prose {
  /**
   * A letter's foot, {@code C_t}, {@code S_int,t}, {@code ∂_μ}, {@code E_P}, or an exponent, {@code e^(−p̂²)}, {@code
   * A^½}. Names of files and the like, with several letters before the underscore, stay as they are.
   */
  private static final Pattern SCRIPT = Pattern.compile(
      "(?<=[∂∇ΣΠ∏∑∫⟩}]|(?<![\\p{L}_])[\\p{L}]|\\bKL)"
          + "_(int(?:,[a-z0-9])?|eff|min|[a-z]{1,2}|[0-9]{1,2}|[A-ZΛ∞α-ω]|\\{[^{}]{1,12}\\})(?![A-Za-z0-9_])"
          + "|(?<=[∂∇ΣΠ])_([a-zα-ω])|\\^(?:\\(((?:[^()]|\\([^()]*\\)){1,24})\\)|(½))");
  private static final Pattern ARXIV = Pattern.compile(
      "(?<![\\p{N}.])((?:0[7-9]|[1-9]\\d)(?:0[1-9]|1[0-2])\\.\\d{4,5}|hep-lat/\\d{7})(?![\\p{N}])");

  private Prose() {}

  /** A claim or statement. */
  static void write(String text, Markup out) {
    Matcher matcher = SCRIPT.matcher(text);
    int from = 0;
    while (matcher.find()) {
      out.text(text.substring(from, matcher.start()));
      String foot = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      if (foot != null) {
        out.element("sub", foot.replaceAll("[{}]", ""));
      } else {
        out.element("sup", matcher.group(3) != null ? matcher.group(3) : matcher.group(4));
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
