package org.rgflow.validation.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rgflow.statistics.GammaMethod;
import org.rgflow.statistics.TimeSeries;

class PlotTest {
  @TempDir
  private Path folder;

  /** Draws one of each kind; also run by itself in a JVM without fonts. */
  public static void main(String[] arguments) throws IOException {
    drawAll(Path.of(arguments[0]));
  }

  private static void drawAll(Path folder) throws IOException {
    float[] values = new float[24 * 16];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.3 * i) - 0.2f;
    }
    Panels.fields(folder.resolve("fields.png"), "Fields",
        List.of(new Panels.Field("Λ = ∞", "⟨φ²⟩", 24, values), new Panels.Field("Λ = 2", "", 24, values)), 2);
    double[] x = {0, 0.1, 1, 4, 8};
    double[] y = {20, 5, 0.5, 0.1, Double.NaN};
    double[] error = {1, 0.2, 0.6, 0.01, 0.1};
    Diagrams.propagators(folder.resolve("propagator.png"), "Propagator",
        List.of(new Diagrams.Curve("Λ = ∞", x, y, error), new Diagrams.Curve("Λ = 1", x, y, null)));
    double[] series = new double[500];
    for (int i = 1; i < series.length; i++) {
      series[i] = 0.7 * series[i - 1] + Math.sin(12.9898 * i * i);
    }
    TimeSeries replica = TimeSeries.of(series);
    Diagrams.timeSeries(folder.resolve("series.png"), "m", replica, new GammaMethod().primary(replica));
    Diagrams.histogram(folder.resolve("histogram.png"), "Magnetisation", "m", series);
  }

  @Test
  void everyKindOfPlotIsAPictureWithInkOnIt() throws IOException {
    drawAll(folder);
    for (String name : List.of("fields.png", "propagator.png", "series.png", "histogram.png")) {
      BufferedImage image = ImageIO.read(folder.resolve(name).toFile());
      int dark = 0;
      for (int row = 0; row < image.getHeight(); row++) {
        for (int column = 0; column < image.getWidth(); column++) {
          dark += new Color(image.getRGB(column, row)).getGreen() < 100 ? 1 : 0;
        }
      }
      assertThat(dark).as(name).isGreaterThan(1000);
    }
  }

  @Test
  void plotsNeedNoFonts() throws Exception {
    Path config = folder.resolve("fonts.conf");
    Files.writeString(config, "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM "
        + "\"fonts.dtd\"><fontconfig></fontconfig>");
    Path home = Files.createDirectory(folder.resolve("home"));
    ProcessBuilder builder = new ProcessBuilder(
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Djava.awt.headless=true",
        "-Duser.home=" + home, "-cp", System.getProperty("java.class.path"), PlotTest.class.getName(),
            folder.toString());
    builder.environment().put("FONTCONFIG_FILE", config.toString());
    Path log = folder.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    assertThat(folder.resolve("histogram.png")).exists();
  }

  @Test
  void divergingColoursAreLightInTheMiddleAndEquallyDarkAtBothEnds() {
    assertThat(luminance(ColorMap.DIVERGING.at(0.5))).isGreaterThan(0.9);
    for (int i = 0; i < 10; i++) {
      double t = 0.05 * i;
      double below = luminance(ColorMap.DIVERGING.at(t));
      assertThat(below).isLessThan(luminance(ColorMap.DIVERGING.at(t + 0.05)));
      assertThat(below).isCloseTo(luminance(ColorMap.DIVERGING.at(1 - t)), within(0.12));
    }
    assertThat(ColorMap.DIVERGING.at(-3)).isEqualTo(ColorMap.DIVERGING.at(0));
    assertThat(ColorMap.DIVERGING.at(0).getBlue()).isGreaterThan(ColorMap.DIVERGING.at(0).getRed());
    assertThat(ColorMap.DIVERGING.at(1).getRed()).isGreaterThan(ColorMap.DIVERGING.at(1).getBlue());
  }

  private static double luminance(Color c) {
    return 0.2126 * Math.pow(c.getRed() / 255.0, 2.2) + 0.7152 * Math.pow(c.getGreen() / 255.0, 2.2)
        + 0.0722 * Math.pow(c.getBlue() / 255.0, 2.2);
  }

  @Test
  void ticksAreRoundNumbers() {
    assertThat(labels(new Axis(Axis.Scale.LINEAR, -0.3, 1.04), 6)).containsExactly("−0.25", "0.00", "0.25", "0.50",
        "0.75", "1.00");
    assertThat(labels(new Axis(Axis.Scale.LINEAR, 0, 5000), 5)).containsExactly("0", "1000", "2000", "3000", "4000",
        "5000");
    assertThat(labels(new Axis(Axis.Scale.LOGARITHMIC, 1e-5, 10), 8)).containsExactly("10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²",
        "10⁻¹", "10⁰", "10¹");
    assertThat(labels(new Axis(Axis.Scale.LOGARITHMIC, 0.5, 9), 8)).containsExactly("0.5", "1", "2", "5");
  }

  private static List<String> labels(Axis axis, int wanted) {
    return axis.ticks(wanted).stream().filter(Axis.Tick::major).map(Axis.Tick::label).toList();
  }

  @Test
  void autocorrelationOfAnAlternatingSeries() {
    TimeSeries series = TimeSeries.of(new double[] {1, -1, 1, -1}, new double[] {1, -1, 1, -1});
    assertThat(Diagrams.autocorrelation(series, 2)).containsExactly(1, -1, 1);
  }

  @Test
  void lettersHaveWidthsAndMissingOnesABox() {
    assertThat(Lettering.width("Λ = 2", 12, Lettering.Weight.REGULAR)).isBetween(20.0, 40.0);
    assertThat(Lettering.width("p̂²", 10, Lettering.Weight.REGULAR))
        .isEqualTo(Lettering.width("p²", 10, Lettering.Weight.REGULAR));
    assertThat(Lettering.width("語", 10, Lettering.Weight.REGULAR)).isPositive();
    assertThat(Lettering.width("⟨φ²⟩", 10, Lettering.Weight.BOLD)).isPositive();
  }

  @Test
  void nothingToDrawIsRefusedAndAnImpossiblePathIsNamed() {
    assertThatThrownBy(() -> Panels.fields(folder.resolve("x.png"), "none", List.of(), 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Diagrams.histogram(Path.of("/no/such/folder/x.png"), "m", "m", new double[] {1, 2}))
        .isInstanceOf(IOException.class).hasMessageContaining("/no/such/folder");
  }
}
