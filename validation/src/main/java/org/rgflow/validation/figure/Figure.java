package org.rgflow.validation.figure;

import com.google.gson.JsonObject;

/** What a report shows beside its checks. It holds data and words; how it is drawn is left to the report. */
public sealed interface Figure permits Diagram, Gallery {
  /**
   * Short name, unique in its suite, such as {@code double-well.densities}: lower-case letters, digits, dots,
   * hyphens.
   */
  String id();

  /** One line, in plain text. */
  String title();

  /** What is seen, at which parameters, and what the reader should compare; plain text. */
  String caption();

  /**
   * The data of the figure with its words; the keys are a contract with scripts. Numbers that are not finite become
   * null.
   */
  JsonObject toJson();

  /**
   * Returns the id.
   *
   * @throws IllegalArgumentException if an id has other than lower-case letters, digits, dots and hyphens
   */
  static String requireId(String id) {
    if (!id.matches("[a-z0-9]+([.-][a-z0-9]+)*")) {
      throw new IllegalArgumentException(
          "'" + id + "' is not a figure's name: lower-case letters and digits, separated by dots or hyphens");
    }
    return id;
  }
}
