package org.rgflow.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rgflow.device.DeviceInfo.Kind;

class DevicesTest {
  @Test
  void theJvmComesFirstAndEveryFamilyHasALine() {
    List<DeviceInfo> devices = Devices.list();
    assertThat(devices.getFirst().name()).isEqualTo("jvm");
    assertThat(devices.getFirst().kind()).isEqualTo(Kind.JVM);
    assertThat(devices).anyMatch(d -> d.name().startsWith("tornado"));
    assertThat(devices).allSatisfy(d -> assertThat(d.description()).isNotBlank().doesNotContain("\n"));
  }

  @Test
  void everyAvailableNameOpens() {
    for (DeviceInfo info : Devices.list()) {
      if (info.available()) {
        try (Device device = Devices.open(info.name())) {
          assertThat(device.description()).isEqualTo(info.description());
        }
      }
    }
  }

  @Test
  void anUnavailableDeviceSaysTheSameWhenOpened() {
    for (DeviceInfo info : Devices.list()) {
      if (!info.available()) {
        assertThatThrownBy(() -> Devices.open(info.name()))
            .isInstanceOf(DeviceException.class)
            .hasMessage(info.description());
      }
    }
  }

  @Test
  void threadsAreTakenFromTheName() {
    try (Device device = Devices.open("jvm:3")) {
      assertThat(((JvmDevice) device).threads()).isEqualTo(3);
    }
  }

  @Test
  void autoOpensSomething() {
    try (Device device = Devices.open("auto")) {
      assertThat(device.name()).isIn(Devices.list().stream().map(DeviceInfo::name).toList());
    }
  }

  @ParameterizedTest
  @CsvSource({"jmv, jvm", "tornad:0:0, tornado", "TORNADO, tornado", "automatic, auto", "JVM:2, jvm"})
  void unknownNamesGetASuggestion(String name, String suggestion) {
    assertThatThrownBy(() -> Devices.open(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no device " + name)
        .hasMessageContaining("did you mean " + suggestion + "?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jvm:", "jvm:0", "jvm:-1", "jvm:two", "jvm:2:3", "jvm:99999999999", "auto:1"})
  void malformedNamesAreRefused(String name) {
    assertThatThrownBy(() -> Devices.open(name)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void loadingFailuresBecomeOneLine() {
    assertOneLine(() -> {
      throw new NoClassDefFoundError("uk/ac/manchester/tornado/api/TaskGraph");
    }, "uk.ac.manchester.tornado.api.TaskGraph");
    assertOneLine(() -> {
      throw new ExceptionInInitializerError(new IllegalStateException("no driver"));
    }, "no driver");
    assertOneLine(() -> {
      throw new UnsatisfiedLinkError("no tornado-opencl in java.library.path\nand more");
    }, "no tornado-opencl in java.library.path");
    assertOneLine(() -> {
      throw new ServiceConfigurationError("provider", new NoClassDefFoundError("a/B"));
    }, "a.B");
    assertOneLine(() -> {
      throw new ServiceConfigurationError("Provider org.rgflow.X not found");
    }, "mvn clean package");
    assertOneLine(() -> {
      throw new IllegalStateException("\u001b[31m[WARNING] No platforms.\u001b[0m\nmore");
    }, "IllegalStateException: No platforms.");
  }

  private static void assertOneLine(Supplier<Object> failing, String part) {
    assertThatThrownBy(() -> Devices.guarded(failing))
        .isInstanceOf(DeviceException.class)
        .message().contains(part).doesNotContain("\n", "\u001b");
  }
}
