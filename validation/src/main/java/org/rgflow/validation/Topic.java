package org.rgflow.validation;

import java.util.List;
import java.util.Objects;
import org.rgflow.validation.figure.Figure;

/**
 * What a group of measurements is about: the heading, claim, formulas and sources that a report puts before their
 * checks and figures.
 *
 * @param id short name, unique in its suite
 * @param title heading
 * @param claim what is claimed and how it is measured; plain text
 * @param formulas displayed formulas in TeX, as {@code \frac{a}{b}}, {@code x^2}, {@code \partial_t}; the report's
 *     formula reader says what it knows
 * @param source where the claim comes from; plain text
 */
public record Topic(String id, String title, String claim, List<String> formulas, String source) {
  public Topic {
    Figure.requireId(id);
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(claim, "claim");
    Objects.requireNonNull(source, "source");
    formulas = List.copyOf(formulas);
  }
}
