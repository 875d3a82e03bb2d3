/** What {@code rgflow bench images} measures: networks, matrix products, convolutions, and the paper's Table 1. */
package org.rgflow.training.bench;
