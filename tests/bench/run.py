#!/usr/bin/env python3
"""Wall time, processor time and peak memory of `assay scan` per project of a corpus and of generated projects of each
kind of input (see generate.py), beside the floor and other programs that are found: the same files, in turn.

    tests/bench/run.py [--bin build/assay] [--floor build/floor] [--corpus DIR] [--json FILE] [--projects WORD,…]
                       [--sizes 100,1000,10000,100000] [--kinds terraform,kubernetes,…] [--peers checkov,trivy,helm|none]
                       [--runs N]        rounds; in each everything of ours runs once, in turn, and the best round counts (3)
                       [--peer-runs N]   pairs of a scan and a peer, one right after the other (1)
                       [--peer-size N]   generated projects above N resources are not given to peers (1000)

The corpus is a folder of projects (default: ../shared/corpus, where it is there); --projects takes those with a WORD in
their name. Each run is a process of its own with a warm file cache, measured from before it starts until it is reaped;
memory is that of the process itself, without children that a peer may have.

"scan" makes its result anew (--no-cache). "kept" is the same command once more with nothing changed: the result of the
run before is written again from a cache in a folder of its own. "floor" reads the same bytes and makes bare events of
libyaml and bare tokens of HCL of them (floor.c); of a chart it reads what `assay render` prints, which no floor has to
render. checkov is taken from $CHECKOV or the PATH; `helm template` renders a chart, with the charts that it needs, and judges nothing. Behind a peer stand
how many times the wall and the processor time of a scan it took: the median of the pairs. "growth" is how many times as
long as the size before a size took, net of start-up, wall and processor time, where it should be as many times as it is larger.

After the table: the targets of TARGETS that these figures miss."""
import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
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

# What two idle cores should need at most: seconds and MiB, by project.
TARGETS = {
    "start-up": (0.003, None),
    "terragoat": (0.010, None),
    "charts/kube-prometheus-stack": (0.060, None),
    **{"%s, 100000" % kind: (5.0, 1024) for kind in generate.KINDS},
}
GROWTH = 1.2  # times what the size grew
PEER_TIMES = {"checkov": 500, None: 100}


def high_water(pid):
    """Peak memory of a running process in KiB. rusage will not do: it still counts the pages that the
    process shared with this one before it became another program."""
    try:
        with open("/proc/%d/status" % pid) as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def run_once(argv, timeout, env=None):
    """Seconds, seconds of processor and MiB of one process; None when it was killed. env: set for it besides."""
    peak = 0
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=dict(os.environ, **(env or {})))
        while True:
            peak = max(peak, high_water(process.pid))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() - start > timeout:
                process.kill()
                os.wait4(process.pid, 0)
                return None
            time.sleep(0.0002)
        seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code < 0:
        return None
    return {"seconds": round(seconds, 5), "cpu": round(usage.ru_utime + usage.ru_stime, 5), "mib": round(peak / 1024, 1), "exit": code}


def best(samples):
    """The least time and the most memory of several runs; None where one failed."""
    if not samples or None in samples:
        return None
    return {"seconds": min(s["seconds"] for s in samples), "cpu": min(s["cpu"] for s in samples),
            "mib": max(s["mib"] for s in samples), "exit": samples[-1]["exit"]}


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


PEERS = {
    "checkov": lambda program, folder, chart: [program, "--directory", folder, "--output", "json", "--quiet", "--compact", "--skip-download"],
    "trivy": lambda program, folder, chart: [program, "config", "--format", "json", "--quiet", "--skip-check-update", folder],
    "kube-linter": lambda program, folder, chart: [program, "lint", "--format", "json", folder],
    "helm": lambda program, folder, chart: [program, "template", "bench", chart, "--kube-version", "1.31.0"] if chart else None,
}
VERSION = {"helm": ["version", "--short"], "kube-linter": ["version"]}
FOUND = (0, 1)  # exit codes of a peer that has done its work; of helm 0 alone


def peers(options):
    """The programs that are there, by name."""
    names = list(PEERS) if options.peers is None else [p for p in options.peers.split(",") if p != "none"]
    found = {name: (os.environ.get("CHECKOV") if name == "checkov" else None) or shutil.which(name) for name in names}
    return {name: path for name, path in found.items() if path}


def scan(options, folder):
    return [options.bin, "scan", "--no-cache", "--format", "json", folder]


def kept(options, folder, stack):
    """A scan whose result is there from the run before; None where none was kept: too large, or it never is."""
    cache = stack.enter_context(tempfile.TemporaryDirectory())
    argv, env = [options.bin, "scan", "--format", "json", folder], {"ASSAY_CACHE_DIR": cache}
    if run_once(argv, options.timeout, env) is None or not any(names for _, _, names in os.walk(cache)):
        return None
    return argv, env


def floor(options, folder, chart):
    if not options.floor:
        return None
    if not chart:
        return [options.floor, folder], None
    rendered = chart + ".rendered.yaml"
    with open(rendered, "wb") as out:
        subprocess.run([options.bin, "render", chart], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, check=False)
    return ([options.floor, rendered], None) if os.path.getsize(rendered) else None


def complete(folder, stack):
    """A copy of a chart with the charts that it needs, which are taken from beside it; one that is not there is done without.
    Empty for what is no chart."""
    if not os.path.exists(os.path.join(folder, "Chart.yaml")):
        return ""
    copy = os.path.join(stack.enter_context(tempfile.TemporaryDirectory()), "chart")
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
    return copy


def pairs(options, folder, argv, codes):
    """A peer (None: it failed), and how many times a scan's times it took, a scan right before each of its runs."""
    ours, theirs = [], []
    for _ in range(options.peer_runs):
        ours.append(run_once(scan(options, folder), options.timeout))
        theirs.append(run_once(argv, options.timeout))
        if None in (ours[-1], theirs[-1]) or theirs[-1]["exit"] not in codes:
            return None
    times = {what: round(statistics.median(b[what] / max(a[what], 1e-6) for a, b in zip(ours, theirs)), 2) for what in ("seconds", "cpu")}
    return dict(best(theirs), times=times["seconds"], cpu_times=times["cpu"])


def measured(options, others, name, folder):
    files, n_bytes = size(folder)
    with contextlib.ExitStack() as stack:
        chart = complete(folder, stack)
        turns = {"assay": (scan(options, folder), None), "kept": kept(options, folder, stack), "floor": floor(options, folder, chart)}
        samples = {what: [] for what in turns}
        for _ in range(options.runs):
            for what, turn in turns.items():
                samples[what] += [run_once(turn[0], options.timeout, turn[1])] if turn else []
        row = {"project": name, "files": files, "bytes": n_bytes, **{what: best(runs) for what, runs in samples.items()}}
        for peer, program in others.items():
            argv = PEERS[peer](program, folder, chart)
            row[peer] = pairs(options, folder, argv, (0,) if peer == "helm" else FOUND) if argv else None
    return row


def grown(row, before, start_up):
    """How many times as long as the row before, net of start-up."""
    if not before or not row["assay"] or not before["assay"]:
        return None
    net = {what: [max(r["assay"][what] - start_up[what], 1e-6) for r in (before, row)] for what in ("seconds", "cpu")}
    return {"resources": row["resources"] / before["resources"], **{what: round(b / a, 2) for what, (a, b) in net.items()}}


def cell(result):
    return "%9.3f s %8.3f s %7.1f MiB" % (result["seconds"], result["cpu"], result["mib"]) if result else "%33s" % "-"


def head(others):
    print("%-34s %6s %9s  %-33s  %-33s  %-33s  %-15s" % ("project", "files", "KiB", "scan: wall, CPU, memory", "kept", "floor", "growth: wall, CPU") +
          "".join("  %-33s %17s" % (peer, "times: wall, CPU") for peer in others))


def show(row, others):
    growth = row.get("growth")
    line = "%-34s %6d %9d  %s  %17s" % (
        row["project"], row["files"], row["bytes"] // 1024, "  ".join(cell(row[what]) for what in ("assay", "kept", "floor")),
        "%.1f× %.1f×" % (growth["seconds"], growth["cpu"]) if growth else "")
    for peer in others:
        found = row.get(peer)
        line += "  %s %17s" % (cell(found), "%.0f× %.0f×" % (found["times"], found["cpu_times"]) if found else "")
    print(line.rstrip(), flush=True)


def missed(start_up, rows, others):
    """The targets that the figures do not reach, each as a line."""
    for row in [{"project": "start-up", "assay": start_up}, *rows]:
        ours, (seconds, mib) = row["assay"], TARGETS.get(row["project"], (None, None))
        if not ours:
            yield "%s: no figure" % row["project"]
            continue
        if seconds and ours["seconds"] > seconds:
            yield "%s: %.4f s, not %g s" % (row["project"], ours["seconds"], seconds)
        if mib and ours["mib"] > mib:
            yield "%s: %.0f MiB, not %d MiB" % (row["project"], ours["mib"], mib)
        growth = row.get("growth")
        if growth and growth["cpu"] > growth["resources"] * GROWTH:
            yield "%s: %.1f times the processor time of %d times fewer" % (row["project"], growth["cpu"], growth["resources"])
        for peer in others:
            wanted = PEER_TIMES.get(peer, PEER_TIMES[None])
            if peer != "helm" and row.get(peer) and row[peer]["times"] < wanted:
                yield "%s: %.0f times faster than %s, not %d" % (row["project"], row[peer]["times"], peer, wanted)
            if row.get(peer) and row[peer]["mib"] < ours["mib"]:
                yield "%s: %.0f MiB, %s %.0f MiB" % (row["project"], ours["mib"], peer, row[peer]["mib"])


def version(argv):
    run = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return (run.stdout.strip().split("\n") or [""])[0]


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return {"processor": model, "cores": len(os.sched_getaffinity(0)), "system": platform.platform(), "load": round(os.getloadavg()[0], 2)}


def rows_of(options, others, corpus, start_up):
    """Measures and shows, project by project, then the generated ones tenfold by tenfold."""
    for name, folder in projects(corpus):
        if any(word in name for word in options.projects):
            yield measured(options, others, name, folder)
    for kind in options.kinds:
        before = None
        for n in options.sizes:
            with tempfile.TemporaryDirectory() as folder:
                generate.KINDS[kind](folder, n)
                row = dict(measured(options, others if n <= options.peer_size else {}, "%s, %d" % (kind, n), folder), resources=n)
            row["growth"] = grown(row, before, start_up)
            before = row
            yield row


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default=os.path.join(ROOT, "build", "assay"))
    parser.add_argument("--floor", default=os.path.join(ROOT, "build", "floor"))
    parser.add_argument("--corpus")
    parser.add_argument("--projects", type=lambda t: t.split(","), default=[""])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer-runs", type=int, default=1)
    parser.add_argument("--json", help="also write the figures to FILE")
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--sizes", type=lambda t: [int(n) for n in t.split(",") if n], default=[100, 1000, 10000, 100000])
    parser.add_argument("--kinds", type=lambda t: [k for k in t.split(",") if k], default=list(generate.KINDS))
    parser.add_argument("--peers")
    parser.add_argument("--peer-size", type=int, default=1000)
    options = parser.parse_args()
    corpus = find_corpus(options.corpus)
    if not corpus:
        sys.exit("no corpus: name a folder of projects with --corpus DIR")
    if not os.path.exists(options.floor):
        options.floor = None
    others, here = peers(options), machine()
    if here["load"] > 0.5:
        print("load average %.2f: others work on this machine, times are too long" % here["load"])
    start_up = best([run_once([options.bin, "--version"], 10) for _ in range(20)])
    print("start-up: %.1f ms" % (start_up["seconds"] * 1000))
    head(others)
    rows = []
    for row in rows_of(options, others, corpus, start_up):
        rows.append(row)
        show(row, others)
    misses = list(missed(start_up, rows, others))
    print("\n".join(["", "targets that are missed:"] + ["  " + m for m in misses]) if misses else "\nall targets are reached")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"machine": here, "versions": {"assay": version([options.bin, "--version"]),
                                                     **{p: version([program, *VERSION.get(p, ["--version"])]) for p, program in others.items()}},
                       "start_up": start_up, "projects": rows, "missed": misses}, out, indent=2, ensure_ascii=False)
            out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
