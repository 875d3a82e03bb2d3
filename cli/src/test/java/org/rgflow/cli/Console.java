package org.rgflow.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.rgflow.io.Json;

/** What one command line printed and returned. */
record Console(int status, String out, String err) {
  static Console run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Console(status, out.toString(), err.toString());
  }

  /** The standard output as one JSON object and nothing else. */
  JsonObject json() throws IOException {
    return Json.parseObject(out);
  }
}
