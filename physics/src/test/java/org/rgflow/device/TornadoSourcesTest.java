package org.rgflow.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The TornadoVM sources are compiled only where an SDK is installed. Here their text is held against the
 * launches and kernels, so that whoever changes one of those learns at once that the device's table wants
 * a line too.
 */
class TornadoSourcesTest {
  private static final Path LAUNCHES = Path.of("src/main/java/org/rgflow/launch");
  private static final Path DEVICE = Path.of("src/tornado/java/org/rgflow/device/tornado");
  private static final String ITEMS = "(?:entry|streamed|shaped|scaled|several)";
  private static final String GROUPS = "grouped";
  private static final String BLOCKS = "blocked";

  /** The launches in a table of TornadoTasks, with the text of their entries. */
  private static Map<String, String> entries(String kind) throws IOException {
    String text = Files.readString(DEVICE.resolve("TornadoTasks.java"));
    Map<String, String> entries = new LinkedHashMap<>();
    Pattern entry = Pattern.compile(
        kind + "\\((\\w+)\\.class,(.*?)(?=\\b(?:" + ITEMS + "|grouped|blocked)\\(|\\n\\n)", Pattern.DOTALL);
    entry.matcher(text).results().forEach(match -> entries.put(match.group(1), match.group(2)));
    return entries;
  }

  private static Set<String> launches() throws IOException {
    try (Stream<Path> files = Files.list(LAUNCHES)) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".java"))
          .map(f -> f.substring(0, f.length() - ".java".length()))
          .filter(name -> Launch.class.isAssignableFrom(type("org.rgflow.launch." + name)))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyLaunchIsInTheTable() throws IOException {
    assertThat(new TreeSet<>(entries(ITEMS).keySet())).as("TornadoTasks").isEqualTo(launches());
    assertThat(launches()).as("TornadoTasks, in groups").containsAll(entries(GROUPS).keySet());
    assertThat(entries(GROUPS)).hasSizeGreaterThan(10);
    assertThat(launches()).as("TornadoTasks, in blocks").containsAll(entries(BLOCKS).keySet());
    assertThat(entries(BLOCKS)).hasSizeGreaterThan(3);
  }

  @Test
  void everyEntryNamesComponentsOfItsLaunchAndAKernelThatExists() throws IOException {
    assertEntries(entries(ITEMS));
    assertEntries(entries(GROUPS));
    assertEntries(entries(BLOCKS));
  }

  private static void assertEntries(Map<String, String> entries) throws IOException {
    String tasks = Files.readString(DEVICE.resolve("TornadoTasks.java"));
    Map<String, String> kernels = new LinkedHashMap<>();
    for (String name : List.of("TornadoKernels", "TornadoGroupKernels", "TornadoBlockKernels")) {
      kernels.put(name, Files.readString(DEVICE.resolve(name + ".java")));
    }
    entries.forEach((name, entry) -> {
      Set<String> components = Arrays.stream(type("org.rgflow.launch." + name).getDeclaredMethods())
          .filter(method -> method.getParameterCount() == 0).map(Method::getName).collect(Collectors.toSet());
      assertThat(components).as(name).containsAll(matches("\\bl\\.(\\w+)\\(\\)", entry));
      Set<String> elsewhere = matches("TornadoTasks::(\\w+)", entry);
      assertThat(elsewhere).as(name).allMatch(method -> tasks.contains("List<Task> " + method + "(TornadoTasks "));
      Pattern reference = Pattern.compile("(Tornado\\w*Kernels)::(\\w+)");
      List<MatchResult> named = reference.matcher(entry).results().toList();
      assertThat(named.size() + elsewhere.size()).as(name).isPositive();
      assertThat(named).as(name).allMatch(
          match -> kernels.get(match.group(1)).contains("static void " + match.group(2) + "(KernelContext "));
    });
  }

  @Test
  void everyWrapperCallsABodyWithAsManyArguments() throws IOException {
    String kernels = Files.readString(DEVICE.resolve("TornadoKernels.java"));
    Pattern call = Pattern.compile("(\\w+Kernels)\\.(\\w+)\\(([^()]*)\\);");
    assertThat(call.matcher(kernels).results()).hasSizeGreaterThan(10).allSatisfy(match ->
        assertThat(Arrays.stream(type("org.rgflow.kernels." + match.group(1)).getDeclaredMethods()))
            .as(match.group())
            .anyMatch(body -> body.getName().equals(match.group(2)) && Modifier.isPublic(body.getModifiers())
                && body.getParameterCount() == arguments(match)));
  }

  private static int arguments(MatchResult call) {
    return call.group(3).split(",").length;
  }

  private static Set<String> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1))
        .filter(name -> !name.equals("items")).collect(Collectors.toSet());
  }
}
