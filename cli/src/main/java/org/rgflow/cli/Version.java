package org.rgflow.cli;

import picocli.CommandLine.IVersionProvider;

/** {@code --version}: the program's version from its jar, and what it runs on. */
final class Version implements IVersionProvider {
  static String number() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /** The virtual machine and the operating system. */
  static String platform() {
    return "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"rgflow " + number(), platform()};
  }
}
