/**
 * Flows that learn to turn Gaussian fields into those of lattice φ⁴ theory: their training by relative entropy, and
 * what they generate, with likelihoods, importance weights and an exact chain.
 */
package org.rgflow.learned;
