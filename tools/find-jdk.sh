# Sourced by wengert, mvnw and .ci/run: find_jdk sets jdk to the home of a JDK that fits, or to nothing.
# It reads the `release` file of each candidate and starts no JVM, so it takes a few milliseconds.

jdk_needed=25

# Sets feature to the feature version (25 for 25.0.3) of the JDK in $1; 0 where there is none.
jdk_feature() {
  feature=0
  [ -x "$1/bin/javac" ] || return 0
  version=
  if [ -r "$1/release" ]; then
    while IFS='=' read -r key value; do
      [ "$key" = JAVA_VERSION ] && version=${value#\"}
    done <"$1/release"
  else
    version=$("$1/bin/javac" -version 2>&1)
    version=${version#javac }
  fi
  version=${version%%[!0-9]*}
  feature=${version:-0}
}

# Keeps $1 if it fits. The needed version itself ends the search: it is the one that the project is built and
# tested with; a newer one is taken only where there is no such.
jdk_try() {
  [ "$jdk_found" -eq "$jdk_needed" ] && return 0
  jdk_feature "$1"
  [ "$feature" -ge "$jdk_needed" ] || return 0
  if [ "$jdk_found" -eq 0 ] || [ "$feature" -eq "$jdk_needed" ]; then
    jdk=$1
    jdk_found=$feature
  fi
}

# The JDK that the user named wins over all others, whatever fitting version it is.
find_jdk() {
  jdk=
  jdk_found=0
  for candidate in "${WENGERT_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
    [ -n "$candidate" ] && jdk_try "$candidate"
    [ -n "$jdk" ] && return 0
  done
  candidate=$(command -v javac) && candidate=$(readlink -f "$candidate" 2>/dev/null) &&
    jdk_try "${candidate%/bin/javac}"
  if [ -x /usr/libexec/java_home ] && candidate=$(/usr/libexec/java_home -F -v "$jdk_needed+" 2>/dev/null); then
    jdk_try "$candidate"
  fi
  user=${HOME:-/nonexistent}
  for candidate in \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /usr/local/openjdk* \
    "$user"/.sdkman/candidates/java/* "$user"/.jdks/* "$user"/.gradle/jdks/* \
    "$user"/.local/share/mise/installs/java/* "$user"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$user"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    jdk_try "$candidate"
  done
}

# Says on standard error, on behalf of $1, that there is no JDK.
no_jdk() {
  echo "$1: no JDK $jdk_needed or newer found: looked at WENGERT_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm, /opt," \
    "~/.sdkman, ~/.jdks and the like." >&2
  echo "$1: install one, for instance Temurin $jdk_needed, or set WENGERT_JAVA_HOME to where one lies." >&2
}
