#!/bin/sh
# Builds Netty's kqueue JNI library for Linux against minikq.c. The Maven build of module tests calls it:
#   build.sh NETTY_SOURCES OUT [SKIP]
# NETTY_SOURCES holds the unpacked sources jars. SKIP contains "true" if tests are skipped anyway.
# OUT/shim.properties then says whether the tests on kqueue are to be skipped. Fails only if the compiler does.
set -eu
sources=$1
out=$2
here=$(dirname "$0")
lib=$out/libnetty_transport_native_kqueue_x86_64.so

leave() {
    echo "kqueue.skip=$1" >"$out/shim.properties"
    exit
}
skip() {
    echo "kqueue: tests skipped: $1"
    leave true
}
mkdir -p "$out"
case ${3-} in *true*) leave true ;; esac
system="$(uname -s) $(uname -m)"
[ "$system" = "Linux x86_64" ] || skip "the shim is for Linux x86_64, not $system"
command -v gcc >/dev/null || skip "gcc was not found"

# An unpacked file is as old as it is in its jar, so only the contents tell what has changed.
fingerprint=$(find "$here" "$sources" -type f -name '*.[ch]' -exec sha256sum "$0" {} + | sort | sha256sum)
if [ ! -f "$lib" ] || [ "$(cat "$out/fingerprint" 2>/dev/null)" != "$fingerprint" ]; then
    echo "kqueue: building the shim"
    rm -f "$out/fingerprint"
    gcc -std=gnu11 -O2 -g -fPIC -fvisibility=hidden -Wall -Wextra -I"$here/include" \
        -c "$here/minikq.c" -o "$out/minikq.o"
    find "$sources" -name '*.h' -exec dirname {} + | sort -u | sed 's/.*/-I"&"/' >"$out/headers"
    find "$sources" -name '*.c' | sed 's/.*/"&"/' >"$out/sources"
    gcc -shared -fPIC -O2 -g -fvisibility=hidden -fno-strict-aliasing -w -D_FILE_OFFSET_BITS=64 -D_GNU_SOURCE \
        -I"$here/include" @"$out/headers" -I"$JAVA_HOME/include" -I"$JAVA_HOME/include/linux" \
        @"$out/sources" "$out/minikq.o" -Wl,--wrap=close,--wrap=connect,-z,defs -lpthread -ldl -o "$lib"
    echo "$fingerprint" >"$out/fingerprint"
fi
leave false
