/**
 * The TornadoVM device: recorded programs on whatever an installed TornadoVM 5.2 SDK for JDK 25 drives.
 *
 * <p>These sources are compiled, and those in {@code src/tornado-test} run, when {@code TORNADOVM_HOME}
 * names the SDK:
 *
 * <pre>  TORNADOVM_HOME=… mvn -pl physics test -Dtest='org.rgflow.device.**'</pre>
 *
 * <p>A launch in {@code org.rgflow.launch} gets here with three additions: a wrapper in {@link
 * org.rgflow.device.tornado.TornadoKernels}, a line in {@link org.rgflow.device.tornado.TornadoTasks}, and a
 * case in LaunchAgreementTest. A test that needs no SDK notices if one of them is missing.
 */
package org.rgflow.device.tornado;
