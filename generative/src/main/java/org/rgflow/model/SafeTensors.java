package org.rgflow.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.rgflow.io.AtomicFile;
import org.rgflow.io.Heap;
import org.rgflow.io.OneLine;
import org.rgflow.text.NearestName;

/**
 * A safetensors file (huggingface.co/docs/safetensors): 8 bytes, little-endian, with the length n of the
 * header; n bytes of JSON, {@code {"name": {"dtype", "shape", "data_offsets": [begin, end]}, …,
 * "__metadata__": {text: text}}}; and the tensors' bytes, which the offsets cover without hole or overlap.
 *
 * <p>Files are foreign until proved otherwise: lengths are compared with the file's before anything is
 * allocated, offsets must tile the data exactly, types and names are checked, and whatever is wrong is one
 * IOException of one line that names the file.
 *
 * <p>Files written here carry the CRC-32C of their tensors' bytes in the metadata ({@value #CHECKSUM}), by
 * which {@link #verify} finds damage that leaves the header intact.
 */
public final class SafeTensors implements AutoCloseable {
  /** Key of the checksum in the metadata: eight hexadecimal digits. */
  public static final String CHECKSUM = "data_crc32c";

  private static final String METADATA = "__metadata__";
  /** As in the format's own reader. */
  private static final long MAX_HEADER = 100_000_000;
  private static final int ALIGNMENT = 8;
  private static final int MAX_RANK = 32;
  /** Each takes some hundred bytes of memory, many times its JSON. */
  private static final int MAX_TENSORS = 100_000;
  private static final int BUFFER = 1 << 20;

  /** The bytes of a file, wherever they are. */
  private interface Source extends AutoCloseable {
    long size() throws IOException;

    /** As {@link FileChannel#read(ByteBuffer, long)}. */
    int read(ByteBuffer target, long position) throws IOException;

    @Override
    void close() throws IOException;
  }

  private record FileSource(FileChannel channel) implements Source {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return channel.read(target, position);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private record MemorySource(byte[] bytes) implements Source {
    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(ByteBuffer target, long position) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = (int) Math.min(target.remaining(), bytes.length - position);
      target.put(bytes, (int) position, count);
      return count;
    }

    @Override
    public void close() {}
  }

  private final String name;
  private final Source source;
  private final long dataBegin;
  private final Map<String, String> metadata;
  private final Map<String, TensorEntry> tensors;
  private final ByteBuffer buffer;

  private SafeTensors(String name, Source source) throws IOException {
    this.name = name;
    this.source = source;
    long size = source.size();
    if (size < 8) {
      throw new IOException("not a safetensors file: it has only " + size + " bytes");
    }
    ByteBuffer start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(start, 0);
    long length = start.getLong(0);
    if (length < 2 || length > MAX_HEADER) {
      throw new IOException("not a safetensors file: a header of " + Long.toUnsignedString(length)
          + " bytes is not credible");
    }
    if (length > size - 8) {
      throw new IOException("truncated: the header has " + length + " bytes, but the file ends after " + (size - 8));
    }
    Heap.require(4 * length, "its header");
    ByteBuffer header = ByteBuffer.allocate((int) length);
    readFully(header, 8);
    this.dataBegin = 8 + length;
    Header parsed = new Header();
    parsed.parse(header.array());
    this.metadata = Collections.unmodifiableMap(parsed.metadata);
    this.tensors = tiled(parsed.tensors, size - dataBegin);
    this.buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, size - dataBegin)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws IOException if it cannot be read or is not a sound safetensors file
   */
  public static SafeTensors open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new IOException("cannot read " + path + ": that is a directory, not a safetensors file");
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) { // a pipe would be waited for
      throw new IOException("cannot read " + path + ": that is a device or a pipe, not a safetensors file");
    }
    FileChannel channel = null;
    SafeTensors file = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      file = new SafeTensors(path.toString(), new FileSource(channel));
      return file;
    } catch (NoSuchFileException e) {
      throw new IOException("cannot read " + path + ": there is no such file", e);
    } catch (AccessDeniedException e) {
      throw new IOException("cannot read " + path + ": permission denied", e);
    } catch (FileSystemException e) {
      throw new IOException("cannot read " + path + ": " + e.getReason(), e);
    } catch (IOException e) {
      throw new IOException("cannot read " + path + ": " + OneLine.of(e.getMessage()), e);
    } finally {
      if (file == null && channel != null) {
        channel.close();
      }
    }
  }

  /**
   * The contents of a file that is in memory already.
   *
   * @param name what messages call it
   * @throws IOException if it is not a sound safetensors file
   */
  public static SafeTensors of(String name, byte[] contents) throws IOException {
    try {
      return new SafeTensors(name, new MemorySource(contents));
    } catch (IOException e) {
      throw new IOException("cannot read " + name + ": " + OneLine.of(e.getMessage()), e);
    }
  }

  /** The file's path, or what it was called. */
  public String name() {
    return name;
  }

  /** Bytes of the whole file. */
  public long size() throws IOException {
    return source.size();
  }

  /** Free texts by name, in the order of the file. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** Tensors by name, in the order of their data. */
  public Map<String, TensorEntry> tensors() {
    return tensors;
  }

  /**
   * The tensor of a name.
   *
   * @throws IOException if there is none, with the nearest name
   */
  public TensorEntry tensor(String name) throws IOException {
    TensorEntry entry = tensors.get(name);
    if (entry == null) {
      throw failure("it has no tensor '" + name + "'"
          + NearestName.of(name, tensors.keySet()).map(near -> "; the nearest is '" + near + "'").orElse(""));
    }
    return entry;
  }

  /**
   * Reads a tensor of type F32, F16 or BF16 into a part of an array.
   *
   * @throws IOException if there is no such tensor, it is of another type, or the file cannot be read
   * @throws IllegalArgumentException if the array is too short
   */
  public void read(String name, float[] values, int offset) throws IOException {
    TensorEntry entry = tensor(name);
    if (!entry.type().holdsFloats()) {
      throw failure("tensor '" + name + "' is of type " + entry.type() + ", not F32, F16 or BF16");
    }
    if (offset < 0 || entry.elements() > values.length - offset) {
      throw new IllegalArgumentException("tensor " + name + " of " + entry.elements() + " elements does not fit "
          + values.length + " values from " + offset + " on");
    }
    int at = offset;
    for (long position = entry.begin(); position < entry.end(); ) {
      int bytes = load(position, entry.end());
      int count = bytes / entry.type().bytes();
      if (entry.type() == TensorType.F32) {
        buffer.asFloatBuffer().get(values, at, count);
      } else {
        getShort(entry.type(), buffer.asShortBuffer(), values, at, count);
      }
      at += count;
      position += bytes;
    }
  }

  private static void getShort(TensorType type, ShortBuffer shorts, float[] values, int at, int count) {
    if (type == TensorType.F16) {
      for (int i = 0; i < count; i++) {
        values[at + i] = Float.float16ToFloat(shorts.get(i));
      }
    } else {
      for (int i = 0; i < count; i++) {
        values[at + i] = TensorType.ofBfloat16(shorts.get(i));
      }
    }
  }

  /** All elements of a tensor of type F32, F16 or BF16; see {@link #read}. */
  public float[] floats(String name) throws IOException {
    TensorEntry entry = tensor(name);
    float[] values = new float[length(entry, Float.BYTES)];
    read(name, values, 0);
    return values;
  }

  /**
   * All elements of a tensor of type F64.
   *
   * @throws IOException if there is no such tensor, it is of another type, or the file cannot be read
   */
  public double[] doubles(String name) throws IOException {
    TensorEntry entry = require(name, TensorType.F64);
    double[] values = new double[length(entry, Double.BYTES)];
    int at = 0;
    for (long position = entry.begin(); position < entry.end(); ) {
      int bytes = load(position, entry.end());
      buffer.asDoubleBuffer().get(values, at, bytes / Double.BYTES);
      at += bytes / Double.BYTES;
      position += bytes;
    }
    return values;
  }

  /** All elements of a tensor of type I64; see {@link #doubles}. */
  public long[] longs(String name) throws IOException {
    TensorEntry entry = require(name, TensorType.I64);
    long[] values = new long[length(entry, Long.BYTES)];
    int at = 0;
    for (long position = entry.begin(); position < entry.end(); ) {
      int bytes = load(position, entry.end());
      buffer.asLongBuffer().get(values, at, bytes / Long.BYTES);
      at += bytes / Long.BYTES;
      position += bytes;
    }
    return values;
  }

  /** All elements of a tensor of type I32; see {@link #doubles}. */
  public int[] ints(String name) throws IOException {
    TensorEntry entry = require(name, TensorType.I32);
    int[] values = new int[length(entry, Integer.BYTES)];
    int at = 0;
    for (long position = entry.begin(); position < entry.end(); ) {
      int bytes = load(position, entry.end());
      buffer.asIntBuffer().get(values, at, bytes / Integer.BYTES);
      at += bytes / Integer.BYTES;
      position += bytes;
    }
    return values;
  }

  /** A tensor's bytes as they stand in the file, whatever its type. */
  public byte[] bytes(String name) throws IOException {
    TensorEntry entry = tensor(name);
    long length = entry.end() - entry.begin();
    if (length > Integer.MAX_VALUE - 16) {
      throw failure("tensor '" + name + "' of " + length + " bytes is too large for an array");
    }
    requireHeap(length, name);
    byte[] values = new byte[(int) length];
    int at = 0;
    for (long position = entry.begin(); position < entry.end(); ) {
      int bytes = load(position, entry.end());
      buffer.get(values, at, bytes);
      at += bytes;
      position += bytes;
    }
    return values;
  }

  /**
   * Compares the tensors' bytes with the checksum, if the file has one.
   *
   * @throws IOException if they differ
   */
  public void verify() throws IOException {
    String expected = metadata.get(CHECKSUM);
    if (expected == null) {
      return;
    }
    CRC32C checksum = new CRC32C();
    long end = source.size() - dataBegin;
    for (long position = 0; position < end; ) {
      position += load(position, end);
      checksum.update(buffer);
    }
    if (!expected.equals(hexadecimal(checksum))) {
      throw failure("damaged: the checksum of the tensors is " + hexadecimal(checksum) + ", not " + expected);
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  /**
   * Writes a file completely or not at all, through {@link AtomicFile}. Tensors of larger elements come
   * first and equal ones in the order of their names, so that each is aligned to its elements.
   *
   * @throws IOException if the file cannot be written; an earlier one is then unchanged
   * @throws IllegalArgumentException if two tensors have the same name
   */
  public static void write(Path target, Map<String, String> metadata, List<Tensor> tensors) throws IOException {
    List<Tensor> ordered = new ArrayList<>(tensors);
    ordered.sort(Comparator.comparingInt((Tensor tensor) -> -tensor.type().bytes()).thenComparing(Tensor::name));
    ByteBuffer buffer = Tensor.buffer();
    CRC32C checksum = new CRC32C();
    try (OutputStream sum = new CheckedOutputStream(OutputStream.nullOutputStream(), checksum)) {
      for (Tensor tensor : ordered) {
        tensor.writeTo(sum, buffer);
      }
    }
    Map<String, String> texts = new TreeMap<>(metadata);
    texts.put(CHECKSUM, hexadecimal(checksum));
    byte[] header = header(texts, ordered);
    AtomicFile.write(target, out -> {
      out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).array());
      out.write(header);
      for (Tensor tensor : ordered) {
        tensor.writeTo(out, buffer);
      }
    });
  }

  private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
    JsonObject header = new JsonObject();
    JsonObject texts = new JsonObject();
    metadata.forEach(texts::addProperty);
    header.add(METADATA, texts);
    long begin = 0;
    for (Tensor tensor : tensors) {
      if (header.has(tensor.name())) {
        throw new IllegalArgumentException(tensor.name().equals(METADATA) ? "a tensor cannot be called " + METADATA
            : "two tensors are called " + tensor.name());
      }
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", tensor.type().name());
      JsonArray shape = new JsonArray();
      tensor.shape().forEach(shape::add);
      entry.add("shape", shape);
      JsonArray offsets = new JsonArray();
      offsets.add(begin);
      begin += tensor.bytes();
      offsets.add(begin);
      entry.add("data_offsets", offsets);
      header.add(tensor.name(), entry);
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, (text.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }

  private static String hexadecimal(CRC32C checksum) {
    return String.format("%08x", checksum.getValue());
  }

  private TensorEntry require(String name, TensorType type) throws IOException {
    TensorEntry entry = tensor(name);
    if (entry.type() != type) {
      throw failure("tensor '" + name + "' is of type " + entry.type() + ", not " + type);
    }
    return entry;
  }

  private int length(TensorEntry entry, int bytes) throws IOException {
    if (entry.elements() > Integer.MAX_VALUE - 16) {
      throw failure("tensor '" + entry.name() + "' of " + entry.elements() + " elements is too large for an array");
    }
    requireHeap(entry.elements() * bytes, entry.name());
    return (int) entry.elements();
  }

  private void requireHeap(long bytes, String name) throws IOException {
    Heap.require(bytes, "tensor '" + OneLine.of(name) + "' of " + this.name);
  }

  /** Fills the buffer from a position of the data; the number of bytes, a multiple of 8 except at the end. */
  private int load(long position, long end) throws IOException {
    buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
    try {
      readFully(buffer, dataBegin + position);
    } catch (IOException e) {
      throw failure(e.getMessage());
    }
    buffer.flip();
    return buffer.limit();
  }

  private void readFully(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = source.read(target, at);
      if (count < 0) {
        throw new EOFException("truncated while it was read");
      }
      at += count;
    }
  }

  private IOException failure(String reason) {
    return new IOException("cannot read " + name + ": " + OneLine.of(reason));
  }

  /** The tensors in the order of their data, if they cover it without hole or overlap. */
  private static Map<String, TensorEntry> tiled(List<TensorEntry> entries, long dataBytes) throws IOException {
    entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    long end = 0;
    for (TensorEntry entry : entries) {
      if (entry.begin() != end) {
        throw new IOException("tensor '" + entry.name() + "' begins at byte " + entry.begin()
            + (entry.begin() < end ? " and overlaps the one before it, which ends at "
                : ", but the one before it ends at ") + end);
      }
      end = entry.end();
      tensors.put(entry.name(), entry);
    }
    if (end > dataBytes) {
      throw new IOException("truncated: its tensors have " + end + " bytes, but only " + dataBytes + " are there");
    }
    if (end < dataBytes) {
      throw new IOException("there are " + (dataBytes - end) + " bytes behind the last tensor");
    }
    return Collections.unmodifiableMap(tensors);
  }

  /** Reads the JSON token by token: a tree would lose duplicate names. */
  private static final class Header {
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<TensorEntry> tensors = new ArrayList<>();

    void parse(byte[] header) throws IOException {
      try (JsonReader json = new JsonReader(
          new InputStreamReader(new ByteArrayInputStream(header), StandardCharsets.UTF_8.newDecoder()))) {
        json.setStrictness(Strictness.STRICT);
        Set<String> names = new HashSet<>();
        json.beginObject();
        while (json.hasNext()) {
          String name = json.nextName();
          if (!names.add(name)) {
            throw new IOException("two tensors are called '" + name + "'");
          }
          if (name.equals(METADATA)) {
            texts(json);
          } else if (tensors.size() == MAX_TENSORS) {
            throw new IOException("a file of more than " + MAX_TENSORS + " tensors is not credible");
          } else {
            tensors.add(entry(name, json));
          }
        }
        json.endObject();
        if (json.peek() != JsonToken.END_DOCUMENT) {
          throw new IOException("there is text behind the header's JSON");
        }
      } catch (MalformedJsonException | EOFException | CharacterCodingException | IllegalStateException
          | NumberFormatException e) {
        throw new IOException("its header is not the JSON of a safetensors file", e);
      }
    }

    private void texts(JsonReader json) throws IOException {
      json.beginObject();
      while (json.hasNext()) {
        String key = json.nextName();
        if (json.peek() != JsonToken.STRING) {
          throw new IOException("metadata '" + key + "' is not a text");
        }
        if (metadata.put(key, json.nextString()) != null) {
          throw new IOException("two metadata are called '" + key + "'");
        }
      }
      json.endObject();
    }

    private static TensorEntry entry(String name, JsonReader json) throws IOException {
      String what = "tensor '" + name + "'";
      String type = null;
      List<Integer> shape = null;
      List<Long> offsets = null;
      json.beginObject();
      while (json.hasNext()) {
        String key = json.nextName();
        switch (key) {
          case "dtype" -> type = once(type, json.nextString(), what, key);
          case "shape" -> shape = once(shape, shape(json, what), what, key);
          case "data_offsets" -> offsets = once(offsets, numbers(json, what), what, key);
          default -> throw new IOException(what + " has an unknown property '" + key + "'");
        }
      }
      json.endObject();
      if (type == null || shape == null || offsets == null) {
        throw new IOException(what + " lacks dtype, shape or data_offsets");
      }
      String typeName = type;
      TensorType known = TensorType.named(type)
          .orElseThrow(() -> new IOException(what + " is of type '" + typeName + "', which is not supported"));
      if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
        throw new IOException(what + " has impossible offsets " + offsets);
      }
      long length = offsets.get(1) - offsets.get(0);
      try {
        if (Math.multiplyExact(TensorEntry.elements(shape), known.bytes()) != length) {
          throw new IOException(
              what + " of type " + known + " and shape " + shape + " does not have " + length + " bytes");
        }
      } catch (ArithmeticException e) {
        throw new IOException(what + " has an impossible shape " + shape, e);
      }
      return new TensorEntry(name, known, shape, offsets.get(0), offsets.get(1));
    }

    private static <T> T once(T before, T value, String what, String key) throws IOException {
      if (before != null) {
        throw new IOException(what + " has two properties '" + key + "'");
      }
      return value;
    }

    private static List<Integer> shape(JsonReader json, String what) throws IOException {
      List<Integer> shape = new ArrayList<>();
      for (long extent : numbers(json, what)) {
        if (extent < 0 || extent > Integer.MAX_VALUE) {
          throw new IOException(what + " has an impossible extent " + extent);
        }
        shape.add((int) extent);
      }
      return shape;
    }

    private static List<Long> numbers(JsonReader json, String what) throws IOException {
      List<Long> numbers = new ArrayList<>();
      json.beginArray();
      while (json.hasNext()) {
        if (json.peek() != JsonToken.NUMBER || numbers.size() == MAX_RANK) {
          throw new IOException(what + " has a shape or offsets that are no list of at most " + MAX_RANK + " numbers");
        }
        numbers.add(json.nextLong());
      }
      json.endArray();
      return numbers;
    }
  }
}
