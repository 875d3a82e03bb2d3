package org.rgflow.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import org.junit.jupiter.api.Test;

/** The kernel bodies keep to what every device compiles rightly; and the lint that says so notices what it should. */
class KernelLintTest {
  private static final Path KERNELS = Path.of("src/main/java/org/rgflow/kernels");

  private static final Path DEVICE = Path.of("src/tornado/java/org/rgflow/device/tornado");

  /** Enough of TornadoVM's class for the sources that use it to compile without an SDK. */
  private static final JavaFileObject CONTEXT = text("KernelContext.java", """
      package uk.ac.manchester.tornado.api;
      public class KernelContext {
        public final Integer globalIdx = 0;
        public final Integer groupIdx = 0;
        public final Integer localIdx = 0;
        public void localBarrier() {}
        public float[] allocateFloatLocalArray(int size) { return new float[size]; }
        public double[] allocateDoubleLocalArray(int size) { return new double[size]; }
      }
      """);

  private static final String K = "uk.ac.manchester.tornado.api.KernelContext c";

  /** Members of a class, each with one thing that a device miscompiles or refuses. */
  private static final List<String> BAD = List.of(
      "int a(int x) { return x >>> 3; }",
      "int a(int x) { return (x >>> 3) + 1; }",
      "int a(int x, int n) { return x << n | x >>> 32 - n; }",
      "int a(int x) { x >>>= 2; return x; }",
      "int a(int x) { return Math.abs(x); }",
      "long a(long x) { return Math.abs(x + 1); }",
      "int a(float x) { return Math.round(x); }",
      "double a(double x) { return Math.floor(x); }",
      "double a(double x) { return Math.ceil(x); }",
      "double a(double x) { return Math.rint(x); }",
      "float a(float x) { return Math.fma(x, x, x); }",
      "long a(long x) { return Math.multiplyHigh(x, x); }",
      "double a(double x) { return StrictMath.sin(x); }",
      "int a(int x) { return Integer.compareUnsigned(x, 1); }",
      "int a(long x) { return Long.compareUnsigned(x, 1); }",
      "int a(int x) { return Integer.numberOfLeadingZeros(x); }",
      "int a(int x) { return Integer.rotateLeft(x, 7); }",
      "int a(float x) { return Float.floatToRawIntBits(x); }",
      "float a(int x) { return Float.intBitsToFloat(x); }",
      "boolean a(float x) { return Float.isNaN(x); }",
      "float[] TABLE = {1f, 2f}; static float a(int i) { return TABLE[i]; }",
      "int counter; static int a() { return counter++; }",
      "int a(boolean p, boolean q, boolean r) { return p && (q || r) ? 1 : 0; }",
      "int a(boolean p, boolean q, boolean r) { return (p || q) && r ? -1 : (int) 2L; }",
      "final int K = 3; static int a(boolean p, boolean q, boolean r) { return p || q && r ? K : 0; }",
      "int a(boolean p, boolean q) { int k; if (p) { if (q) { k = 1; } else { k = 2; } } else { k = 3; } return k; }",
      "int a(boolean p, boolean q, boolean r) { int k; if (p && (q || r)) k = 1; else k = 0; return k; }",
      "Object a() { return new Object(); }",
      "int a(int x) { if (x < 0) throw null; return x; }",
      "int a(int x) { try { return 1 / x; } finally { x = 0; } }",
      "Runnable a() { return () -> {}; }",
      "java.util.function.IntUnaryOperator a() { return Math::negateExact; }",
      "void a(float[] x) { java.util.Arrays.fill(x, 0f); }",
      "void a(float[] x, float[] y) { System.arraycopy(x, 0, y, 0, 1); }",
      "int a(float x, float y) { return x <= y ? 0 : 1; }",
      "float a(double x) { return (x > 1) ? (0f) : 2f; }",
      "void select(" + K + ", float[] x) { x[c.globalIdx] = 0f; }",
      "void a(" + K + ", float[] x, int half) { x[c.globalIdx] = half; }",
      "float b(float[] x) { return x[0]; } static void a(" + K + ", float[] y) { "
          + "float[] x = c.allocateFloatLocalArray(2); y[0] = b(x); }",
      "void a(" + K + ", float[] x) { if (c.localIdx < 3) { c.localBarrier(); } }");

  private static final List<String> GOOD = List.of(
      "int a(int x) { return (x >>> 3) & 0x1FFFFFFF; }",
      "int a(long x) { return (int) (0xFFL & (x >>> 32)); }",
      "int a(int x) { return (x >> 3) & 0x1FFFFFFF; }",
      "float a(float x) { return Math.abs(x) + (float) Math.sqrt(Math.exp(x)); }",
      "int a(int x) { return Math.min(x, 3); }",
      "int a(int x, boolean p, boolean q, boolean r) { return p && (q || r) ? x : 0; }",
      "int a(boolean p, boolean q, boolean r) { return p & (q | r) ? 1 : 0; }",
      "int a(boolean p, boolean q) { return p && q ? 1 : 0; }",
      "int a(int x) { /* x >>> 3; Math.floor(x) */ return x; } // new Object()",
      "float a(float x) { float[] private4 = new float[4]; private4[1] = x; return private4[1]; }",
      "final long MASK = 0xFFFFFFFFL; static long a(int x) { return x & MASK; }",
      "int a(int x) { int k = 0; if (x > 0) { if (x > 1) { k = x; } } return k; }",
      "int a(float x, float y) { return x <= y ? 1 : 0; }",
      "int a(int x, int y) { return x <= y ? 0 : 1; }",
      "float a(float x, float y) { return x <= y ? 0f : x; }",
      "void a(" + K + ", float[] x) { float[] y = c.allocateFloatLocalArray(4); y[c.localIdx] = x[c.globalIdx]; "
          + "for (int k = 2; k > 0; k >>= 1) { if (c.localIdx < k) { y[c.localIdx] += y[c.localIdx + k]; } "
          + "c.localBarrier(); } x[0] = y[0]; }");

  @Test
  void kernelsKeepToWhatEveryDeviceCompilesRightly() throws IOException {
    List<JavaFileObject> sources = new ArrayList<>();
    try (Stream<Path> files = Files.list(KERNELS)) {
      files.filter(f -> f.toString().endsWith(".java") && !f.toString().endsWith("Vector.java"))
          .sorted().map(KernelLintTest::source).forEach(sources::add);
    }
    assertThat(sources).as("kernel sources").hasSizeGreaterThan(3);
    sources.add(CONTEXT);
    sources.add(source(DEVICE.resolve("TornadoKernels.java")));
    sources.add(source(DEVICE.resolve("TornadoGroupKernels.java")));
    sources.add(source(DEVICE.resolve("TornadoBlockKernels.java")));
    assertThat(KernelLint.check(sources)).isEmpty();
  }

  @Test
  void noticesWhatADeviceMiscompilesOrRefuses() {
    List<String> findings = KernelLint.check(samples(BAD));
    for (int i = 0; i < BAD.size(); i++) {
      String place = "Sample" + i + ".java:1: ";
      assertThat(findings).as(BAD.get(i)).filteredOn(f -> f.startsWith(place)).hasSize(1);
    }
    assertThat(findings).hasSize(BAD.size());
  }

  @Test
  void letsPassWhatDevicesCompileRightly() {
    assertThat(KernelLint.check(samples(GOOD))).isEmpty();
  }

  @Test
  void sourcesThatDoNotCompileAreNoPass() {
    assertThatThrownBy(() -> KernelLint.check(samples(List.of("int a() { return missing; }"))))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("missing");
  }

  private static List<JavaFileObject> samples(List<String> members) {
    Stream<JavaFileObject> samples = IntStream.range(0, members.size())
        .mapToObj(i -> text("Sample" + i + ".java", "final class Sample" + i + " { static " + members.get(i) + " \n}"));
    return Stream.concat(Stream.of(CONTEXT), samples).toList();
  }

  private static JavaFileObject source(Path file) {
    try {
      return text(file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaFileObject text(String name, String content) {
    return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return content;
      }
    };
  }
}
