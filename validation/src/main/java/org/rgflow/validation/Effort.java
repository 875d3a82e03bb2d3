package org.rgflow.validation;

/** How much time a suite may take. */
public enum Effort {
  /** All suites together in about a minute on two cores. */
  QUICK,
  /** Within 20 minutes, large lattices included. */
  FULL
}
