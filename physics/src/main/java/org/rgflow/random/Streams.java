package org.rgflow.random;

/**
 * The stream numbers in use: one for each independent use of random numbers, so that two uses in the
 * same run never see the same numbers. Uses that need several streams own the range from their number
 * up to the next one.
 */
public final class Streams {
  /** Start configurations. */
  public static final int START = 0x0000;
  /** HMC momenta. */
  public static final int MOMENTA = 0x0100;
  /** Global accept-reject decisions. */
  public static final int ACCEPT = 0x0200;
  /** Local Metropolis and overrelaxation sweeps. */
  public static final int METROPOLIS = 0x1000;
  /** Cluster bonds and seeds. */
  public static final int CLUSTER = 0x2000;
  /** Langevin sampler noise. */
  public static final int LANGEVIN = 0x3000;
  /** RG-flow noise. */
  public static final int FLOW = 0x4000;
  /** Image forward-process noise. */
  public static final int IMAGE = 0x5000;
  /** The start of an image sampler. */
  public static final int IMAGE_START = 0x5100;
  /** Noise of the steps of an image sampler. */
  public static final int IMAGE_SAMPLER = 0x5200;
  /** Resampling (bootstrap) in the error analysis. */
  public static final int RESAMPLING = 0x6000;

  /** Exchanges between the rungs of parallel tempering. */
  public static final int TEMPERING = 0x7000;

  /** The test picture of the demo: value noise, 32 numbers. */
  public static final int SCENE = 0x8000;

  /** Dropout of a network, one number per layer. */
  public static final int DROPOUT = 0x9000;

  /** Initial parameters of a network. */
  public static final int PARAMETERS = 0xA000;

  /** The order of the images in an epoch; the step of the stream is the epoch. */
  public static final int DATA_ORDER = 0xB000;
  /** Which images of an epoch are mirrored. */
  public static final int DATA_FLIP = 0xB100;

  /** Time steps of a training, one number per image of the batch; the step of the stream is that of the training. */
  public static final int TRAINING_TIME = 0xC000;
  /** Which labels a training hides. */
  public static final int TRAINING_LABEL = 0xC100;
  /** Which images of a training see their own first estimate. */
  public static final int TRAINING_SELF = 0xC200;
  /** Input perturbation of a training. */
  public static final int TRAINING_PERTURBATION = 0xC300;

  /** Gaussian fields from which a learned flow starts. */
  public static final int LEARNED_PRIOR = 0xD000;
  /** Which configurations a training of a flow sees. */
  public static final int LEARNED_EXAMPLES = 0xD200;
  /** Decisions of the independence chain on what a learned flow generates. */
  public static final int LEARNED_CHAIN = 0xD100;
  /** What a training of a score model sees: configuration, symmetry and scale. */
  public static final int SCORE_EXAMPLES = 0xD300;
  /** Noise of the flowed ensembles on which a score model is trained. */
  public static final int SCORE_NOISE = 0xD400;
  /** White fields from which a score model goes back. */
  public static final int SCORE_START = 0xD500;
  /** Noise of the reverse stochastic equation. */
  public static final int SCORE_STEPS = 0xD600;
  /** Directions in which the divergence of a score is estimated. */
  public static final int SCORE_PROBES = 0xD700;

  /** Points of transport problems whose answer is known. */
  public static final int TRANSPORT = 0xE000;
  /** Directions of the sliced Wasserstein distance. */
  public static final int SLICES = 0xE100;

  /** Perturbations that a validation tries. */
  public static final int VALIDATION = 0xF000;

  private Streams() {}
}
