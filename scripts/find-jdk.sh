# shellcheck shell=bash
# Sourced by the scripts that start Java: find_jdk prints the folder of a JDK of at least a given version, or fails.

# The major version of the JDK in a folder, from its release file; 0 if there is none.
jdk_version() {
    local version
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null) || true
    [[ -x $1/bin/java && -x $1/bin/javac ]] && echo "${version:-0}" || echo 0
}

find_jdk() {
    local minimum=$1 candidate path_java
    path_java=$(command -v javac 2>/dev/null) && path_java=$(dirname "$(dirname "$(readlink -f "$path_java")")")
    for candidate in "${JAVA_HOME:-}" "${path_java:-}" /usr/lib/jvm/* /opt/*jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
        "$HOME"/.local/share/mise/installs/java/* "$HOME"/.asdf/installs/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
        if [[ -n $candidate && $(jdk_version "$candidate") -ge $minimum ]]; then
            echo "$candidate"
            return
        fi
    done
    return 1
}
