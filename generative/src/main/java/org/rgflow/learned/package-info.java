/**
 * Models that learn to turn Gaussian fields into those of lattice φ⁴ theory: continuous normalizing flows, trained by
 * relative entropy ({@link org.rgflow.learned.FlowTrainer}), and scores, trained along the exact RG flow of an ensemble
 * ({@link org.rgflow.learned.ScoreTrainer}); and what they generate, with likelihoods, importance weights and an exact
 * chain.
 */
package org.rgflow.learned;
