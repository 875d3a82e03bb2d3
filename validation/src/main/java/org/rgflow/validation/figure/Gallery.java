package org.rgflow.validation.figure;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Objects;
import org.rgflow.io.Json;
import org.rgflow.validation.plot.Panels;

/**
 * Fields or pictures in rows, for instance one configuration along the exact flow and, below it, along the
 * learned one. Fields are drawn on one common scale of colours; pictures as they are.
 */
public record Gallery(String id, String title, List<Row> rows, String caption) implements Figure {
  /**
   * Tiles of one size from left to right.
   *
   * @param label what the row is; may be empty if it is the only one
   */
  public record Row(String label, List<? extends Panels.Tile> tiles) {
    /** @throws IllegalArgumentException if there is no tile */
    public Row {
      Objects.requireNonNull(label, "label");
      tiles = List.copyOf(tiles);
      if (tiles.isEmpty()) {
        throw new IllegalArgumentException("row '" + label + "' has nothing to show");
      }
    }
  }

  /** @throws IllegalArgumentException if there is no row, or the id is malformed */
  public Gallery {
    Figure.requireId(id);
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(caption, "caption");
    rows = List.copyOf(rows);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("gallery " + id + " has nothing to show");
    }
  }

  /**
   * {@code {"id","kind":"gallery","title","caption","rows":[{"label","tiles":[{"label","detail","width","height",
   * "values"}]}]}}; {@code values}, rows of a field one after the other, is missing from pictures.
   */
  @Override
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("id", id);
    json.addProperty("kind", "gallery");
    json.addProperty("title", title);
    json.addProperty("caption", caption);
    JsonArray list = new JsonArray();
    for (Row row : rows) {
      JsonArray tiles = new JsonArray();
      row.tiles.forEach(t -> tiles.add(tile(t)));
      JsonObject entry = new JsonObject();
      entry.addProperty("label", row.label);
      entry.add("tiles", tiles);
      list.add(entry);
    }
    json.add("rows", list);
    return json;
  }

  private static JsonObject tile(Panels.Tile tile) {
    JsonObject json = new JsonObject();
    json.addProperty("label", tile.label());
    json.addProperty("detail", tile.detail());
    json.addProperty("width", tile.width());
    json.addProperty("height", tile.height());
    if (tile instanceof Panels.Field field) {
      JsonArray values = new JsonArray();
      for (float value : field.values()) {
        values.add(Json.number(Double.parseDouble(Float.toString(value)))); // 0.1, not 0.10000000149
      }
      json.add("values", values);
    }
    return json;
  }
}
