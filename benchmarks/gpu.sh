#!/bin/sh
# Takes the program to a GPU machine that has neither network nor Java, and measures there.
#
#   TORNADOVM_HOME=... benchmarks/gpu.sh pack [FILE]     here: packs SDK, a Java runtime and the program (60 MB at most)
#   tar xf rgflow-gpu.tar.xz && rgflow-gpu/run           there: prints the tables of docs/gpu.md; options as of
#                                                        'rgflow bench device', for instance --quick
#   rgflow-gpu/rgflow ...                                there: any other command
#
# FILE is rgflow-gpu.tar.xz in the current folder by default. POSIX sh.
set -eu

die() {
  printf 'gpu.sh: %s\n' "$*" >&2
  exit 2
}

home=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
[ "${1:-}" = pack ] || die "usage: TORNADOVM_HOME=... $0 pack [FILE]"
file=${2:-rgflow-gpu.tar.xz}
sdk=${TORNADOVM_HOME:-}
[ -n "$sdk" ] || die "TORNADOVM_HOME is not set; it names the TornadoVM SDK for the GPU's backend (see docs/gpu.md)"
[ -r "$sdk/tornado-argfile" ] || die "$sdk holds no tornado-argfile"
case $(uname -s) in Linux) ;; *) die "packs on Linux only, where the GPU machine is assumed to be" ;; esac
command -v xz >/dev/null || die "xz is missing (Debian: apt install xz-utils)"

devices=$("$home/bin/rgflow" devices) || die "the project does not build"
case $devices in
  *"is no TornadoVM SDK"* | *"for JDK"* | *"built without"*) die "$(printf '%s\n' "$devices" | tail -n 1)" ;;
esac
java_home=
for candidate in "${JAVA_HOME:-/nonexistent}" /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
  if [ -z "$java_home" ] && [ -x "$candidate/bin/jlink" ] && grep -q '^JAVA_VERSION="25' "$candidate/release" 2>/dev/null; then
    java_home=$candidate
  fi
done
[ -n "$java_home" ] || die "no JDK 25 with jlink found; set JAVA_HOME"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 2' INT TERM HUP
there=$work/rgflow-gpu
mkdir -p "$there/lib" "$there/sdk/share/java/tornado"

"$java_home/bin/jlink" --output "$there/java" --strip-debug --no-man-pages --no-header-files --compress zip-0 \
  --add-modules java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.incubator.vector,jdk.internal.vm.ci,jdk.graal.compiler,jdk.management,jdk.unsupported,jdk.zipfs

# The program, and of the SDK what runs: no examples, tests and tools, and not its old EJML, which would hide ours.
cp "$home/cli/target/rgflow.jar" "$there/"
cp "$home"/cli/target/lib/*.jar "$there/lib/"
cp -R "$sdk/lib" "$sdk/share/java/graalJars" "$work/" 2>/dev/null || cp -R "$sdk/lib" "$work/"
mv "$work/lib" "$there/sdk/lib"
if [ -d "$work/graalJars" ]; then mv "$work/graalJars" "$there/sdk/share/java/graalJars"; fi
for jar in "$sdk"/share/java/tornado/*.jar; do
  case ${jar##*/} in
    ejml-* | tornado-examples-* | tornado-unittests-* | tornado-benchmarks-* | tornado-fuzz-* | tornado-cutlass-* | junit-* \
      | hamcrest-* | jmh-* | lucene-* | log4j-* | jopt-simple-*) ;;
    *) cp "$jar" "$there/sdk/share/java/tornado/" ;;
  esac
done
sed "s#$sdk#@SDK@#g" "$sdk/tornado-argfile" >"$there/argfile"
for name in LICENSE_APACHE2 LICENSE_GPLv2CE LICENSE_MIT; do
  if [ -r "$sdk/$name" ]; then cp "$sdk/$name" "$there/sdk/"; fi
done
cp "$home/LICENSE" "$home/NOTICE" "$there/"

cat >"$there/rgflow" <<'RGFLOW'
#!/bin/sh
here=$(CDPATH='' cd -P -- "$(dirname -- "$0")" && pwd) || exit 2
export TORNADOVM_HOME="$here/sdk"
arguments=$(mktemp) || exit 2
trap 'rm -f "$arguments"' EXIT
sed "s#@SDK@#$here/sdk#g" "$here/argfile" >"$arguments"
modules=$(printf '%s:' "$here"/sdk/share/java/tornado/*.jar)
"$here/java/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow -Djava.awt.headless=true -XX:+UseParallelGC -XX:MaxRAMPercentage=60 \
  -Xlog:disable -XX:+DisplayVMOutputToStderr "@$arguments" "--module-path=${modules%:}" -Dtornado.recover.bailout=False \
  -cp "$here/rgflow.jar" org.rgflow.cli.Main "$@"
RGFLOW
cat >"$there/run" <<'RUN'
#!/bin/sh
# All tables of docs/gpu.md, on the first device of TornadoVM; options go to 'rgflow bench device'.
here=$(CDPATH='' cd -P -- "$(dirname -- "$0")" && pwd) || exit 2
command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,clocks.max.sm --format=csv,noheader
"$here/rgflow" devices || exit 2
"$here/rgflow" bench device --device tornado "$@"
RUN
chmod +x "$there/rgflow" "$there/run"

(cd "$work" && tar cf - rgflow-gpu) | xz -T0 -6 >"$file"
size=$(($(wc -c <"$file") / 1000000))
printf '%s: %s MB\n' "$file" "$size"
[ "$size" -lt 60 ] || die "$file is larger than 60 MB"
