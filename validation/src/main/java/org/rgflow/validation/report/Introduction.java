package org.rgflow.validation.report;

/** What the suites have in common, for a reader who knows the mathematics but not the program. */
final class Introduction {
  private Introduction() {}

  static void write(Markup out) {
    out.open("section", "id", out.newId("introduction"), "class", "introduction").element("h2", "What is shown").line();
    paragraph(out, "A regulator K(ε, μ) says how much of a mode of energy ε is left at scale μ; with a reference "
        + "covariance C_0 let C = C_0 K. Lowering the scale from s to t takes every mode of a field by an "
        + "Ornstein–Uhlenbeck step that is exact at any size:");
    MathFormula.write("\\varphi_t = a\\,\\varphi_s + \\sqrt{n}\\,\\xi, \\quad a = \\frac{C_t}{C_s}, \\quad n = "
        + "C_t\\left(1 - \\frac{C_t}{C_s}\\right), \\quad \\xi \\sim \\mathcal{N}(0, 1)", out);
    paragraph(out, "Its law is Polchinski’s exact renormalization group (1984; Wegner and Houghton 1973 and Morris "
        + "1995 for other schemes): the interaction part of the action obeys the first equation below, and all "
        + "connected functions of modes below the cutoff stay what they were. Read as a Fokker–Planck equation it is a "
        + "gradient flow of relative entropy in the Wasserstein metric (Jordan, Kinderlehrer and Otto 1998; Cotler and "
        + "Rezchikov, 2202.11737), with the mobility B/2, B = −∂_t C:");
    MathFormula.write("\\Lambda\\frac{\\partial S_{\\mathrm{int}}}{\\partial\\Lambda} = "
        + "\\frac{1}{2}\\left(\\Lambda\\frac{\\partial C}{\\partial\\Lambda}\\right)\\left(S_{\\mathrm{int}}'^2 - "
        + "S_{\\mathrm{int}}''\\right)", out);
    MathFormula.write("\\partial_t P = \\frac{1}{2}\\,\\partial\\left(B\\,P\\,\\partial\\ln\\frac{P}{Q}\\right), "
        + "\\quad Q = \\mathcal{N}(0, C/2)", out);
    paragraph(out, "In the variable y = φ/√K with C_0 = 1 the same step is the variance-preserving diffusion of "
        + "image models, with ᾱ = K; the noise schedule of the frequency-domain model (Sheshmani et al., 2402.17090) "
        + "is this flow under the Fermi function. So one kernel serves lattice fields and pictures, and learning the "
        + "diffusion backwards is learning to undo a renormalization group flow (Cotler and Rezchikov, 2308.12355):");
    MathFormula.write("y_t = \\sqrt{\\bar{α}_t}\\,y_0 + \\sqrt{1 - \\bar{α}_t}\\,\\xi, \\quad \\bar{α}_t = "
        + "K(\\varepsilon, \\mu_t) = \\frac{1}{e^{(\\varepsilon - \\mu_t)/T} + 1}", out);
    paragraph(out, "Every check compares a number of the library with one that was found in another way: a closed "
        + "form, a quadrature, an exact sum, a published value. Where nothing is random the tolerance is that of the "
        + "arithmetic. A Monte Carlo result must agree within four standard errors, and its error must be small enough "
        + "to have seen a mistake of a factor of two; otherwise the check is inconclusive, which does not count as "
        + "passed. Deviations are given in standard errors σ, or else in percent of the tolerance. Seeds are fixed: "
        + "the command above gives the same numbers again.");
    out.close().line();
  }

  private static void paragraph(Markup out, String text) {
    out.open("p");
    Prose.writeSource(text, out);
    out.close().line();
  }
}
