#!/usr/bin/env python3
"""Instructions that a scan of each scenario executes, counted by valgrind: unlike times, the same on a busy machine.

    tests/bench/count.py [--bin build/assay] [--corpus DIR] [--write] [SCENARIO…]

Compares with tests/bench/instructions.tsv; --write renews the table (`make bench-counts`). The suite `instructions` of
tests/run.py fails where a count is more than TOLERANCE above the table. Scenarios of a corpus (DIR, or $ASSAY_CORPUS)
are left out where it is not there; a program of another compiler, optimisation or architecture is not compared."""
import argparse
import concurrent.futures
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import generate  # noqa: E402

TABLE = os.path.join(HERE, "instructions.tsv")
TOLERANCE = 0.05
TIMEOUT = 300
SCAN = ["scan", "--jobs", "1", "--no-cache", "--quiet", "--format", "json", "--fail-on", "none"]


def corpus():
    given = os.environ.get("ASSAY_CORPUS")
    candidates = [given] if given else [os.path.join(ROOT, "..", "shared", "corpus"), os.path.join(ROOT, "..", "..", "shared", "corpus")]
    return next((os.path.normpath(c) for c in candidates if os.path.isdir(c)), None)


def of_corpus(*path):
    def prepare(_):
        folder = os.path.join(corpus() or "", *path)
        return [*SCAN, folder] if corpus() and os.path.isdir(folder) else None
    return prepare


def of_testdata(*path):
    return lambda _: [*SCAN, os.path.join(ROOT, "testdata", *path)]


def generated(kind, n):
    def prepare(top):
        generate.KINDS[kind](top, n)
        return [*SCAN, top]
    return prepare


def staged(top):
    """Fifty of 2,000 files are staged, as before a commit."""
    git = ["git", "-C", top, "-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false"]
    for i in range(2000):
        generate.write(top, "d%d/f%04d.yaml" % (i // 100, i), generate.manifest(i))
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(git + command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for i in range(0, 2000, 40):
        generate.write(top, "d%d/f%04d.yaml" % (i // 100, i), generate.manifest(i).replace("replicas: 3", "replicas: 2"))
    subprocess.run(git + ["add", "-A"], check=True)
    return [*SCAN, "--staged", top]


SCENARIOS = {
    "start": lambda _: ["--version"],
    "demo": of_testdata("demo"),
    "terraform-1000": generated("terraform", 1000),
    "modules-200": generated("modules", 200),
    "plan-1000": generated("plan", 1000),
    "state-200": generated("state", 200),
    "kubernetes-1000": generated("kubernetes", 1000),
    "chart-200": generated("chart", 200),
    "kustomize-200": generated("kustomize", 200),
    "workflows-200": generated("workflows", 200),
    "snapshot-200": generated("snapshot", 200),
    "staged-50": staged,
    "terragoat": of_corpus("terragoat"),
    "kube-prometheus-stack": of_corpus("charts", "kube-prometheus-stack"),
}


def processor():
    """The libraries choose their loops by what the processor has, which valgrind passes on as far as AVX2."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return platform.machine() + (" avx2" if re.search(r"^flags\b.*\bavx2\b", file.read(), re.M) else "")
    except OSError:
        return platform.machine()


def build_of(program):
    """What counts depend on: the compiler, its optimisation and the processor; None where sanitizers count along."""
    with open(program, "rb") as file:
        text = file.read()
    if re.search(rb"__[au]bsan_|__asan_|__tsan_|__gcov_", text):
        return None
    producer = re.search(rb"GNU (?:C11|GIMPLE) (\d+)\.[^\0]*? (-O\w+)(?= )[^\0]*", text)
    if not producer:
        return "unknown"
    level = re.findall(rb" (-O\w*)(?= |\0|$)", producer.group(0))[-1]
    return "gcc-%s %s %s" % (producer.group(1).decode(), level.decode(), processor())


def count(program, name):
    """How many, and None; or None and why there is no figure."""
    top = tempfile.mkdtemp(prefix="assay-count-")
    try:
        arguments = SCENARIOS[name](top)
        if arguments is None:
            return None, "no corpus"
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", program, *arguments]
        run = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return None, "no end after %d seconds" % TIMEOUT
    finally:
        shutil.rmtree(top)
    said = run.stderr.decode("utf-8", "replace")
    total = re.search(r"I +refs: +([\d,]+)", said)
    if run.returncode not in (0, 3) or not total:
        return None, "exit %d: %s" % (run.returncode, said[-500:])
    return int(total.group(1).replace(",", "")), None


def read_table(path=TABLE):
    """The build that was counted, and counts by scenario."""
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip()]
    build = next(line[len("# build: "):] for line in lines if line.startswith("# build: "))
    return build, {name: int(n) for name, n in (line.split("\t") for line in lines if not line.startswith("#"))}


def write_table(build, counts, path=TABLE):
    with open(path, "w", encoding="utf-8") as file:
        file.write("# Instructions by scenario; `make bench-counts` renews them. See count.py.\n# build: %s\n" % build)
        file.writelines("%s\t%d\n" % (name, counts[name]) for name in SCENARIOS if name in counts)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default=os.path.join(ROOT, "build", "assay"))
    parser.add_argument("--corpus")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("names", nargs="*", metavar="SCENARIO")
    options = parser.parse_args()
    if options.corpus:
        os.environ["ASSAY_CORPUS"] = options.corpus
    build = build_of(options.bin)
    if not shutil.which("valgrind") or build is None:
        sys.exit("counts need valgrind and a program without sanitizers")
    stored_build, stored = read_table() if os.path.exists(TABLE) else (build, {})
    names = options.names or list(SCENARIOS)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = dict(stored) if options.write else {}
        for name, (n, problem) in zip(names, pool.map(lambda x: count(options.bin, x), names)):
            before = stored.get(name)
            print("%-24s %15s %8s" % (name, problem if n is None else format(n, ","), "%+.1f %%" % ((n / before - 1) * 100) if n and before else ""),
                  flush=True)
            failed |= n is not None and before is not None and build == stored_build and n > before * (1 + TOLERANCE)
            if n is not None:
                counts[name] = n
    if options.write:
        write_table(build, counts)
    return 1 if failed and not options.write else 0


if __name__ == "__main__":
    sys.exit(main())
