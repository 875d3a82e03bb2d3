package org.rgflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/theory.md leads somewhere: every class and every check that it names exists. */
class TheoryDocumentTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern CLASS_NAME = Pattern.compile("[A-Z][A-Za-z0-9]+");
  private static final Pattern CHECK_NAME = Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*(\\.\\*)?");

  @Test
  void everyClassExists() throws IOException {
    Set<String> classes = new ClassFileImporter().importPackages("org.rgflow").stream()
        .map(JavaClass::getSimpleName).collect(Collectors.toSet());
    Set<String> named = names(CLASS_NAME);
    assertThat(named).hasSizeGreaterThan(30);
    assertThat(classes).containsAll(named);
  }

  @Test
  void everyCheckExists() throws IOException {
    // The identifiers as the suites spell them; some are completed at run time, hence prefixes.
    String sources;
    try (var files = Files.walk(ROOT.resolve("validation/src/main/java"))) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        all.append(Files.readString(file));
      }
      sources = all.toString();
    }
    Set<String> missing = new TreeSet<>();
    Set<String> named = names(CHECK_NAME);
    for (String name : named) {
      String spelled = name.endsWith(".*") ? name.substring(0, name.length() - 2) : name;
      if (!sources.contains("\"" + spelled)) {
        missing.add(name);
      }
    }
    assertThat(named).hasSizeGreaterThan(30);
    assertThat(missing).isEmpty();
  }

  private static Set<String> names(Pattern kind) throws IOException {
    Set<String> names = new TreeSet<>();
    Matcher matcher = CODE.matcher(Files.readString(ROOT.resolve("docs/theory.md")));
    while (matcher.find()) {
      if (kind.matcher(matcher.group(1)).matches()) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }
}
