package org.rgflow.validation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Formulas written in a part of TeX, as MathML, which browsers show without any script or font.
 *
 * <p>Understood are letters, numbers and signs, in Unicode too (φ, ½, ∂, ⟨); {@code ^}, {@code _} and primes; {@code
 * \frac{a}{b}}, {@code \sqrt{a}}, {@code \hat{a}}, {@code \bar{a}}, {@code \tilde{a}}, {@code \dot{a}}; {@code
 * \left( … \right)} with any bracket, which grow with what they hold; {@code \mathrm{KL}}, {@code \text{…}}, {@code
 * \mathcal{S}}; the spaces {@code \,} {@code \;} {@code \quad}; and the symbols and functions of {@link #SYMBOLS}
 * and {@link #FUNCTIONS}.
 */
final class MathFormula {
  /** Commands that stand for one sign. */
  static final Map<String, String> SYMBOLS = Map.ofEntries(
      Map.entry("alpha", "α"), Map.entry("beta", "β"), Map.entry("gamma", "γ"), Map.entry("delta", "δ"),
      Map.entry("epsilon", "ε"), Map.entry("varepsilon", "ε"), Map.entry("zeta", "ζ"), Map.entry("eta", "η"),
      Map.entry("theta", "θ"), Map.entry("kappa", "κ"), Map.entry("lambda", "λ"), Map.entry("mu", "μ"),
      Map.entry("nu", "ν"), Map.entry("xi", "ξ"), Map.entry("pi", "π"), Map.entry("rho", "ρ"), Map.entry("sigma", "σ"),
      Map.entry("tau", "τ"), Map.entry("phi", "φ"), Map.entry("varphi", "φ"), Map.entry("chi", "χ"),
      Map.entry("psi", "ψ"), Map.entry("omega", "ω"), Map.entry("Gamma", "Γ"), Map.entry("Delta", "Δ"),
      Map.entry("Theta", "Θ"), Map.entry("Lambda", "Λ"), Map.entry("Pi", "Π"), Map.entry("Sigma", "Σ"),
      Map.entry("Phi", "Φ"), Map.entry("Psi", "Ψ"), Map.entry("Omega", "Ω"), Map.entry("partial", "∂"),
      Map.entry("nabla", "∇"), Map.entry("infty", "∞"), Map.entry("ell", "ℓ"), Map.entry("sum", "∑"),
      Map.entry("prod", "∏"), Map.entry("int", "∫"), Map.entry("le", "≤"), Map.entry("ge", "≥"), Map.entry("ne", "≠"),
      Map.entry("ll", "≪"), Map.entry("gg", "≫"), Map.entry("approx", "≈"), Map.entry("equiv", "≡"),
      Map.entry("propto", "∝"), Map.entry("sim", "∼"), Map.entry("cdot", "·"), Map.entry("times", "×"),
      Map.entry("pm", "±"), Map.entry("to", "→"), Map.entry("mapsto", "↦"), Map.entry("leftarrow", "←"),
      Map.entry("Rightarrow", "⇒"), Map.entry("in", "∈"), Map.entry("odot", "⊙"), Map.entry("otimes", "⊗"),
      Map.entry("ast", "∗"), Map.entry("circ", "∘"), Map.entry("mid", "|"), Map.entry("|", "‖"),
      Map.entry("langle", "⟨"), Map.entry("rangle", "⟩"), Map.entry("dots", "…"), Map.entry("cdots", "⋯"),
          Map.entry("{", "{"),
      Map.entry("}", "}"));

  /** Commands that stand for their own name, upright. */
  static final Set<String> FUNCTIONS = Set.of("ln", "log", "exp", "sin", "cos", "tanh", "artanh", "arcosh", "det", "tr",
      "min", "max", "inf", "sup", "lim", "sign");

  /** Signs whose limits stand above and below them. */
  private static final Set<String> LIMITS = Set.of("∑", "∏", "min", "max", "inf", "sup", "lim");

  private static final Map<String, String> ACCENTS =
      Map.of("hat", "^", "bar", "¯", "tilde", "~", "dot", "˙", "ddot", "¨");
  private static final Map<String, String> SPACES =
      Map.of(",", "0.17em", ";", "0.28em", " ", "0.28em", "quad", "1em", "qquad", "2em");

  /** An element of MathML: a leaf with text, or children. */
  private record Node(String name, String text, List<Node> children, String... attributes) {
    static Node leaf(String name, String text, String... attributes) {
      return new Node(name, text, List.of(), attributes);
    }

    static Node of(String name, Node... children) {
      return new Node(name, "", List.of(children));
    }

    static Node row(List<Node> children) {
      return children.size() == 1 ? children.getFirst() : new Node("mrow", "", children);
    }

    void write(Markup out) {
      out.open(name, attributes).text(text);
      children.forEach(c -> c.write(out));
      out.close();
    }
  }

  private static final Node THIN_SPACE = Node.leaf("mspace", "", "width", "0.17em");

  private final String tex;
  private int at;

  private MathFormula(String tex) {
    this.tex = tex;
  }

  /**
   * Writes a formula as a block of its own, in pieces that may stand below each other where there is little room: it is
   * broken at {@code \quad}.
   *
   * @throws IllegalArgumentException if something is not understood, with its place
   */
  static void write(String tex, Markup out) {
    out.open("div", "class", "formula", "tabindex", "0");
    pieces(tex).forEach(p -> writePiece(p, out));
    out.close().line();
  }

  /** Splits at \quad, except inside braces and between \left and \right. */
  private static List<String> pieces(String tex) {
    List<String> pieces = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < tex.length(); i++) {
      if (tex.startsWith("\\{", i) || tex.startsWith("\\}", i)) {
        i++; // a sign, not a group
      } else if (tex.charAt(i) == '{' || tex.startsWith("\\left", i) && !tex.startsWith("\\leftarrow", i)) {
        depth++;
      } else if (tex.charAt(i) == '}' || tex.startsWith("\\right", i)) {
        depth--;
      } else if (depth == 0 && tex.startsWith("\\quad", i)) {
        pieces.add(tex.substring(from, i).strip());
        from = i + "\\quad".length();
      }
    }
    pieces.add(tex.substring(from).strip());
    return pieces.stream().filter(p -> !p.isEmpty()).toList();
  }

  /** One piece; its TeX goes with it, for those who copy it. */
  private static void writePiece(String tex, Markup out) {
    MathFormula formula = new MathFormula(tex);
    List<Node> row = formula.row();
    if (formula.at < tex.length()) {
      throw formula.error("there is nothing to close");
    }
    out.open("math", "xmlns", "http://www.w3.org/1998/Math/MathML", "display", "block").open("semantics");
    new Node("mrow", "", row).write(out);
    out.element("annotation", tex, "encoding", "application/x-tex").close().close();
  }

  private IllegalArgumentException error(String message) {
    return new IllegalArgumentException("formula '" + tex + "', place " + at + ": " + message);
  }

  /** Everything up to a closing brace, {@code \right}, or the end. */
  private List<Node> row() {
    List<Node> nodes = new ArrayList<>();
    skipSpace();
    boolean afterOperand = false;
    while (at < tex.length() && tex.charAt(at) != '}' && !tex.startsWith("\\right", at)) {
      Node node = scripted();
      boolean function = FUNCTIONS.contains(node.text) || !node.children.isEmpty()
          && FUNCTIONS.contains(node.children.getFirst().text);
      if (function && afterOperand) {
        nodes.add(THIN_SPACE);
      }
      nodes.add(node);
      skipSpace();
      if (function && at < tex.length() && "([{}".indexOf(tex.charAt(at)) < 0 && !tex.startsWith("\\left", at)) {
        nodes.add(THIN_SPACE);
      }
      afterOperand = !node.name.equals("mo") && !node.name.equals("mspace") && !function;
    }
    return nodes;
  }

  private void skipSpace() {
    while (at < tex.length() && Character.isWhitespace(tex.charAt(at))) {
      at++;
    }
  }

  /** An atom with what stands at its foot and head. */
  private Node scripted() {
    Node base = atom();
    Node foot = null;
    Node head = null;
    int primes = 0;
    while (at < tex.length()) {
      char c = tex.charAt(at);
      if (c == '\'') {
        at++;
        primes++;
      } else if (c == '_' && foot == null) {
        at++;
        foot = argument();
      } else if (c == '^' && head == null) {
        at++;
        head = argument();
      } else {
        break;
      }
    }
    boolean limits = LIMITS.contains(base.text);
    // Without a font for mathematics a prime in the superscript is too high: it is raised by itself.
    Node letter = primes == 0 ? base
        : Node.of("mrow", base, Node.leaf("mo", "′".repeat(primes), "lspace", "0", "rspace", "0"));
    if (head == null) {
      return foot == null ? letter : Node.of(limits ? "munder" : "msub", letter, foot);
    }
    return foot == null ? Node.of(limits ? "mover" : "msup", letter, head)
        : Node.of(limits ? "munderover" : "msubsup", letter, foot, head);
  }

  /** A group in braces, or one atom. */
  private Node argument() {
    skipSpace();
    if (at >= tex.length()) {
      throw error("something is missing at the end");
    }
    if (tex.charAt(at) == '}') {
      throw error("something is missing before the brace");
    }
    return atom();
  }

  private Node group() {
    at++;
    List<Node> nodes = row();
    if (at >= tex.length() || tex.charAt(at) != '}') {
      throw error("a brace is not closed");
    }
    at++;
    return Node.row(nodes);
  }

  private Node atom() {
    int c = tex.codePointAt(at);
    if (c == '{') {
      return group();
    }
    if (c == '\\') {
      return command();
    }
    if (c == '^' || c == '_') {
      throw error("there is nothing to put a script to");
    }
    if (Character.isDigit(c)) {
      int from = at;
      while (at < tex.length() && (Character.isDigit(tex.charAt(at))
          || tex.charAt(at) == '.' && at + 1 < tex.length() && Character.isDigit(tex.charAt(at + 1)))) {
        at++;
      }
      return Node.leaf("mn", tex.substring(from, at));
    }
    at += Character.charCount(c);
    return sign(Character.toString(c));
  }

  private static Node sign(String sign) {
    int c = sign.codePointAt(0);
    if (Character.isLetter(c) || c == '∞' || c == '∂' || c == '∇') {
      return Node.leaf("mi", sign);
    }
    if ("½¼¾".contains(sign)) {
      return Node.leaf("mn", sign);
    }
    return switch (sign) {
      case "-" -> Node.leaf("mo", "−");
      case "(", ")", "[", "]", "⟨", "⟩", "{", "}" -> Node.leaf("mo", sign, "stretchy", "false");
      case "‖", "|" -> Node.leaf("mo", sign, "stretchy", "false", "lspace", "0.1em", "rspace", "0.1em");
      default -> Node.leaf("mo", sign);
    };
  }

  private Node command() {
    at++;
    int from = at;
    while (at < tex.length() && Character.isLetter(tex.charAt(at)) && tex.charAt(at) < 128) {
      at++;
    }
    if (at == from && at < tex.length()) {
      at++;
    }
    String name = tex.substring(from, at);
    if (SPACES.containsKey(name)) {
      return Node.leaf("mspace", "", "width", SPACES.get(name));
    }
    if (ACCENTS.containsKey(name)) {
      return new Node("mover", "", List.of(argument(), Node.leaf("mo", ACCENTS.get(name), "stretchy", "false")),
          "accent", "true");
    }
    if (FUNCTIONS.contains(name)) {
      return Node.leaf("mi", name);
    }
    if (SYMBOLS.containsKey(name)) {
      return sign(SYMBOLS.get(name));
    }
    return switch (name) {
      case "frac" -> Node.of("mfrac", argument(), argument());
      case "sqrt" -> Node.of("msqrt", argument());
      case "mathrm" -> Node.leaf("mi", verbatim(), "mathvariant", "normal");
      case "text" -> Node.leaf("mtext", verbatim());
      case "mathcal" -> Node.leaf("mi", script(verbatim()));
      case "left" -> fenced();
      default -> throw error("\\" + name + " is not known");
    };
  }

  private String verbatim() {
    int end = tex.indexOf('}', at);
    if (at >= tex.length() || tex.charAt(at) != '{' || end < 0) {
      throw error("a group in braces is missing");
    }
    String text = tex.substring(at + 1, end);
    at = end + 1;
    return text.replace(' ', '\u00A0'); // MathML drops spaces at the ends of a text
  }

  /** Capital letters as the script alphabet of Unicode. */
  private String script(String letters) {
    StringBuilder result = new StringBuilder();
    for (char c : letters.toCharArray()) {
      if (c < 'A' || c > 'Z') {
        throw error("\\mathcal has the capital letters only");
      }
      int place = "BEFHILMR".indexOf(c); // these eight came to Unicode before the alphabet
      result.appendCodePoint(place < 0 ? 0x1D49C + c - 'A' : "ℬℰℱℋℐℒℳℛ".codePointAt(place));
    }
    return result.toString();
  }

  private Node fenced() {
    String opening = fence();
    List<Node> inside = row();
    if (!tex.startsWith("\\right", at)) {
      throw error("\\left without \\right");
    }
    at += "\\right".length();
    String closing = fence();
    List<Node> nodes = new ArrayList<>();
    if (!opening.equals(".")) {
      nodes.add(Node.leaf("mo", opening, "stretchy", "true", "form", "prefix"));
    }
    nodes.addAll(inside);
    if (!closing.equals(".")) {
      nodes.add(Node.leaf("mo", closing, "stretchy", "true", "form", "postfix"));
    }
    return new Node("mrow", "", nodes);
  }

  private String fence() {
    skipSpace();
    for (String bracket : List.of("\\langle", "\\rangle", "\\|", "\\{", "\\}", "(", ")", "[", "]", "|", "‖", "⟨", "⟩",
        ".")) {
      if (tex.startsWith(bracket, at)) {
        at += bracket.length();
        return bracket.startsWith("\\") ? SYMBOLS.get(bracket.substring(1)) : bracket;
      }
    }
    throw error("a bracket is missing");
  }
}
