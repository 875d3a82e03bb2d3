package org.rgflow.data;

/**
 * A file that was passed over.
 *
 * @param name as in the folder or zip
 * @param reason one line
 */
public record DamagedPicture(String name, String reason) {
  @Override
  public String toString() {
    return name + ": " + reason;
  }
}
