package org.rgflow.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PeerTest {
  /** Where there is no Python or no compiler the answer is the same: what to install. */
  @Test
  void aMissingLibraryIsNamedWithItsPackage() throws IOException {
    Peer.Built script = Peer.python("unet_torch.py", "a_module_that_nobody_has", "python3-nothing");
    assertThat(script.peer()).isEmpty();
    assertThat(script.reason()).contains("a_module_that_nobody_has").endsWith("apt install python3-nothing");

    Peer.Built program = Peer.build("sgemm_openblas.c", new Peer.Library("-la_library_that_nobody_has", "libnothing-dev"));
    assertThat(program.peer()).isEmpty();
    assertThat(program.reason()).containsPattern("apt install (gcc )?libnothing-dev$").doesNotContain("\n");
  }
}
