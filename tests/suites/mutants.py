"""Projects of testdata/ with bytes, lines and words changed, read by the whole program: whatever stands in a file, it ends by
itself without a crash. `python3 tests/suites/mutants.py BIN SECONDS` goes on for so long and keeps what crashed."""
import os
import random
import shutil
import sys
import tempfile
import time

if __package__:
    from . import process
else:
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from suites import process

WORDS = [b"{", b"}", b"[", b"]", b"${", b"%{", b"{{", b"}}", b"<<-E\n", b"&a ", b"*a", b"!!binary ", b"null", b"-1", b"1e999", b"\0",
         b"\xff\xfe", b"\n---\n", b"for_each = ", b"0.0.0.0/33", b"::/0", b'"', b"\\u0000", b"- " * 300, b"[" * 300, b"{{ end }}",
         b"$patch: delete", b"99999999999999999999", b"\r\n", b"\t", b"# assay:ignore *\n"]
PROJECTS = ["argocd", "charts", "demo", "clean", "gcp", "k8s", "paths", "reach", "secrets", "vulnerable"]


def mutate(data, pool, random_):
    """One to six changes; the pool holds lines of other files."""
    for _ in range(random_.randint(1, 6)):
        at = random_.randint(0, len(data))
        lines = data.split(b"\n")
        line = random_.randrange(len(lines))
        kind = random_.randrange(7)
        if kind == 0:
            data = data[:at] + random_.choice(WORDS) + data[at:]
        elif kind == 1:
            data = data[:at] + data[at + random_.randint(1, 30):]
        elif kind == 2:
            data = data[:at] + bytes([random_.randrange(256)]) + data[at + 1:]
        elif kind == 3:
            data = b"\n".join(lines[:line] + [random_.choice(pool)] + lines[line:])
        elif kind == 4:
            data = b"\n".join(lines[:line] + lines[line + 1:])
        elif kind == 5:
            data = b"\n".join(lines[:line] + lines[line:line + 5] * 2 + lines[line:])
        else:
            data = data[:at]
    return data


def one(bin_, root, seed):
    """What is wrong with the mutants of a seed, in a folder that is kept when something is; "" otherwise."""
    random_ = random.Random(seed)
    work = tempfile.mkdtemp(prefix="assay-mutants-%d-" % seed)
    project = PROJECTS[seed % len(PROJECTS)]
    folder = os.path.join(work, "p")
    shutil.copytree(os.path.join(root, "testdata", project), folder, symlinks=True)
    files = sorted(os.path.join(d, f) for d, _, names in os.walk(folder) for f in names)
    files = [f for f in files if os.path.isfile(f) and not os.path.islink(f) and os.path.getsize(f) < 200000]
    pool = []
    for path in random_.sample(files, min(len(files), 40)):
        with open(path, "rb") as file:
            pool += file.read().split(b"\n")[:200]
    for path in files:
        if random_.random() < 0.5:
            with open(path, "rb") as file:
                data = file.read()
            with open(path, "wb") as file:
                file.write(mutate(data, pool, random_))
    result = process.run([bin_, "scan", "--format", "json", "--fail-on", "none", "."], folder, process.environment(work), timeout=120)
    configured = result.code == 2 and ".assay.yaml" in result.err  # a mutant of the configuration: nothing is scanned
    if result.crashed or not (configured or result.code in (0, 3)):
        return "seed %d, %s: exit %s\n%s" % (seed, folder, result.code, result.err[-3000:])
    shutil.rmtree(work)
    return ""


def jobs(options):
    def job(seed):
        problem = one(options.bin, options.root, seed)
        return [("mutants/%d" % seed, not problem, problem)]
    return [("mutants/%d" % seed, lambda s=seed: job(s)) for seed in range(len(PROJECTS)) if options.wants("mutants/%d" % seed)]


def main():
    bin_, until = os.path.abspath(sys.argv[1]), time.time() + float(sys.argv[2])
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    seed, bad = int(time.time()), 0
    start = seed
    while time.time() < until:
        problem = one(bin_, root, seed)
        if problem:
            bad += 1
            print(problem, flush=True)
        seed += 1
    print("%d projects, %d problems" % (seed - start, bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
