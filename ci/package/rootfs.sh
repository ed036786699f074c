#!/bin/sh
# The files of the container: the program, the libraries that it needs or may load, certificates, a user that is not
# root. No shell, no package manager.  rootfs.sh BUILD
set -eu
build=$1
root=$DIST/rootfs
rm -rf "$root"
mkdir -p "$root/usr/bin" "$root/etc/ssl/certs" "$root/tmp" "$root/scan"
cp "$build/assay" "$root/usr/bin/assay"
strip --strip-unneeded "$root/usr/bin/assay"

copy() { # a file to its own place, links followed
    mkdir -p "$root$(dirname "$1")"
    cp -L "$1" "$root$1"
}
libraries() { ldd "$1" | awk '$3 ~ /^\// { print $3 } $1 ~ /^\/.*ld-/ { print $1 }'; }

for file in $(libraries "$build/assay"); do copy "$file"; done
# Libraries that are loaded when asked for: git for --staged and --diff. Collectors want
# LIBRARIES="libgit2.so.1.5 libcurl.so.4 libxml2.so.2", a shared history libpq.so.5, at 10 to 45 MB more, and
# assay serve libmicrohttpd.so.12.
names=${LIBRARIES:-libgit2.so.1.5}
for name in $names; do
    file=$(ldconfig -p | awk -v n="$name" '$1 == n { print $NF; exit }')
    [ -n "$file" ] || continue
    copy "$file"
    for needed in $(libraries "$file"); do copy "$needed"; done
done
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo 'assay:x:65532:65532::/scan:/sbin/nologin' >"$root/etc/passwd"
echo 'assay:x:65532:' >"$root/etc/group"
chmod 1777 "$root/tmp"
find "$root" -type f -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
du -sk "$root" | cut -f1
