# Sourced by wengert, mvnw and .ci/run: find_jdk sets jdk to the home of a JDK that fits, or to nothing. All
# its other names begin with jdk_ too.
# It reads the `release` file of each candidate and starts no JVM, so it takes a few milliseconds.

jdk_needed=25

# Sets jdk_is to the feature version (25 for 25.0.3) of the JDK in $1; 0 where there is none.
jdk_feature() {
  jdk_is=0
  [ -x "$1/bin/javac" ] || return 0
  jdk_version=
  if [ -r "$1/release" ]; then
    while IFS='=' read -r jdk_key jdk_value; do
      [ "$jdk_key" = JAVA_VERSION ] && jdk_version=${jdk_value#\"}
    done <"$1/release"
  else
    jdk_version=$("$1/bin/javac" -version 2>&1)
    jdk_version=${jdk_version#javac }
  fi
  jdk_version=${jdk_version%%[!0-9]*}
  jdk_is=${jdk_version:-0}
}

# Keeps $1 if it fits. The needed version itself ends the search: it is the one that the project is built and
# tested with; a newer one is taken only where there is no such.
jdk_try() {
  [ "$jdk_found" -eq "$jdk_needed" ] && return 0
  jdk_feature "$1"
  [ "$jdk_is" -ge "$jdk_needed" ] || return 0
  if [ "$jdk_found" -eq 0 ] || [ "$jdk_is" -eq "$jdk_needed" ]; then
    jdk=$1
    jdk_found=$jdk_is
  fi
}

# The JDK that the user named wins over all others, whatever fitting version it is.
find_jdk() {
  jdk=
  jdk_found=0
  for jdk_at in "${WENGERT_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
    [ -n "$jdk_at" ] && jdk_try "$jdk_at"
    [ -n "$jdk" ] && return 0
  done
  jdk_at=$(command -v javac) && jdk_at=$(readlink -f "$jdk_at" 2>/dev/null) &&
    jdk_try "${jdk_at%/bin/javac}"
  if [ -x /usr/libexec/java_home ] && jdk_at=$(/usr/libexec/java_home -F -v "$jdk_needed+" 2>/dev/null); then
    jdk_try "$jdk_at"
  fi
  jdk_user=${HOME:-/nonexistent}
  for jdk_at in \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /usr/local/openjdk* \
    "$jdk_user"/.sdkman/candidates/java/* "$jdk_user"/.jdks/* "$jdk_user"/.gradle/jdks/* \
    "$jdk_user"/.local/share/mise/installs/java/* "$jdk_user"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$jdk_user"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    jdk_try "$jdk_at"
  done
}

# Says on standard error, on behalf of $1, that there is no JDK.
no_jdk() {
  echo "$1: no JDK $jdk_needed or newer found: looked at WENGERT_JAVA_HOME, JAVA_HOME, PATH, /usr/lib/jvm," \
    "/opt, ~/.sdkman, ~/.jdks and the like." >&2
  echo "$1: install one, for instance Temurin $jdk_needed, or set WENGERT_JAVA_HOME to where one lies." >&2
}
