package org.rgflow.validation.figure;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Objects;

/**
 * Curves over two axes.
 *
 * @param curves in the order of the legend; later ones are drawn over earlier ones
 */
public record Diagram(String id, String title, Quantity x, Quantity y, List<Curve> curves, String caption)
    implements Figure {
  /** @throws IllegalArgumentException if there is no curve, or the id is malformed */
  public Diagram {
    Figure.requireId(id);
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(x, "x");
    Objects.requireNonNull(y, "y");
    Objects.requireNonNull(caption, "caption");
    curves = List.copyOf(curves);
    if (curves.isEmpty()) {
      throw new IllegalArgumentException("diagram " + id + " has no curve");
    }
  }

  /** {@code {"id","kind":"diagram","title","caption","x","y","curves":[{"label","mark","x","y","error"}]}}. */
  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("id", id);
    json.addProperty("kind", "diagram");
    json.addProperty("title", title);
    json.addProperty("caption", caption);
    json.add("x", x.toJson());
    json.add("y", y.toJson());
    JsonArray list = new JsonArray();
    curves.forEach(c -> list.add(c.toJson()));
    json.add("curves", list);
    return json;
  }
}
