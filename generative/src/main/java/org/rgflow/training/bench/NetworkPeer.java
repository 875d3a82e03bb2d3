package org.rgflow.training.bench;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Optional;
import org.rgflow.bench.Peer;
import org.rgflow.network.UNetConfiguration;
import org.rgflow.training.bench.ImagesBench.Monitor;
import org.rgflow.training.bench.ImagesBench.Part;

/** {@code benchmarks/unet_torch.py}, if it can run here. */
final class NetworkPeer implements AutoCloseable {
  private final Peer peer;
  private final Peer.Conversation conversation;
  private final Monitor monitor;

  private NetworkPeer(Peer peer, Peer.Conversation conversation, Monitor monitor) {
    this.peer = peer;
    this.conversation = conversation;
    this.monitor = monitor;
  }

  /** The peer on the processor. */
  static NetworkPeer open(int threads, Monitor monitor) throws IOException {
    return open(monitor, Integer.toString(threads));
  }

  /** The peer on the GPU; it says so when it has none. */
  static NetworkPeer openOnCuda(Monitor monitor) throws IOException {
    return open(monitor, "1", "cuda");
  }

  private static NetworkPeer open(Monitor monitor, String... arguments) throws IOException {
    Peer.Built built = Peer.python("unet_torch.py", "torch", "python3-torch");
    if (built.peer().isEmpty()) {
      monitor.note("no peer for the networks: " + built.reason());
      return new NetworkPeer(null, null, monitor);
    }
    Peer peer = built.peer().get();
    return new NetworkPeer(peer, peer.converse(arguments), monitor);
  }

  /**
   * The same network there.
   *
   * @return empty if there is no peer
   * @throws IOException if its network is another one
   */
  Optional<Rounds.Timed> of(UNetConfiguration c, Part part, int batch) throws IOException {
    if (peer == null) {
      return Optional.empty();
    }
    JsonObject network = new JsonObject();
    network.addProperty("inputChannels", c.inputChannels());
    network.addProperty("outputChannels", c.outputChannels());
    network.addProperty("side", c.side());
    network.addProperty("width", c.width());
    network.add("multipliers", array(c.multipliers()));
    network.addProperty("blocks", c.blocks());
    network.add("attentionLevels", array(c.attentionLevels()));
    network.addProperty("dropout", c.dropout());
    network.addProperty("halving", c.resolution() == UNetConfiguration.Resolution.HALVING);
    JsonObject request = new JsonObject();
    request.add("network", network);
    request.addProperty("task", part.label());
    request.addProperty("batch", batch);
    JsonObject made;
    try {
      made = conversation.ask(request.toString());
    } catch (IOException e) {
      monitor.note("no peer for this network: " + e.getMessage());
      return Optional.empty();
    }
    if (made.get("parameters").getAsLong() != c.parameters(0)
        || made.get("multiplyAccumulates").getAsLong() != c.multiplyAccumulates()) {
      throw new IOException("the peer's network has " + made.get("parameters") + " parameters and "
          + made.get("multiplyAccumulates") + " multiply-accumulates, ours " + c.parameters(0) + " and "
          + c.multiplyAccumulates());
    }
    return Optional.of(duration ->
        conversation.ask("{\"seconds\": " + duration + "}").get("secondsPerBatch").getAsDouble());
  }

  private static JsonArray array(Iterable<Integer> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  @Override
  public void close() throws IOException {
    if (peer != null) {
      conversation.close();
      peer.close();
    }
  }
}
