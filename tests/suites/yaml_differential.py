"""YAML as PyYAML reads it, over the repository's files and mutants of them: the same documents, keys, order of lists and texts.
Where the schemas differ (what `yes` is) the text that a scalar was written with decides: PyYAML is asked for texts only.
PyYAML's parser is its own, in Python; where one of the two refuses a text, nothing is compared."""
import glob
import json
import os
import random
import shutil
import subprocess
import tempfile

try:
    import yaml
except ImportError:
    yaml = None

MUTANTS, MAX_BYTES = 400, 4000
PIECES = [b"- ", b": ", b"? ", b"'", b'"', b"|\n", b">-\n", b"|2\n", b"[", b"]", b"{", b"}", b",", b"#", b" #", b"&a ", b"*a", b"!x ",
          b"---\n", b"...\n", b"\n", b"  ", b"\t", b"\\", b"~", b"0o17", b"1_000", b"yes", b"\xc3\xa9", b"%", b"@", b"`"]


def mutate(text, draw):
    data = bytearray(text)
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(data) + 1)
        what = draw.randrange(3)
        if what == 0:
            data[at:at] = draw.choice(PIECES)
        elif what == 1:
            del data[at:at + draw.randint(1, 6)]
        else:
            data[at:at + 2] = draw.choice(PIECES)
    return bytes(data)


def theirs(text):
    """Documents with texts as scalars; None: refused, or what JSON cannot say."""
    def plain(v, inside=()):
        if id(v) in inside:
            raise ValueError("holds itself")
        if isinstance(v, dict):
            if any(not isinstance(k, str) or k == "<<" for k in v):
                raise ValueError("keys")
            return {k: plain(x, inside + (id(v),)) for k, x in v.items()}
        return [plain(x, inside + (id(v),)) for x in v] if isinstance(v, list) else v
    try:
        return [plain(d) for d in yaml.load_all(text.decode("utf-8"), yaml.BaseLoader)]
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, AttributeError):
        return None


def named(members, key):
    """The member of that name; a key that is null is "null" in JSON."""
    return members.get(key, members.get("", members.get("~")) if key == "null" else None)


def same(ours, text):
    if isinstance(ours, dict):
        return isinstance(text, dict) and len(ours) == len(text) and all(same(v, named(text, k)) for k, v in ours.items())
    if isinstance(ours, list):
        return isinstance(text, list) and len(ours) == len(text) and all(map(same, ours, text))
    if not isinstance(text, str):
        return ours is None and text is None
    if isinstance(ours, str):
        return ours == text
    if ours is None:
        return text.lower() in ("", "~", "null") or text.lower().lstrip("+-") in (".inf", ".nan")
    if isinstance(ours, bool):
        return text.lower() == str(ours).lower()
    try:
        return float(int(text, 0) if text.lower().startswith(("0x", "0o")) else text) == float(ours)
    except ValueError:
        return False


def jobs(options):
    name = "yaml/differential"
    driver = os.path.join(os.path.dirname(options.bin), "fuzz", "driver")
    if not options.wants(name) or not os.path.exists(driver):
        return []
    return [(name, lambda: [(name, None, "no PyYAML")] if yaml is None else [compare(options.root, driver, name)])]


def texts(root, draw):
    paths = sorted(p for pattern in ("tests/cases/**/*.y*ml", "testdata/**/*.y*ml", "tests/conformance/kustomize/**/*.yaml")
                   for p in glob.glob(os.path.join(root, pattern), recursive=True))
    found = []
    for path in paths:
        with open(path, "rb") as file:
            text = file.read()
        if 0 < len(text) <= MAX_BYTES and b"<<" not in text:
            found.append(text)
    return found[::3] + [mutate(draw.choice(found), draw) for _ in range(MUTANTS)]


def compare(root, driver, name, seed=1):
    folder, draw, problems, n = tempfile.mkdtemp(prefix="assay-yaml-"), random.Random(seed), [], 0
    try:
        given, files = texts(root, draw), []
        for i, text in enumerate(given):
            files.append(os.path.join(folder, "%05d" % i))
            with open(files[-1], "wb") as file:
                file.write(text)
        run = subprocess.run([driver, "--yaml", *files], stdout=subprocess.PIPE, check=True)
        lines = run.stdout.split(b"\n")
        assert len(lines) == len(given) + 1, (len(lines), len(given))
        for text, line in zip(given, lines):
            ours, other = json.loads(line.decode("utf-8", "replace")), theirs(text)
            if ours is not None and other is not None:
                n += 1
                if not same(ours, other):
                    problems.append("%r\nis %s\nand for PyYAML %s" % (text[:600], line[:600], json.dumps(other)[:600]))
        if n < len(given) // 3:
            problems.append("only %d of %d texts were compared" % (n, len(given)))
        return name, not problems, "\n\n".join(problems[:5])
    finally:
        shutil.rmtree(folder)
