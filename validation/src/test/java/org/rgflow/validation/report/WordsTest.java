package org.rgflow.validation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rgflow.validation.Check;

/** Prose, numbers and markup. */
class WordsTest {
  @ParameterizedTest
  @CsvSource(delimiter = '@', value = {
    "C_t/C_s @ C<sub>t</sub>/C<sub>s</sub>",
    "a_su = a_tu a_st @ a<sub>su</sub> = a<sub>tu</sub> a<sub>st</sub>",
    "S_int,t'' and S_int,0 @ S<sub>int,t</sub>&#39;&#39; and S<sub>int,0</sub>",
    "Λ∂_Λ S_int @ Λ∂<sub>Λ</sub> S<sub>int</sub>",
    "2 E_P[∂_t Ŝ] @ 2 E<sub>P</sub>[∂<sub>t</sub> Ŝ]",
    "2E_P[∂_tŜ] @ 2E<sub>P</sub>[∂<sub>t</sub>Ŝ]",
    "KL_0 − KL_T @ KL<sub>0</sub> − KL<sub>T</sub>",
    "K = e^(−0.7) @ K = e<sup>−0.7</sup>",
    "1/(e^((ε−μ)/T) + 1) @ 1/(e<sup>(ε−μ)/T</sup> + 1)",
    "A^½ @ A<sup>½</sup>",
    "φ_t² K²G_0 @ φ<sub>t</sub>² K²G<sub>0</sub>",
    "no_such_file.txt @ no_such_file.txt",
    "some_value and some_t @ some_value and some_t",
    "a < b @ a &lt; b"
  })
  void scripts(String text, String expected) {
    Markup out = new Markup();
    Prose.write(text, out);
    assertThat(out.toString()).isEqualTo(expected);
  }

  @Test
  void numbersOfTheArxivAreLinks() {
    Markup out = new Markup();
    Prose.writeSource("C_t (2202.11737), hep-lat/0306017, 1102.5238; 12345.67890, 0.5238, 1399.5238", out);
    assertThat(out.toString()).isEqualTo("C<sub>t</sub> (<a "
        + "href=\"https://arxiv.org/abs/2202.11737\">arXiv:2202.11737</a>), "
        + "<a href=\"https://arxiv.org/abs/hep-lat/0306017\">arXiv:hep-lat/0306017</a>, "
        + "<a href=\"https://arxiv.org/abs/1102.5238\">arXiv:1102.5238</a>; 12345.67890, 0.5238, 1399.5238");
  }

  @ParameterizedTest
  @CsvSource({
    "0.123456, 0.00123, 0.1235", "-2, 0, −2", "0.484561671180, 0, 0.48456167118", "1e-13, 0, 1 × 10⁻¹³", "NaN, 1, –",
        "0, 0.1, 0",
    "12345.678, 120, 12346", "1e-12, 1e-13, 1 × 10⁻¹²", "6.6592e-20, 0, 6.6592 × 10⁻²⁰"
  })
  void values(double value, double uncertainty, String expected) {
    assertThat(Numbers.value(value, uncertainty).replace('\u00A0', ' ')).isEqualTo(expected);
  }

  @Test
  void whatIsToleratedLimitsTheDigits() {
    assertThat(Numbers.tolerated(0.978181537642, 0.1)).isEqualTo("0.978");
    assertThat(Numbers.tolerated(0.978181537642, 1e-12)).isEqualTo("0.978181537642");
    assertThat(Numbers.tolerated(-6.008, 0)).isEqualTo("−6.008");
  }

  @Test
  void roughNumbersHaveTwoDigits() {
    assertThat(Numbers.rough(0.0012345)).isEqualTo("0.0012");
    assertThat(Numbers.rough(1234)).isEqualTo("1234");
    assertThat(Numbers.rough(9.96e-7).replace('\u00A0', ' ')).isEqualTo("1 × 10⁻⁶");
    assertThat(Numbers.rough(Double.NaN)).isEqualTo("–");
  }

  @Test
  void deviations() {
    assertThat(deviation(1, 1 + 1e-3, 1e-2)).isEqualTo(new Deviation("10\u00A0%", 0.1));
    assertThat(deviation(0, 0, 0)).isEqualTo(new Deviation("none", 0));
    assertThat(deviation(0, 0.25, 0)).isEqualTo(new Deviation("0.25", Double.POSITIVE_INFINITY));
    assertThat(Deviation.of(Check.monteCarlo("a", "s", "r", 1, 0.98, 0.01)).orElseThrow().text()).isEqualTo("−2 σ");
    assertThat(Deviation.of(Check.failure("a", "broken"))).isEmpty();
  }

  private static Deviation deviation(double expected, double measured, double tolerance) {
    Deviation deviation = Deviation.of(Check.absolute("a", "s", "r", expected, measured, tolerance)).orElseThrow();
    return new Deviation(deviation.text(), Math.rint(1e6 * deviation.share()) / 1e6);
  }

  @Test
  void markupClosesWhatItOpensAndGivesAnIdOnce() {
    Markup out = new Markup().open("p", "title", "a\"<b>&'");
    assertThatThrownBy(out::toString).hasMessageContaining("<p>");
    assertThat(out.text("1 < 2").close().toString()).isEqualTo("<p title=\"a&quot;&lt;b&gt;&amp;&#39;\">1 &lt; 2</p>");
    assertThat(out.newId("a b")).isEqualTo("a-b");
    assertThat(out.newId("a/b")).isEqualTo("a-b-2");
    assertThat(out.newId("7")).isEqualTo("x-7");
    assertThatThrownBy(() -> out.style("a < b")).isInstanceOf(IllegalArgumentException.class);
  }
}
