/**
 * Optimal transport, and gradient flows in its metric.
 *
 * <table>
 * <caption>What is computed by what</caption>
 * <tr><th>between</th><th>distance, plan, potentials</th></tr>
 * <tr><td>points, any cost</td><td>{@link org.rgflow.transport.ExactTransport}, with entropy
 * {@link org.rgflow.transport.Sinkhorn}; problems of known solution {@link org.rgflow.transport.KnownTransport}, the
 * proof that a plan is optimal {@link org.rgflow.transport.TransportCheck}</td></tr>
 * <tr><td>points on the line</td><td>{@link org.rgflow.transport.LineTransport}; by projections in any dimension
 * {@link org.rgflow.transport.SlicedWasserstein}</td></tr>
 * <tr><td>Gaussians</td><td>{@link org.rgflow.transport.BuresWasserstein}, mode by mode
 * {@link org.rgflow.transport.GaussianModes}</td></tr>
 * <tr><td>densities on an interval or a rectangle</td><td>{@link org.rgflow.transport.DynamicTransport}</td></tr>
 * <tr><td>laws of a Markov chain</td><td>{@link org.rgflow.transport.GraphTransport}; curvature
 * {@link org.rgflow.transport.GraphCurvature}</td></tr>
 * </table>
 *
 * <p>The gradient flow of KL(·‖Q) is {@link org.rgflow.transport.FokkerPlanck}, its minimising movements are
 * {@link org.rgflow.transport.MinimisingMovement} on a grid and {@link org.rgflow.transport.QuantileFlow} for the
 * particles of one mode. Mobilities M are those of ∂_t P = ∂·(M P ∂ ln(P/Q)); Polchinski's equation has M = B/2.
 *
 * <p>W is a distance; where its square is meant, names say so. Everything is in double.
 */
package org.rgflow.transport;
