package org.rgflow.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The header of an NPY array: NumPy enhancement proposal 1, format versions 1.0 to 3.0 (magic string,
 * version, header length, a Python dictionary with {@code descr}, {@code fortran_order} and {@code shape},
 * padded to a multiple of 64 bytes).
 *
 * @param type element type
 * @param textLength characters per element for {@link NpyType#TEXT}, otherwise 1
 * @param byteOrder order of the bytes of an element
 * @param fortranOrder whether the first index runs fastest in the file
 * @param shape extents, empty for a single value
 */
public record NpyHeader(NpyType type, int textLength, ByteOrder byteOrder, boolean fortranOrder, List<Integer> shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;
  private static final int MAX_LENGTH = 1 << 16;
  private static final int MAX_RANK = 32;

  public NpyHeader {
    shape = List.copyOf(shape);
    if (textLength < 0 || shape.stream().anyMatch(extent -> extent < 0)) {
      throw new IllegalArgumentException("negative extent in shape " + shape);
    }
  }

  /** A header as this program writes it: little-endian, last index fastest. */
  public static NpyHeader of(NpyType type, Integer... shape) {
    return new NpyHeader(type, 1, ByteOrder.LITTLE_ENDIAN, false, List.of(shape));
  }

  /**
   * Number of elements.
   *
   * @throws ArithmeticException if it exceeds 2⁶³
   */
  public long elements() {
    long product = 1;
    for (int extent : shape) {
      if (extent == 0) {
        return 0;
      }
      product = Math.multiplyExact(product, extent);
    }
    return product;
  }

  /** Bytes of all elements. */
  public long dataBytes() {
    return Math.multiplyExact(elements(), Math.multiplyExact((long) type.bytes(), textLength));
  }

  /** NumPy's type string, for instance {@code <f4}. */
  public String descriptor() {
    char order = type.bytes() == 1 ? '|' : byteOrder == ByteOrder.LITTLE_ENDIAN ? '<' : '>';
    return "" + order + type.kind() + (type == NpyType.TEXT ? textLength : type.bytes());
  }

  /** The header's bytes, magic string included: format 1.0. */
  public byte[] toBytes() {
    String extents = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
    String dictionary = "{'descr': '" + descriptor() + "', 'fortran_order': " + (fortranOrder ? "True" : "False")
        + ", 'shape': (" + extents + (shape.size() == 1 ? "," : "") + "), }";
    int prefix = MAGIC.length + 4;
    int total = (prefix + dictionary.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    int length = total - prefix;
    byte[] bytes = new byte[total];
    System.arraycopy(MAGIC, 0, bytes, 0, MAGIC.length);
    bytes[6] = 1;
    bytes[8] = (byte) length;
    bytes[9] = (byte) (length >> 8);
    java.util.Arrays.fill(bytes, prefix, total - 1, (byte) ' ');
    byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, bytes, prefix, text.length);
    bytes[total - 1] = '\n';
    return bytes;
  }

  /**
   * Reads a header and leaves the stream at the first element.
   *
   * @throws IOException if it is not an NPY header, or of a type that is not supported
   */
  public static NpyHeader read(InputStream in) throws IOException {
    byte[] start = readFully(in, MAGIC.length + 2);
    for (int i = 0; i < MAGIC.length; i++) {
      if (start[i] != MAGIC[i]) {
        throw new IOException("not an NPY array (wrong magic string)");
      }
    }
    int version = start[6];
    if (version < 1 || version > 3) {
      throw new IOException("NPY format version " + version + "." + start[7] + " is unknown");
    }
    byte[] size = readFully(in, version == 1 ? 2 : 4);
    long length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = length << 8 | size[i] & 0xFF;
    }
    if (length > MAX_LENGTH) {
      throw new IOException("an NPY header of " + length + " bytes is not credible");
    }
    byte[] text = readFully(in, (int) length);
    return new Parser(new String(text, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1)).parse();
  }

  static byte[] readFully(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("truncated: the array ends in its header");
    }
    return bytes;
  }

  /** Reads the one form of Python dictionary that headers have. */
  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    NpyHeader parse() throws IOException {
      String descriptor = null;
      Boolean fortran = null;
      List<Integer> shape = null;
      expect('{');
      while (peek() != '}') {
        String key = string();
        expect(':');
        switch (key) {
          case "descr" -> {
            if (peek() == '[') {
              throw new IOException("arrays of structures are not supported");
            }
            descriptor = string();
          }
          case "fortran_order" -> fortran = logical();
          case "shape" -> shape = tuple();
          default -> throw malformed("unknown key '" + OneLine.of(key) + "'");
        }
        if (peek() == ',') {
          at++;
        } else if (peek() != '}') {
          throw malformed("expected , or }");
        }
      }
      at++;
      if (!text.substring(at).isBlank()) {
        throw malformed("text after the dictionary");
      }
      if (descriptor == null || fortran == null || shape == null) {
        throw malformed("descr, fortran_order or shape is missing");
      }
      return header(descriptor, fortran, shape);
    }

    private static NpyHeader header(String descriptor, boolean fortran, List<Integer> shape) throws IOException {
      String unsupported = "elements of type '" + OneLine.of(descriptor)
          + "' are not supported; convert them in NumPy, for instance with .astype('<f4')";
      if (descriptor.length() < 3 || "<>|=".indexOf(descriptor.charAt(0)) < 0) {
        throw new IOException(unsupported);
      }
      ByteOrder order = switch (descriptor.charAt(0)) {
        case '>' -> ByteOrder.BIG_ENDIAN;
        case '=' -> ByteOrder.nativeOrder();
        default -> ByteOrder.LITTLE_ENDIAN;
      };
      if (descriptor.charAt(1) == 'O') {
        throw new IOException("pickled Python objects are not read, as they could run any program");
      }
      int number;
      try {
        number = Integer.parseInt(descriptor.substring(2));
      } catch (NumberFormatException e) {
        throw new IOException(unsupported, e);
      }
      for (NpyType type : NpyType.values()) {
        boolean text = type == NpyType.TEXT;
        if (descriptor.charAt(1) == type.kind() && (text ? number >= 0 : number == type.bytes())) {
          NpyHeader header = new NpyHeader(type, text ? number : 1, order, fortran, shape);
          try {
            header.dataBytes();
          } catch (ArithmeticException e) {
            throw new IOException("shape " + shape + " is impossible: its size overflows", e);
          }
          return header;
        }
      }
      throw new IOException(unsupported);
    }

    private char peek() throws IOException {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        throw malformed("it ends too early");
      }
      return text.charAt(at);
    }

    private void expect(char c) throws IOException {
      if (peek() != c) {
        throw malformed("expected " + c);
      }
      at++;
    }

    private String string() throws IOException {
      char quote = peek();
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw malformed("expected a string");
      }
      String value = text.substring(at + 1, end);
      at = end + 1;
      return value;
    }

    private boolean logical() throws IOException {
      peek();
      for (String word : List.of("True", "False")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw malformed("expected True or False");
    }

    private List<Integer> tuple() throws IOException {
      List<Integer> extents = new ArrayList<>();
      expect('(');
      while (peek() != ')') {
        int from = at;
        while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
          at++;
        }
        try {
          int extent = Integer.parseInt(text, from, at, 10);
          if (extent < 0 || extents.size() == MAX_RANK) {
            throw malformed(extent < 0 ? "negative extent" : "too many extents");
          }
          extents.add(extent);
        } catch (NumberFormatException e) {
          throw malformed("an extent is not a number below 2^31");
        }
        if (peek() == 'L') {
          at++; // Python 2
        }
        if (peek() == ',') {
          at++;
        } else if (peek() != ')') {
          throw malformed("expected , or )");
        }
      }
      at++;
      return extents;
    }

    private IOException malformed(String why) {
      return new IOException("malformed NPY header: " + why);
    }
  }
}
