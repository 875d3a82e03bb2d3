package org.rgflow.network;

/** What a network is made for. */
public enum Purpose {
  /** Forward passes only: activations share memory as soon as they are no longer needed. */
  INFERENCE,
  /** Gradients too: activations are kept for the backward pass. */
  TRAINING
}
