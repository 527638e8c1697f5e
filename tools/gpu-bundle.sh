#!/bin/sh
# Makes target/gpu-check and target/gpu-check.tar.gz: this project with a Java of its own, for Linux x86-64
# machines with an NVIDIA card, where ./gpu-check says whether it is right there and how fast. What must be on
# that machine: the driver, cuBLAS and cuDNN. What must be on this one: a JDK 25, on Linux x86-64 too.
set -eu
unset CDPATH
most=60000000

case $0 in
  */*) home=$(cd "${0%/*}/.." && pwd -P) ;;
  *) home=$(cd .. && pwd -P) ;;
esac
. "$home/tools/find-jdk.sh"
find_jdk
if [ -z "$jdk" ]; then
  no_jdk gpu-bundle
  exit 1
fi
if [ "$(uname -s) $(uname -m)" != 'Linux x86_64' ]; then
  echo "gpu-bundle: the bundle holds this machine's Java and is for Linux x86_64; this is $(uname -s)" \
    "$(uname -m)." >&2
  exit 1
fi
if [ ! -x "$jdk/bin/jlink" ]; then
  echo "gpu-bundle: $jdk has no jlink; set WENGERT_JAVA_HOME to a complete JDK $jdk_needed." >&2
  exit 1
fi

# Maven's arguments, such as -o, may be given to this script.
(cd "$home" && JAVA_HOME=$jdk ./mvnw -B -ntp -q "$@" -pl benchmarks -am -Dmaven.test.skip=true \
  -Don.warning=-nowarn -Ddoc.checks=-Xdoclint:none -Dmaven.compiler.fork=false package)

bundle=$home/target/gpu-check
rm -rf "$bundle" "$bundle.tar.gz"
mkdir -p "$bundle/lib"
cp "$home"/benchmarks/target/wengert-benchmarks-*[0-9].jar "$bundle/lib"
for jar in "$home"/benchmarks/target/lib/*.jar; do
  case ${jar##*/} in
    jmh-* | jopt-* | commons-math* | *-sources.jar) ;;
    *) cp "$jar" "$bundle/lib" ;;
  esac
done
cp -r "$home/gan/src/test/resources/conformance" "$bundle"
cp "$home/LICENSE" "$bundle"
cp "$home/tools/gpu-check" "$bundle"
chmod 755 "$bundle/gpu-check"

# what `jdeps --print-module-deps` says of these jars, but for java.desktop, which only reads JPEG files
"$jdk/bin/jlink" --add-modules java.base,java.logging,java.management,jdk.incubator.vector,jdk.unsupported \
  --strip-debug --no-header-files --no-man-pages --compress zip-9 --output "$bundle/runtime" 2>&1 |
  { grep -v 'Using incubator modules' || :; }
[ -x "$bundle/runtime/bin/java" ]

tar -C "$home/target" --owner=0 --group=0 -czf "$bundle.tar.gz" gpu-check
size=$(wc -c <"$bundle.tar.gz")
echo "$bundle.tar.gz: $((size / 1000000)) MB"
if [ "$size" -ge "$most" ]; then
  echo "gpu-bundle: expected less than $((most / 1000000)) MB. Largest parts:" >&2
  du -k "$bundle/lib"/* "$bundle/runtime/lib"/* | sort -rn | head -n 8 >&2
  exit 1
fi
