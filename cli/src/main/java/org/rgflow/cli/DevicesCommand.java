package org.rgflow.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import org.rgflow.device.DeviceInfo;
import org.rgflow.device.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rgflow devices}. */
@Command(
    name = "devices",
    description = "Lists the devices that can be used, and says why the others cannot.",
    footerHeading = "%nExamples:%n",
    footer = {"  rgflow devices", "  rgflow devices --format json"})
final class DevicesCommand implements Runnable {
  @Mixin
  private OutputOptions output;

  @Override
  public void run() {
    List<DeviceInfo> entries = Devices.list();
    JsonArray devices = new JsonArray();
    for (DeviceInfo entry : entries) {
      output.line("%-10s %-13s %s", entry.name(), entry.available() ? "usable" : "not available", entry.description());
      JsonObject device = new JsonObject();
      device.addProperty("name", entry.name());
      device.addProperty("kind", entry.kind().name().toLowerCase(Locale.ROOT));
      device.addProperty("usable", entry.available());
      device.addProperty("description", entry.description());
      devices.add(device);
    }
    JsonObject result = new JsonObject();
    result.add("devices", devices);
    output.object(result);
  }
}
