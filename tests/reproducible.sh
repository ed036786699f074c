#!/bin/sh
# Builds the sources twice: in two folders, another language, another time zone, another umask, one job and many.
# The programs must have the same bytes.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

(cd "$top" && tar -cf "$work/sources.tar" --exclude=./.git --exclude='./build*' .)

build() { # FOLDER JOBS
    mkdir -p "$1"
    tar -xf "$work/sources.tar" -C "$1"
    make -s -C "$1" -j"$2" CC="${CC:-cc}" OPT="${OPT:--O2 -g}" LUA="${LUA:-lua5.4}" all
}

export CCACHE_DISABLE=1
(export LC_ALL=C TZ=UTC; umask 022; build "$work/one" "$(nproc)")
(export LC_ALL=C.UTF-8 TZ=Pacific/Auckland; umask 077; build "$work/a folder/of another name" 1)
if ! cmp "$work/one/build/assay" "$work/a folder/of another name/build/assay"; then
    echo "two builds differ:" >&2
    (cd "$work/one/build" && find gen obj -type f ! -name '*.d') | while read -r file; do
        cmp -s "$work/one/build/$file" "$work/a folder/of another name/build/$file" || echo "  $file" >&2
    done
    exit 1
fi
sha256sum "$work/one/build/assay" | cut -d' ' -f1
