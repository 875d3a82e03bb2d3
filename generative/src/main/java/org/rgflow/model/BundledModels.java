package org.rgflow.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.rgflow.text.NearestName;

/**
 * The models that come with the program: resources {@code NAME.safetensors} beside a resource {@value #INDEX} that
 * lists their names, one a line ({@code #} begins a remark).
 *
 * @param resources where the resources are
 */
record BundledModels(Resources resources) {
  static final String INDEX = "index";

  /** Resources by their names. */
  @FunctionalInterface
  interface Resources {
    /** @return null if there is none of that name */
    InputStream open(String name);
  }

  /** Those on the class path. */
  static final BundledModels OWN =
      new BundledModels(name -> BundledModels.class.getResourceAsStream("bundled/" + name));

  /** The names, as the index orders them. */
  List<String> names() throws IOException {
    byte[] index = contents(INDEX);
    return index == null ? List.of() : new String(index, StandardCharsets.UTF_8).lines()
        .map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).toList();
  }

  /**
   * Opens a model and checks all of it.
   *
   * @throws IllegalArgumentException if there is none of that name, with the nearest one
   */
  ModelFile open(String name) throws IOException {
    List<String> names = names();
    if (names.isEmpty()) {
      throw new IllegalArgumentException("there is no model " + ModelLocation.BUNDLED + name
          + ": none are bundled with this program; give a file");
    }
    if (!names.contains(name)) {
      throw new IllegalArgumentException(NearestName.message("bundled model", name, names));
    }
    byte[] contents = contents(name + ".safetensors");
    if (contents == null) {
      throw new IOException("cannot read " + ModelLocation.BUNDLED + name + ": the program's files are incomplete");
    }
    return ModelFile.of(ModelLocation.BUNDLED + name, contents);
  }

  private byte[] contents(String resource) throws IOException {
    try (InputStream in = resources.open(resource)) {
      return in == null ? null : in.readAllBytes();
    }
  }
}
