/**
 * Networks of layers that record their forward and backward launches side by side. Dimension letters: n samples, p
 * positions of a sample (row · side + column), c channels. Activations are channels-last, [n][p][c]; weights are
 * [tap][in][out].
 */
package org.rgflow.network;
