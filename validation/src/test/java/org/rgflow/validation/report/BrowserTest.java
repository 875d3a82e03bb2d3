package org.rgflow.validation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in Chromium, on machines that have it: in a frame of a phone's and of a desk's width. */
@EnabledIf("hasBrowser")
class BrowserTest {
  @TempDir
  private Path folder;

  private static Optional<Path> browser() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .flatMap(d -> List.of("chromium", "chromium-browser", "google-chrome").stream().map(n -> Path.of(d, n)))
        .filter(Files::isExecutable).findFirst();
  }

  static boolean hasBrowser() {
    return browser().isPresent();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 1280})
  void everyPictureLoadsNothingIsWiderThanTheWindowAndTheConsoleIsSilent(int width) throws Exception {
    String text = "<script>console.error('this ran')</script>" + "word ".repeat(40) + "x".repeat(200);
    String page = new ValidationReport(ValidationReportTest.run(text), ValidationReportTest.everything(text)).toHtml();
    String seen = look(page, width);
    assertThat(seen).contains("images=3 broken=0 ").contains("scroll=" + width + " ").contains("formulas=10 flat=0 ");
  }

  /** The page in a frame, measured by a script around it. */
  private String look(String page, int width) throws IOException, InterruptedException {
    Markup frame = new Markup().empty("iframe", "id", "page", "style", "border:0;width:" + width + "px;height:800px",
        "srcdoc", page);
    Path html = folder.resolve("frame.html");
    Files.writeString(html, "<!DOCTYPE html><html><head><meta charset=\"utf-8\"></head><body>" + frame + """
        <script>
        addEventListener('load', () => {
          const d = document.getElementById('page').contentDocument;
          const images = [...d.images];
          const formulas = [...d.querySelectorAll('math')];
          document.body.textContent = 'images=' + images.length
            + ' broken=' + images.filter(i => !i.complete || i.naturalWidth === 0).length
            + ' scroll=' + d.documentElement.scrollWidth
            + ' formulas=' + formulas.length
            + ' flat=' + formulas.filter(f => f.getBoundingClientRect().height < 8).length + ' ';
        });
        </script></body></html>
        """);
    Path out = folder.resolve("out");
    Path log = folder.resolve("log");
    Process process = new ProcessBuilder(browser().orElseThrow().toString(), "--headless", "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars", "--no-first-run", "--user-data-dir=" + folder.resolve("profile"),
            "--enable-logging=stderr",
        "--window-size=1400,900", "--virtual-time-budget=10000", "--dump-dom", html.toUri().toString())
        .redirectOutput(out.toFile()).redirectError(log.toFile()).start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the browser ends").isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertThat(Files.readAllLines(log)).noneMatch(line -> line.contains("CONSOLE"));
    return Files.readString(out);
  }
}
