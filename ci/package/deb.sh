#!/bin/sh
# The Debian package, of what `make install` installs:  deb.sh BUILD
set -eu
build=$1
root=$DIST/deb
rm -rf "$root"
make -s BUILD="$build" install DESTDIR="$root" PREFIX=/usr
strip --strip-unneeded "$root/usr/bin/assay"
arch=$(dpkg --print-architecture)

# What the program is linked to, as the packages call themselves. Libraries that are loaded when a command needs
# them are recommended.
needs=$(ldd "$root/usr/bin/assay" | awk '$3 ~ /^\// { print $3 }' | while read -r file; do
    dpkg-query -S "$file" 2>/dev/null || dpkg-query -S "/usr$file" 2>/dev/null || true
done | cut -d: -f1 | sort -u | paste -sd, | sed 's/,/, /g')

mkdir -p "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<EOF
Package: assay
Version: $VERSION
Architecture: $arch
Maintainer: assay maintainers <maintainers@assay.dev>
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Depends: ${needs:-libc6}
Recommends: libgit2-1.5, libcurl4, libxml2, libpq5, libmicrohttpd12, ca-certificates
Section: admin
Priority: optional
Homepage: https://assay.dev
Description: check infrastructure code and live clouds against security rules
 assay reads Terraform, Helm charts, Kustomize trees, Kubernetes manifests, CI
 workflows and live configuration of AWS, GCP and Kubernetes, joins them into
 one graph of facts and judges that by rules.
EOF
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
find "$root" -type d -exec chmod 755 {} +
mkdir -p "$DIST"
dpkg-deb --root-owner-group -Zxz --build "$root" "$DIST/assay_${VERSION}_$arch.deb" >/dev/null
rm -rf "$root"
echo "$DIST/assay_${VERSION}_$arch.deb"
