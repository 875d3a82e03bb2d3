package org.rgflow.device.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Launches share a compiled kernel when its scalars come in a buffer {@code shape}, whatever the lengths of their
 * arrays; TornadoVM makes constants of those, so such a kernel must not ask for them.
 */
class SharedKernelsTest {
  private final Map<String, ClassModel> classes = new HashMap<>();

  static Stream<Method> shaped() {
    return Stream.of(TornadoKernels.class, TornadoGroupKernels.class, TornadoBlockKernels.class)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
        .filter(method -> Arrays.stream(method.getParameters()).map(Parameter::getName).anyMatch("shape"::equals))
        .filter(method -> method.getParameterTypes()[0].getSimpleName().equals("KernelContext"));
  }

  @Test
  void thereAreSuchKernels() {
    assertThat(shaped()).hasSizeGreaterThan(10);
  }

  @ParameterizedTest
  @MethodSource("shaped")
  void noneAsksForTheLengthOfAnArray(Method kernel) throws IOException {
    assertThat(lengths(kernel.getDeclaringClass().getName(), kernel.getName(),
        MethodTypeDesc.ofDescriptor(descriptor(kernel)))).isEmpty();
  }

  private static String descriptor(Method kernel) {
    StringBuilder descriptor = new StringBuilder("(");
    for (Class<?> type : kernel.getParameterTypes()) {
      descriptor.append(type.descriptorString());
    }
    return descriptor.append(")V").toString();
  }

  /** The methods below one that ask for a length. */
  private List<String> lengths(String type, String name, MethodTypeDesc descriptor) throws IOException {
    List<String> found = new ArrayList<>();
    for (MethodModel method : model(type).methods()) {
      if (!method.methodName().equalsString(name) || !method.methodTypeSymbol().equals(descriptor)) {
        continue;
      }
      for (CodeElement element : method.code().orElseThrow()) {
        if (element instanceof OperatorInstruction operator && operator.opcode() == Opcode.ARRAYLENGTH) {
          found.add(type + "." + name);
        }
        if (element instanceof InvokeInstruction call && isOurs(call.owner().asSymbol())) {
          found.addAll(lengths(name(call.owner().asSymbol()), call.name().stringValue(), call.typeSymbol()));
        }
      }
    }
    return found;
  }

  private static boolean isOurs(ClassDesc type) {
    return type.packageName().startsWith("org.rgflow");
  }

  private static String name(ClassDesc type) {
    return type.packageName() + "." + type.displayName();
  }

  private ClassModel model(String type) throws IOException {
    ClassModel known = classes.get(type);
    if (known == null) {
      String resource = "/" + type.replace('.', '/') + ".class";
      try (InputStream in = getClass().getResourceAsStream(resource)) {
        assertThat(in).as(resource).isNotNull();
        known = ClassFile.of().parse(in.readAllBytes());
      }
      classes.put(type, known);
    }
    return known;
  }
}
