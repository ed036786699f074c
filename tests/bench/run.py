#!/usr/bin/env python3
"""Wall time, processor time and peak memory of `assay scan` per project of a corpus and of generated projects of each
kind of input (see generate.py), beside the floor and other programs that are found: the same files, in turn.

    tests/bench/run.py [--bin build/assay] [--floor build/floor] [--corpus DIR] [--runs 3] [--json FILE] [--projects WORD,…]
                       [--sizes 100,1000,10000,100000] [--kinds terraform,kubernetes,…] [--peers checkov,trivy,helm|none]
                       [--peer-size N]   generated projects above N resources are not given to peers (1000)

The corpus is a folder of projects (default: ../shared/corpus, where it is there); --projects takes those with a WORD in
their name. Each run is a process of its own with a warm file cache; the best of the runs counts.

"scan" makes its result anew (--no-cache). "kept" is the same command once more with nothing changed: the result of the
run before is written again from a cache in a folder of its own. "floor" reads the same bytes and makes bare events of
libyaml and bare tokens of HCL of them (floor.c); of a chart it reads what `assay render` prints, which no floor has to
render. checkov is taken from $CHECKOV or the PATH; `helm template` renders a chart and judges nothing."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import yaml

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import generate  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def high_water(pid):
    """Peak memory of a running process in KiB. rusage will not do: it still counts the pages that the
    process shared with this one before it became another program."""
    try:
        with open("/proc/%d/status" % pid) as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def measure(argv, runs, timeout, env=None):
    """Best wall time in seconds and the peak memory in MiB of the process; None when it failed. env: set for it besides."""
    best, peak, code, cpu = None, 0, None, None
    for _ in range(runs):
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=dict(os.environ, **(env or {})))
            deadline = start + timeout
            while True:
                peak = max(peak, high_water(process.pid))
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.perf_counter() > deadline:
                    process.kill()
                    os.wait4(process.pid, 0)
                    return None
                time.sleep(0.0002)
            seconds = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            return None
        best = seconds if best is None else min(best, seconds)
        used = usage.ru_utime + usage.ru_stime
        cpu = used if cpu is None else min(cpu, used)
    return {"seconds": round(best, 4), "cpu": round(cpu, 4), "mib": round(peak / 1024, 1), "exit": code}


def size(folder):
    files = n_bytes = 0
    for base, dirs, names in os.walk(folder):
        dirs[:] = [d for d in dirs if d != ".git"]
        for name in names:
            path = os.path.join(base, name)
            if os.path.isfile(path) and not os.path.islink(path):
                files += 1
                n_bytes += os.path.getsize(path)
    return files, n_bytes


def projects(corpus):
    """Folders of the corpus; of a folder of charts each chart."""
    for name in sorted(os.listdir(corpus)):
        path = os.path.join(corpus, name)
        if not os.path.isdir(path) or name.endswith("-expected"):
            continue
        charts = [os.path.join(path, c) for c in sorted(os.listdir(path))
                  if os.path.exists(os.path.join(path, c, "Chart.yaml"))]
        for folder in charts or [path]:
            yield os.path.relpath(folder, corpus), folder


def find_corpus(given):
    candidates = [given] if given else [os.path.join(ROOT, "..", "shared", "corpus"),
                                        os.path.join(ROOT, "..", "..", "shared", "corpus"),
                                        os.path.join(ROOT, "testdata")]
    return next((os.path.normpath(c) for c in candidates if c and os.path.isdir(c)), None)


def generated(options):
    """Projects that grow tenfold, one for each kind of input: cost must grow with them, not faster."""
    for kind in options.kinds:
        for n in options.sizes:
            with tempfile.TemporaryDirectory() as folder:
                generate.KINDS[kind](folder, n)
                yield "%s, %d" % (kind, n), folder


PEERS = {
    "checkov": lambda program, folder: [program, "--directory", folder, "--output", "json", "--quiet", "--compact", "--skip-download"],
    "trivy": lambda program, folder: [program, "config", "--format", "json", "--quiet", "--skip-check-update", folder],
    "kube-linter": lambda program, folder: [program, "lint", "--format", "json", folder],
    "helm": lambda program, folder: [program, "template", "bench", folder] if os.path.exists(os.path.join(folder, "Chart.yaml")) else None,
}


def peers(options):
    """The programs that are there, by name."""
    names = list(PEERS) if options.peers is None else [p for p in options.peers.split(",") if p != "none"]
    found = {name: (os.environ.get("CHECKOV") if name == "checkov" else None) or shutil.which(name) for name in names}
    return {name: path for name, path in found.items() if path}


def kept(options, folder):
    """The second run and those behind it, with a cache of their own."""
    with tempfile.TemporaryDirectory() as cache:
        argv, env = [options.bin, "scan", "--format", "json", folder], {"ASSAY_CACHE_DIR": cache}
        if measure(argv, 1, options.timeout, env) is None or not any(names for _, _, names in os.walk(cache)):
            return None  # nothing was kept: too large, or it never is
        return measure(argv, options.runs, options.timeout, env)


def floor(options, folder):
    if not options.floor:
        return None
    if not os.path.exists(os.path.join(folder, "Chart.yaml")):
        return measure([options.floor, folder], options.runs, options.timeout)
    with tempfile.TemporaryDirectory() as work:
        rendered = os.path.join(work, "rendered.yaml")
        return measure([options.floor, rendered], options.runs, options.timeout) if render(options, folder, rendered) else None


def render(options, folder, target):
    """What the chart prints, into a file. A chart that it needs is taken from beside it; one that is not there is done without."""
    with tempfile.TemporaryDirectory() as work:
        copy = os.path.join(work, "chart")
        shutil.copytree(folder, copy, symlinks=True)
        with open(os.path.join(copy, "Chart.yaml"), encoding="utf-8") as file:
            chart = yaml.safe_load(file)
        needed = chart.get("dependencies") or []
        for name in {d["name"] for d in needed}:
            beside, inside = os.path.join(os.path.dirname(os.path.abspath(folder)), name), os.path.join(copy, "charts", name)
            if os.path.exists(os.path.join(beside, "Chart.yaml")) and not os.path.exists(inside):
                shutil.copytree(beside, inside)
        chart["dependencies"] = [d for d in needed if os.path.exists(os.path.join(copy, "charts", d["name"]))]
        with open(os.path.join(copy, "Chart.yaml"), "w", encoding="utf-8") as file:
            yaml.safe_dump(chart, file)
        with open(target, "wb") as out:
            subprocess.run([options.bin, "render", copy], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, check=False)
    return os.path.getsize(target) > 0


def cell(result):
    return "%9.3f s %8.3f s %7.1f MiB" % (result["seconds"], result["cpu"], result["mib"]) if result else "%34s" % "-"


def row_of(options, others, name, folder):
    files, n_bytes = size(folder)
    row = {"project": name, "files": files, "bytes": n_bytes,
           "assay": measure([options.bin, "scan", "--no-cache", "--format", "json", folder], options.runs, options.timeout),
           "kept": kept(options, folder), "floor": floor(options, folder)}
    line = "%-34s %6d %9d  %s" % (name, files, n_bytes // 1024, "  ".join(cell(row[what]) for what in ("assay", "kept", "floor")))
    for peer, program in others.items():
        argv = PEERS[peer](program, folder)
        row[peer] = measure(argv, 1, options.timeout) if argv else None
        line += "  " + cell(row[peer])
        line += " %7.0f×" % (row[peer]["seconds"] / row["assay"]["seconds"]) if row["assay"] and row[peer] else "%9s" % ""
    print(line, flush=True)
    return row


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default=os.path.join(ROOT, "build", "assay"))
    parser.add_argument("--floor", default=os.path.join(ROOT, "build", "floor"))
    parser.add_argument("--corpus")
    parser.add_argument("--projects", type=lambda t: t.split(","), default=[""])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", help="also write the figures to FILE")
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--sizes", type=lambda t: [int(n) for n in t.split(",")], default=[100, 1000, 10000, 100000])
    parser.add_argument("--kinds", type=lambda t: [k for k in t.split(",") if k], default=list(generate.KINDS))
    parser.add_argument("--peers")
    parser.add_argument("--peer-size", type=int, default=1000)
    options = parser.parse_args()
    corpus = find_corpus(options.corpus)
    if not corpus:
        sys.exit("no corpus: name a folder of projects with --corpus DIR")
    others = peers(options)
    start_up = measure([options.bin, "--version"], 20, 10)
    print("start-up: %.1f ms" % (start_up["seconds"] * 1000))
    if not os.path.exists(options.floor):
        options.floor = None
    head = "%-34s %6s %9s  %34s  %34s  %34s" % ("project", "files", "KiB", "scan: wall, CPU, memory", "kept", "floor")
    print(head + "".join("  %34s %8s" % (peer, "times") for peer in others))
    rows = [row_of(options, others, name, folder) for name, folder in projects(corpus)
            if any(word in name for word in options.projects)]
    for name, folder in generated(options):
        rows.append(row_of(options, others if int(name.split()[-1]) <= options.peer_size else {}, name, folder))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"start_up": start_up, "projects": rows}, out, indent=2)
            out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
