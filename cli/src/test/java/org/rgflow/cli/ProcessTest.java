package org.rgflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.io.EnsembleFiles;
import org.rgflow.lattice.Ensemble;

/** The program as a process: signals, closed pipes, full disks. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ProcessTest {
  @TempDir
  private Path folder;

  private ProcessBuilder rgflow(String... arguments) {
    return new RgflowProcess(folder).of(arguments);
  }

  private static int end(Process process) throws InterruptedException {
    return RgflowProcess.end(process);
  }

  private List<String> errors() throws IOException {
    return new RgflowProcess(folder).errors();
  }

  @Test
  void anInterruptKeepsWhatWasMeasuredAndTheRunResumes() throws Exception {
    Path file = folder.resolve("e.npz");
    Process process = rgflow("phi4", "sample", "--lattice", "8x8", "--mass2", "-4", "--lambda", "6", "--seed", "2", "--threads", "1",
        "--thermalise", "0", "--configurations", "10000000", "--save-every", "1000", "--quiet", "--out", file.toString()).start();
    long waited = System.nanoTime();
    while (!Files.readString(folder.resolve("out")).contains("seed 2") && System.nanoTime() - waited < 30e9) {
      Thread.sleep(50);
    }
    Thread.sleep(2500); // enough for a first measurement on a busy machine
    long asked = System.nanoTime();
    process.destroy();
    process.destroy(); // as timeout(1) does: the process, and then its group
    assertThat(end(process)).isEqualTo(2);
    assertThat(1e-9 * (System.nanoTime() - asked)).as("seconds to react").isLessThan(10);
    assertThat(errors()).hasSize(1);
    assertThat(errors().getFirst()).startsWith("rgflow: interrupted; ").contains("kept in " + file).contains("--resume");
    Ensemble ensemble = EnsembleFiles.read(file);
    assertThat(ensemble.measurements()).isPositive();
    Console resumed = Console.run("phi4", "sample", "--resume", "--quiet", "--out", file.toString(), "--configurations",
        Long.toString(16L * (ensemble.measurements() + 5)));
    assertThat(resumed.status()).isZero();
    assertThat(EnsembleFiles.read(file).measurements()).isEqualTo(ensemble.measurements() + 5);
  }

  @Test
  void anInterruptDuringWorkThatCannotStopLeavesEarlierFilesAlone() throws Exception {
    Path report = folder.resolve("earlier");
    Files.writeString(report, "earlier");
    Process process = rgflow("validate", "--quiet").start();
    Thread.sleep(6000); // until the signals are caught, on a busy machine
    process.destroy();
    assertThat(end(process)).isEqualTo(2);
    assertThat(errors()).hasSize(1);
    assertThat(errors().getFirst())
        .isIn("rgflow: interrupted; the checks above are not all", "rgflow: interrupted; no check was finished",
            "rgflow: interrupted; files written before are intact"); // before it began
    assertThat(Files.readString(report)).isEqualTo("earlier");
    // Checks that were finished are shown.
    assertThat(new RgflowProcess(folder).out()).matches("|(?s)check +expected.* passed, \\d+ failed\n");
  }

  @Test
  void aReaderThatLeavesIsNothingToComplainAbout() throws Exception {
    Process process = rgflow("completion").redirectOutput(ProcessBuilder.Redirect.PIPE).start();
    process.getInputStream().close();
    assertThat(end(process)).isZero();
    assertThat(errors()).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNamed() throws Exception {
    Process process = rgflow("completion").redirectOutput(new File("/dev/full")).start();
    assertThat(end(process)).isEqualTo(2);
    assertThat(errors()).hasSize(1);
    assertThat(errors().getFirst()).startsWith("rgflow: cannot write to the standard output: ").contains("No space left");

    Path full = Files.createSymbolicLink(folder.resolve("full.npz"), Path.of("/dev/full"));
    Console console = Console.run("phi4", "sample", "--lattice", "4x4", "--mass2", "-4", "--lambda", "6", "--configurations", "64",
        "--seed", "1", "--quiet", "--out", full.toString());
    assertThat(console.status()).isEqualTo(2);
    assertThat(console.err()).contains("full.npz").contains("No space left").hasLineCount(1);
  }
}
