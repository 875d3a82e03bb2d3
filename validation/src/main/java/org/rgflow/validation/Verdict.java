package org.rgflow.validation;

/** What a check concluded. */
public enum Verdict {
  /** The measured value agrees with the expected one. */
  PASS,
  /** It does not, or the check could not be carried out. */
  FAIL,
  /** It agrees, but its error bar is too wide to have seen an error of a factor 2; does not count as passed. */
  INCONCLUSIVE
}
