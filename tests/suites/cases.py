"""tests/cases/AREA/SLUG: a command, run in a copy of the folder, and what it must print."""
import difflib
import json
import os
import shutil
import tempfile

from . import process

OWN = ("cmd", "why.md")


def jobs(options):
    base = os.path.join(options.root, "tests", "cases")
    found = []
    for folder, dirs, files in os.walk(base):
        dirs.sort()
        if "cmd" in files:
            name = "cases/" + os.path.relpath(folder, base)
            dirs[:] = []
            if options.wants(name):
                found.append((name, lambda n=name, f=folder: [run(options, n, f)]))
    return found


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return file.read()


def contains(expected, actual):
    """Objects may have more members, lists more elements, in any order; the rest is equal."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(
            k in actual and contains(v, actual[k]) for k, v in expected.items())
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return False
        left = list(actual)
        for want in expected:
            hit = next((i for i, got in enumerate(left) if contains(want, got)), None)
            if hit is None:
                return False
            del left[hit]
        return True
    return type(expected) is type(actual) and expected == actual


def diff(expected, actual, name):
    return "\n".join(difflib.unified_diff(
        expected.split("\n"), actual.split("\n"), name, "actual", lineterm=""))


def check_lines(expected, actual, name):
    problems = []
    for line in expected.split("\n"):
        if line.startswith("!"):
            if line[1:] in actual:
                problems.append("%s: must not appear: %s" % (name, line[1:]))
        elif line and line not in actual:
            problems.append("%s: missing: %s" % (name, line))
    return "\n".join(problems) + ("\n" + actual if problems else "")


def check_json(expected, actual, name, compare):
    try:
        got = json.loads(actual)
    except ValueError as problem:
        return "%s: stdout is no JSON: %s\n%s" % (name, problem, actual)
    want = json.loads(expected)
    if compare(want, got):
        return ""
    return diff(*(json.dumps(v, indent=2, sort_keys=True) for v in (want, got)), name)


def check(folder, file, result, work):
    """What is wrong by one expected.* file; "" when nothing is."""
    text = read(os.path.join(folder, file)) if os.path.isfile(os.path.join(folder, file)) else ""
    if file == "expected.stdout":
        return "" if text == result.out else diff(text, result.out, file)
    if file == "expected.stderr":
        return "" if text == result.err else diff(text, result.err, file)
    if file == "expected.lines":
        return check_lines(text, result.out, file)
    if file == "expected.stderr.lines":
        return check_lines(text, result.err, file)
    if file == "expected.json":
        return check_json(text, result.out, file, lambda a, b: a == b)
    if file == "expected.subset.json":
        return check_json(text, result.out, file, contains)
    if file == "expected.exit":
        return ""
    if file == "expected.files":
        problems = []
        for name in sorted(os.listdir(os.path.join(folder, file))):
            want = read(os.path.join(folder, file, name))
            path = os.path.join(work, name)
            got = read(path) if os.path.exists(path) else "(missing)"
            if want != got:
                problems.append(diff(want, got, os.path.join(file, name)))
        return "\n".join(problems)
    return "unknown kind of expectation: " + file


def update(folder, expected, result):
    if not [e for e in expected if e != "expected.exit"]:
        expected = expected + ["expected.stdout"] + (["expected.stderr"] if result.err else [])
    texts = {"expected.stdout": result.out, "expected.stderr": result.err,
             "expected.json": result.out, "expected.exit": "%s\n" % result.code}
    for file in set(expected + (["expected.exit"] if result.code else [])):
        if file in texts:
            with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                out.write(texts[file])


def run(options, name, folder):
    expected = sorted(f for f in os.listdir(folder) if f.startswith("expected."))
    top = tempfile.mkdtemp(prefix="assay-case-")
    try:
        work, path = os.path.join(top, "work"), os.path.join(top, "bin")
        shutil.copytree(folder, work, symlinks=True,
                        ignore=lambda d, names: [n for n in names if d == folder and (n in OWN or n in expected)])
        os.mkdir(path)
        os.symlink(options.bin, os.path.join(path, "assay"))
        environment = dict(process.environment(top, path), TESTDATA=os.path.join(options.root, "testdata"))
        result = process.run(["sh", "-c", read(os.path.join(folder, "cmd"))], work, environment)
        if options.update:
            update(folder, expected, result)
            return name, None, "updated"
        want = read(os.path.join(folder, "expected.exit")).strip() if "expected.exit" in expected else "0"
        problems = [check(folder, f, result, work) for f in expected]
        if result.crashed or str(result.code) != want:
            problems.append("exit code %s, expected %s\n%s" % (result.code, want, result.err))
        if not expected:
            problems.append("nothing is expected: write expected.* (tests/README.md)")
    finally:
        shutil.rmtree(top, ignore_errors=True)
    problems = [p for p in problems if p]
    return name, not problems, "\n".join(problems)
