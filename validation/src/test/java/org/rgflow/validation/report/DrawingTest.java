package org.rgflow.validation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.rgflow.validation.figure.Curve;
import org.rgflow.validation.figure.Diagram;
import org.rgflow.validation.figure.Gallery;
import org.rgflow.validation.figure.Quantity;
import org.rgflow.validation.plot.ColorMap;
import org.rgflow.validation.plot.Panels;
import org.w3c.dom.Element;

class DrawingTest {
  private static Page draw(Quantity x, Quantity y, Curve... curves) throws IOException {
    Markup out = new Markup();
    out.open("div");
    DiagramDrawing.write(new Diagram("d", "title", x, y, List.of(curves), ""), out);
    return Page.parse(out.close().toString());
  }

  private static List<String> paths(Page page) {
    return page.elements("path").stream().map(e -> e.getAttribute("d")).toList();
  }

  /** Inside the frame (left edge and width depend on the labels) the ends of the axes are the ends of the frame. */
  @Test
  void curvesAreWhereTheAxesSayAndGapsInterruptThem() throws IOException {
    double[] x = {0, 1, 2, 3, 4};
    Page page = draw(Quantity.linear("x").between(0, 4), Quantity.linear("y").between(0, 1),
        Curve.line("", x, new double[] {0, 1, Double.NaN, 0.5, 0.5}));
    Element frame = page.ofClass("frame").getFirst();
    double left = Double.parseDouble(frame.getAttribute("x"));
    double top = Double.parseDouble(frame.getAttribute("y"));
    double width = Double.parseDouble(frame.getAttribute("width"));
    double bottom = top + Double.parseDouble(frame.getAttribute("height"));
    String[] numbers = paths(page).getFirst().split("[ML ]+");
    assertThat(paths(page).getFirst()).matches("M[^M]+L[^M]+M[^M]+L[^M]+");
    double[] expected = {left, bottom, left + width / 4, top, left + 0.75 * width, (top + bottom) / 2, left + width,
        (top + bottom) / 2};
    for (int i = 0; i < expected.length; i++) {
      assertThat(Double.parseDouble(numbers[i + 1])).isCloseTo(expected[i], within(0.06));
    }
    assertThat(page.ofClass("legend")).isEmpty();
  }

  @Test
  void logarithmicAxesLeaveOutWhatHasNoPlaceAndErrorBarsEndAtTheFrame() throws IOException {
    Page page = draw(Quantity.linear("x"), Quantity.logarithmic("y"),
        Curve.points("a", new double[] {1, 2, 3}, new double[] {1, -5, 100}, new double[] {2, 1, 1}));
    Element frame = page.ofClass("frame").getFirst();
    double bottom = Double.parseDouble(frame.getAttribute("y")) + Double.parseDouble(frame.getAttribute("height"));
    String bars = page.ofClass("bars").getFirst().getAttribute("d");
    assertThat(bars.split("M")).hasSize(1 + 2 * 3);
    assertThat(bars)
        .contains(" " + (bottom % 1 == 0 ? Long.toString((long) bottom + 10) : Double.toString(bottom + 10)));
    assertThat(page.ofClass("points").getFirst().getAttribute("d").split("M")).hasSize(3);
  }

  @Test
  void coloursAreThoseAskedForOrTheNextFreeOnesAndTheLegendNamesThem() throws IOException {
    double[] x = {0, 1};
    Page page = draw(Quantity.linear("x"), Quantity.linear("y"), Curve.line("theory", x, x).hue(2),
        Curve.points("measured", x, x, null).hue(2),
        Curve.line("other", x, x), Curve.dashes("", x, x));
    assertThat(page.elements("path").stream().map(e -> e.getAttribute("class")).limit(4))
        .containsExactly("hue2 line", "hue2 points", "hue3 line", "hue4 dashes");
    assertThat(page.texts("li")).containsExactly("theory", "measured", "other");
  }

  @Test
  void nothingFiniteIsStillADiagram() throws IOException {
    Page page = draw(Quantity.logarithmic("x"), Quantity.linear("y"),
        Curve.line("a", new double[] {-1, 0}, new double[] {1, Double.NaN}));
    assertThat(paths(page).getFirst()).isEmpty();
    assertThat(page.elements("text")).isNotEmpty();
  }

  @Test
  void fieldsShareOneScaleAndAreDrawnUpwardsOnePixelASite() throws IOException {
    Markup out = new Markup().open("div");
    GalleryDrawing.write(new Gallery("g", "", List.of(new Gallery.Row("exact", List.of(
        new Panels.Field("a", "", 2, new float[] {-1, 0, 0, 4}),
        new Panels.Field("b", "", 2, new float[] {4, 4, 4, 4})))), ""), out);
    Page page = Page.parse(out.close().toString());
    List<BufferedImage> images = page.elements("img").stream().map(DrawingTest::image).toList();
    assertThat(images).extracting(BufferedImage::getWidth).containsExactly(2, 2, 201);
    int strongest = ColorMap.DIVERGING.at(1).getRGB();
    assertThat(images.get(0).getRGB(1, 0)).as("the last value is in the upper right").isEqualTo(strongest);
    assertThat(images.get(0).getRGB(0, 1)).isEqualTo(ColorMap.DIVERGING.at(0.375).getRGB());
    assertThat(images.get(1).getRGB(0, 0)).isEqualTo(strongest);
    assertThat(page.texts("p")).containsExactly("exact", "−4  4");
  }

  private static BufferedImage image(Element img) {
    try {
      return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(img.getAttribute("src").split(",")[1])));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
