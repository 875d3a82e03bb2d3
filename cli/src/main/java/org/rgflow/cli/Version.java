package org.rgflow.cli;

import picocli.CommandLine.IVersionProvider;

/** {@code --version}: the program's version from its jar, and what it runs on. */
final class Version implements IVersionProvider {
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "rgflow " + number(),
      "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
    };
  }
}
