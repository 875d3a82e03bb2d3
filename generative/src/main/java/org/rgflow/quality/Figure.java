package org.rgflow.quality;

/**
 * A figure of quality and its floor: the same figure of real pictures that are not the reference, as many as the
 * generated ones. A perfect model stands at the floor, within its scatter.
 *
 * @param name of the figure, for scripts
 * @param title of the figure, for people
 * @param value of the generated pictures
 * @param floor of the test pictures
 */
public record Figure(String name, String title, double value, double floor) {}
