#!/usr/bin/env python3
"""Lines that the tests have run, of a build with gcc's --coverage.

    tests/coverage.py [--build build-coverage] [--worst 25] [--json FILE] [--least PERCENT] [FOLDER…]

Says for each folder below engine/, parsers/ and reporters/ (or those named) how many lines there are and how many were run,
then the files with most lines that never were; `--lines FILE…` says which. `make coverage` builds, tests and calls this."""
import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDERS = ["engine", "parsers", "reporters"]


def read(build, note):
    """Per source file its lines, and whether they were run, by what was compiled with this .gcno."""
    run = subprocess.run(["gcov", "--json-format", "--stdout", note], cwd=ROOT, capture_output=True, check=False)
    return json.loads(run.stdout)["files"] if run.stdout.strip() else []


def gathered(build, folders):
    notes = [os.path.join(d, f) for d, _, files in os.walk(os.path.join(build, "obj")) for f in files if f.endswith(".gcno")]
    lines = collections.defaultdict(dict)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for files in pool.map(lambda note: read(build, note), sorted(notes)):
            for file in files:
                name = os.path.relpath(os.path.join(ROOT, file["file"]), ROOT)
                if name.split(os.sep)[0] in folders or any(name.startswith(f.rstrip("/") + "/") for f in folders):
                    for line in file["lines"]:
                        n = line["line_number"]
                        lines[name][n] = lines[name].get(n, 0) + line["count"]
    return lines


def stretches(numbers):
    """3, 4, 5, 9 as 3-5, 9."""
    out = []
    for n in numbers:
        if out and out[-1][1] == n - 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return ", ".join(str(a) if a == b else "%d-%d" % (a, b) for a, b in out)


def percent(run, all_):
    return 100.0 * run / all_ if all_ else 100.0


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--build", default=os.path.join(ROOT, "build-coverage"))
    parser.add_argument("--worst", type=int, default=25)
    parser.add_argument("--json")
    parser.add_argument("--least", type=float, default=0)
    parser.add_argument("--lines", nargs="+", metavar="FILE")
    parser.add_argument("folders", nargs="*", default=FOLDERS)
    options = parser.parse_args()
    lines = gathered(os.path.abspath(options.build), options.folders)
    if not lines:
        sys.exit("nothing was measured: `make coverage` first")
    if options.lines:
        for name in options.lines:
            print("%s: %s" % (name, stretches(sorted(n for n, count in lines[name].items() if count == 0))))
        return 0
    files = {name: (sum(1 for c in counts.values() if c), len(counts)) for name, counts in lines.items()}
    by_folder = collections.defaultdict(lambda: [0, 0])
    for name, (run, all_) in files.items():
        for key in ("/".join(name.split("/")[:2]) if name.count("/") > 1 else name.split("/")[0], "all"):
            by_folder[key][0] += run
            by_folder[key][1] += all_
    for key in sorted(by_folder, key=lambda k: (k == "all", k)):
        print("%-28s %6d of %6d lines  %5.1f %%" % (key, *by_folder[key], percent(*by_folder[key])))
    print("\nlines that were never run")
    for name, (run, all_) in sorted(files.items(), key=lambda f: f[1][0] - f[1][1])[:options.worst]:
        print("%6d  %5.1f %%  %s" % (all_ - run, percent(run, all_), name))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({name: {"run": run, "lines": all_} for name, (run, all_) in sorted(files.items())}, out, indent=1)
    return 1 if percent(*by_folder["all"]) < options.least else 0


if __name__ == "__main__":
    sys.exit(main())
