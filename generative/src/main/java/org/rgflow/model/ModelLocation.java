package org.rgflow.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a user names as a model: a file (checkpoint or exported model), the folder of a run, which stands for its
 * newest sound checkpoint, or {@code bundled:NAME}, a model that comes with the program.
 */
public final class ModelLocation {
  /** What the name of a bundled model begins with. */
  public static final String BUNDLED = "bundled:";

  /** Names of bundled models of lattice fields begin so. */
  private static final String FIELDS = "phi4-";

  private final String text;
  private final BundledModels bundled;

  private ModelLocation(String text, BundledModels bundled) {
    this.text = text;
    this.bundled = bundled;
  }

  /** As a user writes it; whether there is such a model shows when it is opened. */
  public static ModelLocation of(String text) {
    return of(text, BundledModels.OWN);
  }

  static ModelLocation of(String text, BundledModels bundled) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("a model is a file, the folder of a run, or " + BUNDLED
          + "NAME, not an empty name");
    }
    return new ModelLocation(text.strip(), bundled);
  }

  /** What a model generates. */
  public enum Kind {
    IMAGES,
    FIELDS
  }

  /** Names of the models of a kind that come with the program, without {@value #BUNDLED}. */
  public static List<String> bundledNames(Kind kind) throws IOException {
    return BundledModels.OWN.names().stream().filter(name -> name.startsWith(FIELDS) == (kind == Kind.FIELDS)).toList();
  }

  /** Whether it comes with the program. */
  public boolean isBundled() {
    return text.startsWith(BUNDLED);
  }

  /**
   * The file, of a run the newest sound checkpoint, with a line for each newer one that was passed over.
   *
   * @throws IOException if a run has none
   * @throws IllegalArgumentException if the model is bundled, or the text is no path
   */
  public CheckpointDirectory.Latest file() throws IOException {
    if (isBundled()) {
      throw new IllegalArgumentException(text + " is no file of its own");
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("'" + text + "' is no path of a file: " + e.getReason(), e);
    }
    if (!Files.exists(path) && bundled.names().contains(text)) {
      throw new IOException("cannot read " + path + ": there is no such file; the model that comes with the program is "
          + BUNDLED + text);
    }
    return Files.isDirectory(path) ? new CheckpointDirectory(path, 1).resolve(CheckpointDirectory.LATEST)
        : new CheckpointDirectory.Latest(path, List.of());
  }

  /**
   * Opens the model's file and checks all of it; see {@link ModelFile#open}.
   *
   * @throws IOException if it is missing, damaged or foreign
   * @throws IllegalArgumentException if no model of that name is bundled, with the nearest one
   */
  public ModelFile open() throws IOException {
    return isBundled() ? bundled.open(text.substring(BUNDLED.length())) : ModelFile.open(file().path());
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
