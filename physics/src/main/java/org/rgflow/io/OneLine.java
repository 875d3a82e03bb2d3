package org.rgflow.io;

/** Messages may quote what stands in a file: they are kept to one printable line. */
public final class OneLine {
  private static final int MAX_LENGTH = 400;

  private OneLine() {}

  /** The message with everything that is not printable replaced, at most 400 characters. */
  public static String of(String message) {
    if (message == null) {
      return "damaged";
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < Math.min(message.length(), MAX_LENGTH); i++) {
      char c = message.charAt(i);
      int type = Character.getType(c);
      boolean unprintable = type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR || type == Character.SURROGATE;
      line.append(unprintable ? '?' : c);
    }
    return line.append(message.length() > MAX_LENGTH ? "…" : "").toString();
  }
}
