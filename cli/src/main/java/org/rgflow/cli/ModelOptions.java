package org.rgflow.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.rgflow.model.ModelFile;
import org.rgflow.model.ModelLocation;
import org.rgflow.training.ImageModel;
import picocli.CommandLine.Option;

/** Which image model a command uses. */
final class ModelOptions {
  @Option(names = "--model", paramLabel = "FILE|RUN|bundled:NAME", completionCandidates = Names.class,
      description = "A checkpoint or an exported model, the folder of a run (its newest checkpoint), or a model that"
          + " comes with rgflow.")
  private String model;

  /** The bundled models. */
  static final class Names extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Names() throws IOException {
      super(ModelLocation.bundledNames().stream().map(name -> ModelLocation.BUNDLED + name).toList());
    }
  }

  /** Whether one was named. */
  boolean given() {
    return model != null;
  }

  /** The one that was named. */
  ModelLocation location() throws IOException {
    if (model == null) {
      List<String> names = ModelLocation.bundledNames();
      throw new IllegalArgumentException("--model is missing: a checkpoint, an exported model"
          + (names.isEmpty() ? " or the folder of a run"
              : ", the folder of a run or " + ModelLocation.BUNDLED + names.getFirst()));
    }
    return ModelLocation.of(model);
  }

  /** Opens it, checked. */
  ModelFile open() throws IOException {
    return location().open();
  }

  /** Reads it whole. */
  ImageModel read() throws IOException {
    try (ModelFile file = open()) {
      return ImageModel.read(file);
    }
  }
}
