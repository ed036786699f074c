#!/usr/bin/env python3
"""Follows docs/writing.md in a copy of the sources, as somebody who extends the program does: makes its files, adds its lines,
builds, and runs its commands.

    tests/writing.py [--build build] [--make "make -s"]

A block whose first line is a comment that begins with a path is that file. "Add to `FILE` after `TEXT`:" puts the block that
follows behind the first line with TEXT. Lines after "$ assay …" must be printed; "…" stands for any."""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests"))
from suites import process, readme  # noqa: E402

BLOCK = re.compile(r"^(?:Add to `([^`]+)` after `([^`]+)`:\n\n)?```(\w+)\n(.*?)^```$", re.M | re.S)
NAMED = re.compile(r"(?:/\*|--|#) ([\w./-]+\.\w+)\b")


def copy(build, top):
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode().split("\0")
    for name in files:
        if name and os.path.exists(os.path.join(ROOT, name)):
            os.makedirs(os.path.dirname(os.path.join(top, name)), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), os.path.join(top, name))
    if os.path.isdir(build):  # what is built already need not be built again
        for name in ("gen", "obj"):
            shutil.copytree(os.path.join(build, name), os.path.join(top, "build", name), copy_function=shutil.copy2)
        shutil.copy2(os.path.join(build, ".deps"), os.path.join(top, "build", ".deps"))


def follow(text, top):
    """Gives how many files were made and lines added."""
    n = [0, 0]
    for target, after, language, body in BLOCK.findall(text):
        name = NAMED.match(body)
        if target:
            path = os.path.join(top, target)
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
            at = next(i for i, line in enumerate(lines) if after in line)
            lines.insert(at + 1, body.rstrip("\n"))
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines))
            n[1] += 1
        elif language != "console" and name:
            path = os.path.join(top, name.group(1))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(body)
            n[0] += 1
    return n


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build"))
    parser.add_argument("--make", default="make -s")
    options = parser.parse_args()
    with open(os.path.join(ROOT, "docs/writing.md"), encoding="utf-8") as file:
        text = file.read()
    top = tempfile.mkdtemp(prefix="assay-writing-")
    failed = 0
    try:
        copy(os.path.abspath(options.build), top)
        made, added = follow(text, top)
        print("%d files made, %d lines added" % (made, added))
        subprocess.run(shlex.split(options.make) + ["WERROR=1", "all"], cwd=top, check=True)
        ran = 0
        for command, expected in readme.examples(text):
            result = process.run(["sh", "-c", command], top, process.environment(top, os.path.join(top, "build")))
            printed = (result.out + result.err).splitlines()
            missing = [line for line in expected if line != "…" and line not in printed]
            ran += 1
            if result.code != 0 or missing:
                failed += 1
                print("FAILED %s: exit %s\nmissing: %s\n%s%s" % (command, result.code, missing, result.out, result.err))
        print("%d commands run, %d failed" % (ran, failed))
        return 1 if failed or not (made and added and ran) else 0
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    sys.exit(main())
