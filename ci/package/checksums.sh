#!/bin/sh
# SHA256SUMS over what lies in DIST, and SHA256SUMS.p7s: a detached CMS signature over it, where KEY and CERT are given.
# To check: sha256sum -c SHA256SUMS; openssl cms -verify -binary -inform DER -in SHA256SUMS.p7s -content SHA256SUMS -CAfile CA
set -eu
cd "$DIST"
find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' -printf '%P\n' | LC_ALL=C sort | xargs -r sha256sum >SHA256SUMS
if [ -n "${KEY:-}" ]; then
    openssl cms -sign -binary -in SHA256SUMS -signer "$CERT" -inkey "$KEY" -outform DER -out SHA256SUMS.p7s
fi
cat SHA256SUMS
