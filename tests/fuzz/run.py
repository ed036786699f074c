#!/usr/bin/env python3
"""Fuzzes targets: run.py FUZZER SECONDS [TARGET…]. All targets without one. The fuzzer is build-*/fuzz/libfuzzer or
…/driver; beside it corpora are kept (corpus/TARGET) and inputs that break something are left (crash-TARGET-*)."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = True

import seeds  # noqa: E402


def targets(fuzzer):
    text = subprocess.run([fuzzer, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(line.split("\t") for line in text.splitlines())


def command(fuzzer, name, folder, seconds):
    crash = os.path.join(folder, "crash-%s-" % name)
    planted, corpus = os.path.join(folder, "seeds", name), os.path.join(folder, "corpus", name)
    if os.path.basename(fuzzer) == "driver":
        return [fuzzer, name, "-seconds", seconds, "-seed", str(os.getpid()), "-crash", crash + str(os.getpid()), planted]
    os.makedirs(corpus, exist_ok=True)
    return [fuzzer, "-artifact_prefix=" + crash, "-max_total_time=" + seconds, "-max_len=16384", "-timeout=20", "-rss_limit_mb=3000",
            "-print_final_stats=1", "-verbosity=0", corpus, planted]


def main():
    fuzzer, seconds, words = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    folder, bad = os.path.dirname(fuzzer), []
    known = targets(fuzzer)
    for name in words or known:
        n = seeds.write(ROOT, known[name], os.path.join(folder, "seeds", name))
        print("%s: %d seeds, %s s" % (name, n, seconds), flush=True)
        if subprocess.run(command(fuzzer, name, folder, seconds), env=dict(os.environ, ASSAY_FUZZ=name), check=False).returncode != 0:
            bad.append(name)
    print("broken: " + " ".join(bad) if bad else "nothing broke")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
