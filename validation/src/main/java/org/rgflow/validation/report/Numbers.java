package org.rgflow.validation.report;

import java.util.Locale;

/** Numbers for readers. */
final class Numbers {
  private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  private Numbers() {}

  /** As many decimals as show two digits of the uncertainty, or 12 digits if there is none. */
  static String value(double x, double uncertainty) {
    if (!Double.isFinite(x)) {
      return "–";
    }
    if (x == 0) {
      return "0";
    }
    if (!(uncertainty > 0)) {
      return digits(x, 12);
    }
    int decimals = (int) (1 - Math.floor(Math.log10(uncertainty)));
    if (decimals > 9 || decimals < -2) {
      return digits(x, (int) Math.clamp(2 + Math.floor(Math.log10(Math.abs(x) / uncertainty)), 2, 12));
    }
    return minus(String.format(Locale.ROOT, "%." + Math.max(0, decimals) + "f", x));
  }

  /** Digits down to a hundredth of what is tolerated, or 12 if nothing is. */
  static String tolerated(double x, double tolerance) {
    return tolerance > 0 && Double.isFinite(x) && x != 0
        ? digits(x, (int) Math.clamp(3 + Math.floor(Math.log10(Math.abs(x) / tolerance)), 2, 12)) : value(x, 0);
  }

  /** Two significant digits. */
  static String rough(double x) {
    return Double.isFinite(x) ? digits(x, 2) : "–";
  }

  /** So many significant digits, zeros at the end left out; with a power of ten where that is shorter. */
  static String digits(double x, int significant) {
    if (x == 0) {
      return "0";
    }
    String[] parts = String.format(Locale.ROOT, "%." + (significant - 1) + "e", x).split("e");
    int exponent = Integer.parseInt(parts[1]);
    if (exponent >= -3 && exponent < Math.max(significant, 4)) {
      return minus(trimmed(String.format(Locale.ROOT, "%." + Math.max(0, significant - 1 - exponent) + "f", x)));
    }
    StringBuilder text = new StringBuilder(minus(trimmed(parts[0]))).append("\u00A0×\u00A010");
    for (char c : Integer.toString(exponent).toCharArray()) {
      text.append(c == '-' ? '⁻' : SUPERSCRIPTS.charAt(c - '0'));
    }
    return text.toString();
  }

  private static String trimmed(String text) {
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  private static String minus(String text) {
    return text.replace('-', '−');
  }
}
