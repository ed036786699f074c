#!/usr/bin/env python3
"""A wheel that holds the program and nothing of Python: pip puts it on the PATH.

    wheel.py BINARY      (VERSION, DIST and SOURCE_DATE_EPOCH in the environment)

Binary Distribution Format: PEP 427; names of platforms: PEP 600."""
import base64
import hashlib
import os
import platform
import subprocess
import sys
import tempfile
import time
import zipfile

METADATA = """Metadata-Version: 2.1
Name: assay
Version: {version}
Summary: Check infrastructure code and live clouds against security rules
Home-page: https://assay.dev
Requires-Python: >=3.7
"""


def tag():
    """The oldest C library that has all that the program asks for."""
    libc, version = platform.libc_ver()
    if libc != "glibc":
        raise SystemExit("wheel: this is built for glibc")
    return "py3-none-manylinux_%s_%s" % (version.replace(".", "_"), platform.machine())


def stripped(binary):
    with tempfile.TemporaryDirectory() as top:
        path = os.path.join(top, "assay")
        subprocess.run(["strip", "--strip-unneeded", "-o", path, binary], check=True)
        with open(path, "rb") as file:
            return file.read()


def main():
    version, when = os.environ["VERSION"], int(os.environ["SOURCE_DATE_EPOCH"])
    moment = time.gmtime(max(when, 315532800))[:6]  # a zip knows no time before 1980
    info, name = "assay-%s.dist-info" % version, "assay-%s-%s" % (version, tag())
    files = [
        ("assay-%s.data/scripts/assay" % version, stripped(sys.argv[1]), 0o755),
        (info + "/METADATA", METADATA.format(version=version).encode(), 0o644),
        (info + "/WHEEL", ("Wheel-Version: 1.0\nGenerator: assay\nRoot-Is-Purelib: false\nTag: %s\n" % tag()).encode(),
         0o644),
    ]
    with open("NOTICE", "rb") as file:
        files.append((info + "/NOTICE", file.read(), 0o644))
    record = "".join("%s,sha256=%s,%d\n" % (
        path, base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode(), len(data))
        for path, data, _ in files) + "%s/RECORD,,\n" % info
    files.append((info + "/RECORD", record.encode(), 0o644))
    os.makedirs(os.environ["DIST"], exist_ok=True)
    target = os.path.join(os.environ["DIST"], name + ".whl")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data, mode in files:
            entry = zipfile.ZipInfo(path, moment)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    print(target)


main()
