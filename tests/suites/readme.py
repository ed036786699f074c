"""Examples in the documentation: in a ```console block, lines "$ assay …" are run from the root of
the tree; when lines follow that are not "…", they must be what is printed."""
import os
import re
import tempfile

from . import process

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def jobs(options):
    found = []
    # writing.md is about a program that is extended first: tests/writing.py follows it.
    for name in ["README.md"] + sorted("docs/" + n for n in os.listdir(os.path.join(options.root, "docs")) if n.endswith(".md") and n != "writing.md"):
        path = os.path.join(options.root, name)
        if os.path.exists(path) and options.wants("docs/" + name):
            found.append(("docs/" + name, lambda n=name, p=path: run(options, n, p)))
    return found


def examples(text):
    for block in BLOCK.findall(text):
        command, expected = None, []
        for line in block.split("\n"):
            if line.startswith("$ "):
                if command:
                    yield command, expected
                command, expected = line[2:], []
            elif command and line:
                expected.append(line)
        if command:
            yield command, expected


def run(options, name, path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with tempfile.TemporaryDirectory() as top:
        os.symlink(options.bin, os.path.join(top, "assay"))
        for command, expected in examples(text):
            if not command.startswith("assay "):
                continue
            result = process.run(["sh", "-c", command], options.root, process.environment(top, top))
            missing = [line for line in expected if line != "…" and line not in result.out + result.err]
            ok = not result.crashed and result.code in (0, 1, 3) and not missing
            yield ("docs/%s: %s" % (name, command), ok,
                   "exit %s; missing: %s\n%s%s" % (result.code, missing, result.out, result.err))
