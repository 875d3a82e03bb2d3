package org.rgflow.validation.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes HTML that is also XML. Text and attribute values are always escaped, elements are always closed, and an id
 * is given once.
 */
final class Markup {
  /** Elements that HTML does not close, so that they must be empty. */
  private static final Set<String> VOID = Set.of("meta", "img", "br", "hr", "col");

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();
  private final Set<String> ids = new HashSet<>();

  /** Opens an element; attributes are names and values in turn. */
  Markup open(String element, String... attributes) {
    tag(element, attributes);
    out.append('>');
    open.push(element);
    return this;
  }

  /** Closes the element opened last. */
  Markup close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** A line break in the source, for those who read it. */
  Markup line() {
    out.append('\n');
    return this;
  }

  /** An element that holds text. */
  Markup element(String element, String text, String... attributes) {
    return open(element, attributes).text(text).close();
  }

  /** An element without contents. */
  Markup empty(String element, String... attributes) {
    tag(element, attributes);
    if (VOID.contains(element) || isSvgShape(element)) {
      out.append("/>");
    } else {
      out.append("></").append(element).append('>');
    }
    return this;
  }

  private static boolean isSvgShape(String element) {
    return Set.of("path", "rect", "line", "circle").contains(element);
  }

  /** Text. */
  Markup text(String text) {
    escape(text, out);
    return this;
  }

  /** A style sheet, which must not contain {@code <} or {@code &}. */
  Markup style(String css) {
    if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
      throw new IllegalArgumentException("a style sheet with < or & is not both HTML and XML");
    }
    out.append("<style>\n").append(css).append("</style>\n");
    return this;
  }

  /** What another Markup wrote. */
  Markup append(Markup other) {
    if (!other.open.isEmpty()) {
      throw new IllegalStateException("<" + other.open.peek() + "> is still open");
    }
    for (String id : other.ids) {
      if (!ids.add(id)) {
        throw new IllegalStateException("the id '" + id + "' was given twice");
      }
    }
    out.append(other.out);
    return this;
  }

  /** An id that no element has yet: the text's letters and digits, and a number if need be. */
  String newId(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9.-]+", "-");
    String id = plain.matches("[A-Za-z].*") ? plain : "x-" + plain;
    String free = id;
    for (int i = 2; !ids.add(free); i++) {
      free = id + "-" + i;
    }
    return free;
  }

  private void tag(String element, String... attributes) {
    out.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1], out);
      out.append('"');
    }
  }

  /** Escapes what has a meaning, and replaces what XML 1.0 does not allow. */
  private static void escape(String text, StringBuilder out) {
    text.codePoints().forEach(c -> {
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
      }
    });
  }

  private static boolean isAllowed(int c) {
    return c == '\t' || c == '\n' || c >= 0x20 && c < 0x7F || c >= 0xA0 && c < 0xD800 || c >= 0xE000 && c < 0xFFFE
        || c >= 0x10000;
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("<" + open.peek() + "> is still open");
    }
    return out.toString();
  }
}
