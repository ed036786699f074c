#!/usr/bin/env python3
"""Wall time and peak memory of `assay scan` per project of a corpus, beside checkov where there is one,
and of generated Terraform configurations of 200, 2,000 and 20,000 resources.

    tests/bench/run.py [--bin build/assay] [--corpus DIR] [--runs 3] [--json FILE]

The corpus is a folder of projects (default: ../shared/corpus, where it is there). Each run is a process of
its own with a warm file cache; the best of the runs counts. checkov is taken from $CHECKOV or the PATH."""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

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


def measure(argv, runs, timeout):
    """Best wall time in seconds and the peak memory in MiB of the process; None when it failed."""
    best, peak, code = None, 0, None
    for _ in range(runs):
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
            deadline = start + timeout
            while True:
                peak = max(peak, high_water(process.pid))
                pid, status, _ = os.wait4(process.pid, os.WNOHANG)
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
    return {"seconds": round(best, 4), "mib": round(peak / 1024, 1), "exit": code}


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


def generate_terraform(folder, modules, per_module):
    """A root that calls `modules` modules of `per_module` resources each, wired by variables."""
    os.makedirs(os.path.join(folder, "unit"))
    with open(os.path.join(folder, "main.tf"), "w", encoding="utf-8") as root:
        for i in range(modules):
            root.write('module "m%d" {\n  source = "./unit"\n  name   = "m%d"\n  tags   = { index = "%d" }\n}\n' % (i, i, i))
    with open(os.path.join(folder, "unit", "main.tf"), "w", encoding="utf-8") as unit:
        unit.write('variable "name" {}\nvariable "tags" { type = map(string) }\n'
                   'locals { all = merge(var.tags, { unit = var.name }) }\n')
        for i in range(per_module):
            unit.write('resource "aws_s3_bucket" "b%d" {\n  bucket = "${var.name}-b%d"\n  tags   = local.all\n}\n' % (i, i))


def find_corpus(given):
    candidates = [given] if given else [os.path.join(ROOT, "..", "shared", "corpus"),
                                        os.path.join(ROOT, "..", "..", "shared", "corpus"),
                                        os.path.join(ROOT, "testdata")]
    return next((os.path.normpath(c) for c in candidates if c and os.path.isdir(c)), None)


def generated(options):
    """Evaluating and scanning configurations that grow tenfold: cost must grow with them, not faster."""
    for modules, per_module in ((10, 20), (100, 20), (1000, 20)):
        with tempfile.TemporaryDirectory() as base:
            folder = os.path.join(base, "root")
            generate_terraform(folder, modules, per_module)
            for command in ("eval", "scan"):
                argv = [options.bin, command, "--format", "json", folder]
                name = "%s, %d resources" % (command, modules * per_module)
                yield {"project": name, "assay": measure(argv, options.runs, options.timeout)}


def cell(result):
    return "%9.3f s %7.1f MiB" % (result["seconds"], result["mib"]) if result else "%23s" % "-"


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--bin", default=os.path.join(ROOT, "build", "assay"))
    parser.add_argument("--corpus")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", help="also write the figures to FILE")
    parser.add_argument("--timeout", type=int, default=600)
    options = parser.parse_args()
    corpus = find_corpus(options.corpus)
    if not corpus:
        sys.exit("no corpus: name a folder of projects with --corpus DIR")
    checkov = os.environ.get("CHECKOV") or shutil.which("checkov")
    rows = []

    start_up = measure([options.bin, "--version"], 20, 10)
    print("start-up: %.1f ms" % (start_up["seconds"] * 1000))
    print("%-34s %6s %9s  %23s%s" % ("project", "files", "KiB", "assay", "  %23s %8s" % ("checkov", "times") if checkov else ""))
    for name, folder in projects(corpus):
        files, n_bytes = size(folder)
        row = {"project": name, "files": files, "bytes": n_bytes,
               "assay": measure([options.bin, "scan", "--format", "json", folder], options.runs, options.timeout)}
        line = "%-34s %6d %9d  %s" % (name, files, n_bytes // 1024, cell(row["assay"]))
        if checkov:
            row["checkov"] = measure([checkov, "--directory", folder, "--output", "json", "--quiet", "--compact",
                                      "--skip-download"], 1, options.timeout)
            line += "  " + cell(row["checkov"])
            if row["assay"] and row["checkov"]:
                line += " %7.0f×" % (row["checkov"]["seconds"] / row["assay"]["seconds"])
        print(line, flush=True)
        rows.append(row)
    for row in generated(options):
        print("%-34s %16s  %s" % (row["project"], "", cell(row["assay"])), flush=True)
        rows.append(row)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"start_up": start_up, "projects": rows}, out, indent=2)
            out.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
