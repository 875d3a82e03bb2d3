package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/rgflow} in a project of its own, with a JDK and a Maven that only say how they were called. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  @TempDir
  private Path folder;
  private Path project;
  private Path launcher;
  private Path tools;

  private record Result(int status, String out, String err) {}

  @BeforeEach
  void copyTheLauncher() throws IOException {
    project = Files.createDirectories(folder.resolve("a project"));
    Files.createDirectories(project.resolve("bin"));
    launcher = Files.copy(Path.of("..", "bin", "rgflow"), project.resolve("bin/rgflow"));
    executable(launcher);
    Files.createDirectories(project.resolve("cli/src/main"));
    Files.writeString(project.resolve("cli/src/main/Source.java"), "");
    Files.writeString(project.resolve("pom.xml"), "");
    Files.writeString(project.resolve("cli/pom.xml"), "");
    tools = Files.createDirectory(folder.resolve("tools"));
    for (String name : List.of("sh", "dirname", "readlink", "sed", "head", "find", "mkdir", "cat", "rm", "mv", "sleep", "echo")) {
      for (String place : List.of("/bin/", "/usr/bin/")) {
        if (Files.exists(Path.of(place + name)) && !Files.exists(tools.resolve(name))) {
          Files.createSymbolicLink(tools.resolve(name), Path.of(place + name));
        }
      }
    }
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void script(Path file, String... lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    executable(file);
  }

  /** The JDKs of this machine would be found; a launcher that looks below HOME alone does not see them. */
  private void forgetTheMachine() throws IOException {
    String text = Files.readString(launcher);
    String changed = text.replaceAll("(?<=[ \t])/(usr|opt|Library)/[^ ;]*\\*[^ ;]*", "/nonexistent");
    assertThat(changed).isNotEqualTo(text).doesNotContain("/usr/lib/jvm");
    Files.writeString(launcher, changed);
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    script(home.resolve("bin/java"), "for a; do printf '<%s>' \"$a\"; done; echo");
    script(home.resolve("bin/javac"));
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private void build() throws IOException {
    Files.createDirectories(project.resolve("cli/target/lib"));
    Files.writeString(project.resolve("cli/target/rgflow.jar"), "");
    Files.writeString(project.resolve("cli/target/lib/classpath.txt"), "");
  }

  private void maven(String... lines) throws IOException {
    script(tools.resolve("mvn"), lines);
  }

  private Result start(Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile())
        .redirectOutput(folder.resolve("out").toFile()).redirectError(folder.resolve("err").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(folder.resolve("out")), Files.readString(folder.resolve("err")));
  }

  @Test
  void passesOptionsAndArgumentsAsTheyAre() throws Exception {
    build();
    Result result = start(Map.of("JAVA_HOME", jdk("jdk 25", "25.0.1").toString()), "phi4", "two words", "");
    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
    assertThat(result.out()).contains("<--add-modules><jdk.incubator.vector>").contains("<-Djava.awt.headless=true>")
        .endsWith("<" + project.toRealPath() + "/cli/target/rgflow.jar><org.rgflow.cli.Main><phi4><two words><>\n");
  }

  @Test
  void followsLinksAndLooksPastOldJdks() throws Exception {
    build();
    forgetTheMachine();
    Path link = Files.createSymbolicLink(tools.resolve("rg"), launcher);
    Path found = jdk(".jdks/new", "26");
    launcher = link;
    Result result = start(Map.of("JAVA_HOME", jdk("old", "17.0.2").toString()), "devices");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).endsWith("<devices>\n");
    assertThat(found).exists();
  }

  @Test
  void anOldJdkAloneIsNotTaken() throws Exception {
    build();
    forgetTheMachine();
    Result result = start(Map.of("JAVA_HOME", jdk("old", "17.0.2").toString()), "devices");
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).startsWith("rgflow: no JDK 25 or newer found").contains("17").hasLineCount(1);
  }

  @Test
  void buildsOnTheFirstStartAndWhenTheSourcesChange() throws Exception {
    String stamp = "mkdir -p cli/target/lib; echo x > cli/target/rgflow.jar; echo x > cli/target/lib/classpath.txt; echo built >> count";
    maven("echo \"$@\" > arguments", stamp);
    Map<String, String> environment = Map.of("JAVA_HOME", jdk("jdk", "25").toString());
    Result first = start(environment, "devices");
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.err()).startsWith("rgflow: building the project").hasLineCount(1);
    assertThat(first.out()).endsWith("<devices>\n");
    assertThat(Files.readString(project.resolve("arguments"))).isEqualToIgnoringNewLines("-q -B -Dmaven.test.skip=true package");
    assertThat(start(environment, "devices").err()).isEmpty();
    Files.setLastModifiedTime(project.resolve("cli/src/main/Source.java"), FileTime.from(Instant.now().plusSeconds(5)));
    Files.setLastModifiedTime(project.resolve("cli/target/lib/classpath.txt"), FileTime.from(Instant.now().minusSeconds(60)));
    assertThat(start(environment, "devices").err()).contains("building");
    assertThat(Files.readAllLines(project.resolve("count"))).hasSize(2);
  }

  @Test
  void saysWhatIsWrongWithABuild() throws Exception {
    Map<String, String> environment = Map.of("JAVA_HOME", jdk("jdk", "25").toString());
    Result missing = start(environment, "devices");
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err()).contains("Maven (mvn) is not on the PATH").hasLineCount(1);
    assertThat(project.resolve(".build-lock")).doesNotExist();
    maven("echo '[ERROR] cannot compile'", "exit 1");
    Result failed = start(environment, "devices");
    assertThat(failed.status()).isEqualTo(2);
    assertThat(failed.err()).contains("cannot compile").contains("the build failed").contains("build.log");
    assertThat(failed.out()).isEmpty();
  }

  @Test
  void twoFirstStartsBuildOnce() throws Exception {
    maven("sleep 1", "mkdir -p cli/target/lib; echo x > cli/target/rgflow.jar; echo x > cli/target/lib/classpath.txt; echo built >> count");
    String home = jdk("jdk", "25").toString();
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "devices")
          .redirectErrorStream(true).redirectOutput(folder.resolve("log" + i).toFile());
      builder.environment().put("PATH", tools.toString());
      builder.environment().put("JAVA_HOME", home);
      processes.add(builder.start());
    }
    for (int i = 0; i < 3; i++) {
      assertThat(processes.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(processes.get(i).exitValue()).as(Files.readString(folder.resolve("log" + i))).isZero();
      assertThat(Files.readString(folder.resolve("log" + i))).endsWith("<devices>\n");
    }
    assertThat(Files.readAllLines(project.resolve("count"))).containsExactly("built");
  }

  private Path sdk(String feature) throws IOException {
    Path sdk = folder.resolve("sdk" + feature);
    Files.createDirectories(sdk.resolve("share/java/tornado"));
    Files.writeString(sdk.resolve("share/java/tornado/tornado-api-5.2.0-jdk" + feature + ".jar"), "");
    Files.writeString(sdk.resolve("share/java/tornado/ejml-core-0.38.jar"), "");
    Files.writeString(sdk.resolve("tornado-argfile"), "");
    return sdk;
  }

  private void tornadoClasses() throws IOException {
    Path classes = Files.createDirectories(project.resolve("physics/target/classes/org/rgflow/device/tornado"));
    Files.writeString(classes.resolve("TornadoDevice.class"), "");
  }

  @Test
  void withAnSdkTheJvmStartsWithItsArguments() throws Exception {
    build();
    tornadoClasses();
    Path sdk = sdk("25");
    Result result = start(Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "TORNADOVM_HOME", sdk.toString()), "devices");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("<@" + sdk + "/tornado-argfile>").contains("<-Dtornado.recover.bailout=False>")
        .contains("<--module-path=" + sdk + "/share/java/tornado/tornado-api-5.2.0-jdk25.jar>").doesNotContain("ejml");
  }

  @Test
  void anSdkThatCannotBeUsedIsLeftOutWithTheReason() throws Exception {
    build();
    Path empty = Files.createDirectories(folder.resolve("empty"));
    assertThat(unavailable(empty)).contains(empty.toString()).contains("tornado-argfile");
    tornadoClasses();
    assertThat(unavailable(sdk("21"))).contains("for JDK 21").contains("this is JDK 25").contains("jdk25");
    Files.delete(project.resolve("physics/target/classes/org/rgflow/device/tornado/TornadoDevice.class"));
    assertThat(unavailable(sdk("25"))).contains("built without TornadoVM").contains("mvn package");
  }

  /** The reason that is handed to Java, which starts without the SDK's arguments. */
  private String unavailable(Path sdk) throws Exception {
    Path home = folder.resolve("jdk");
    Result result = start(Map.of("JAVA_HOME", (Files.exists(home) ? home : jdk("jdk", "25")).toString(), "TORNADOVM_HOME",
        sdk.toString()), "devices");
    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).doesNotContain("<@").contains("<-Drgflow.tornado.unavailable=");
    String from = result.out().substring(result.out().indexOf("<-Drgflow.tornado.unavailable=") + 30);
    return from.substring(0, from.indexOf('>'));
  }

  @Test
  void anSdkThatCameAfterTheBuildIsBuiltIn() throws Exception {
    build();
    Files.createDirectories(project.resolve("physics/src/tornado"));
    maven("mkdir -p physics/target/classes/org/rgflow/device/tornado",
        "echo x > physics/target/classes/org/rgflow/device/tornado/TornadoDevice.class",
        "echo x > cli/target/lib/classpath.txt");
    Result result = start(Map.of("JAVA_HOME", jdk("jdk", "25").toString(), "TORNADOVM_HOME", sdk("25").toString()), "devices");
    assertThat(result.err()).startsWith("rgflow: building the project").hasLineCount(1);
    assertThat(result.out()).contains("tornado-argfile>");
  }
}
