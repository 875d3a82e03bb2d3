package org.rgflow.validation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MathFormulaTest {
  /** The first row, without the element around it and the TeX beside it. */
  private static String written(String tex) throws IOException {
    Markup out = new Markup();
    MathFormula.write(tex, out);
    Page.parse(out.toString());
    String text = out.toString();
    return text.substring(text.indexOf("<semantics><mrow>") + 17, text.indexOf("</mrow><annotation"));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '@', value = {
    "x @ <mi>x</mi>",
    "12.5 @ <mn>12.5</mn>",
    "a - b @ <mi>a</mi><mo>−</mo><mi>b</mi>",
    "\\varphi_t @ <msub><mi>φ</mi><mi>t</mi></msub>",
    "K^2 @ <msup><mi>K</mi><mn>2</mn></msup>",
    "S'' @ <mrow><mi>S</mi><mo lspace=\"0\" rspace=\"0\">′′</mo></mrow>",
    "S_i'^2 @ <msubsup><mrow><mi>S</mi><mo lspace=\"0\" rspace=\"0\">′</mo></mrow><mi>i</mi><mn>2</mn></msubsup>",
    "\\frac{a}{b+1} @ <mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>",
    "\\sqrt{n} @ <msqrt><mi>n</mi></msqrt>",
    "\\hat{p} @ <mover accent=\"true\"><mi>p</mi><mo stretchy=\"false\">^</mo></mover>",
    "\\sum_p @ <munder><mo>∑</mo><mi>p</mi></munder>",
    "\\int_0^T @ <msubsup><mo>∫</mo><mn>0</mn><mi>T</mi></msubsup>",
    "\\mathrm{KL} @ <mi mathvariant=\"normal\">KL</mi>",
    "\\mathcal{NL} @ <mi>𝒩ℒ</mi>",
    "\\left(x\\right) @ <mrow><mo stretchy=\"true\" form=\"prefix\">(</mo><mi>x</mi><mo stretchy=\"true\" "
        + "form=\"postfix\">)</mo></mrow>",
    "a < b @ <mi>a</mi><mo>&lt;</mo><mi>b</mi>",
    "\\text{a < b} @ <mtext>a\u00A0&lt;\u00A0b</mtext>",
    "2\\ln x @ <mn>2</mn><mspace width=\"0.17em\"></mspace><mi>ln</mi><mspace width=\"0.17em\"></mspace><mi>x</mi>"
  })
  void mathMl(String tex, String expected) throws IOException {
    assertThat(written(tex)).isEqualTo(expected);
  }

  @Test
  void theTexGoesWithItAndLongFormulasAreBrokenAtQuads() throws IOException {
    Markup out = new Markup();
    MathFormula.write("a = \\frac{b}{c\\quad d}, \\quad e = \\left(f \\quad g\\right)", out);
    Page page = Page.parse(out.toString());
    assertThat(page.elements("math")).hasSize(2);
    assertThat(page.texts("annotation")).containsExactly("a = \\frac{b}{c\\quad d},", "e = \\left(f \\quad g\\right)");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '@', value = {
    "\\nonsense @ \\nonsense is not known", "a_ @ something is missing", "{a @ a brace is not closed",
        "a} @ nothing to close",
    "^2 @ nothing to put a script to", "\\left(a @ \\left without \\right", "\\frac{a} @ something is missing",
        "\\left a\\right) @ a bracket is missing",
    "\\mathrm a @ a group in braces", "\\mathcal{n} @ capital letters", "a\\right) @ nothing to close",
        "{a_} @ before the brace"
  })
  void mistakesAreNamedWithTheirPlace(String tex, String message) {
    assertThatThrownBy(() -> MathFormula.write(tex, new Markup())).isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("formula '").hasMessageContaining(message);
  }
}
