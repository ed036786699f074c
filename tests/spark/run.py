#!/usr/bin/env python3
"""ci/spark on three worker processes, one of which is killed on the way: the tables hold what one scan finds.

    tests/spark/run.py --bin build/assay --python VENV/bin/python

Run by `make test-spark`. The estate is that of tests/bench, whose sizes are skewed. Without Java or pyspark there is nothing to run: it
says so and ends well."""
import argparse
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "tests", "bench"))

from estate import Estate  # noqa: E402

READ = """
import json, sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
table = {name: spark.read.parquet(sys.argv[1] + "/" + name) for name in ("findings", "entities", "edges")}
rows = [[r.status, r.rule, r.fingerprint, r.location.path, r.location.line, r.message] for r in table["findings"].collect()]
json.dump({"findings": rows, "entities": table["entities"].count(), "edges": table["edges"].count(),
           "columns": {name: t.dtypes for name, t in table.items()}}, open(sys.argv[2], "w"))
"""


def missing(python):
    if not shutil.which("java"):
        return "there is no Java"
    if not os.path.exists(python) or subprocess.run([python, "-c", "import pyspark"], capture_output=True, check=False).returncode != 0:
        return "pyspark is not installed"
    return None


def children(pid):
    """All processes below one, with their command lines."""
    parents, found = {}, []
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%s/stat" % name, encoding="utf-8") as file:
                parents[int(name)] = int(file.read().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue
    for child in parents:
        at = child
        while at in parents and at != pid:
            at = parents[at]
        if at == pid and child != pid:
            try:
                with open("/proc/%d/cmdline" % child, "rb") as file:
                    found.append((child, file.read().decode("utf-8", "replace").split("\0")))
            except OSError:
                continue
    return found


class Killer(threading.Thread):
    """kill -9 for the worker process (a JVM) that runs a scan, once."""

    def __init__(self, pid, binary):
        super().__init__(daemon=True)
        self.pid, self.binary, self.killed = pid, binary, None

    def run(self):
        while self.killed is None:
            time.sleep(0.3)
            below = children(self.pid)
            for executor, words in below:
                if any("CoarseGrainedExecutorBackend" in word for word in words) and \
                        any(self.binary in " ".join(w) for _, w in children(executor)):
                    try:
                        os.kill(executor, signal.SIGKILL)
                    except ProcessLookupError:
                        continue
                    self.killed = executor
                    return


def slow(folder, binary):
    """A scan that takes a while, so that there is something to kill."""
    path = os.path.join(folder, "slow-assay")
    with open(path, "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\n[ "$1" != scan ] || sleep 2\nexec %s "$@"\n' % binary)
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
    return path


def submit(python, folder, arguments, watch=None):
    home = subprocess.run([python, "-c", "import os, pyspark; print(os.path.dirname(pyspark.__file__))"],
                          capture_output=True, text=True, check=True).stdout.strip()
    env = dict(os.environ, SPARK_HOME=home, PYSPARK_PYTHON=python, PYSPARK_DRIVER_PYTHON=python, SPARK_LOCAL_DIRS=folder, SPARK_LOCAL_IP="127.0.0.1",
               SPARK_WORKER_DIR=os.path.join(folder, "work"))
    with open(os.path.join(folder, "log"), "a", encoding="utf-8") as log:
        process = subprocess.Popen([os.path.join(home, "bin", "spark-submit"), *arguments], env=env, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, cwd=folder)
        killer = Killer(process.pid, watch) if watch else None
        if killer:
            killer.start()
        code = process.wait(timeout=1500)
    return code, killer


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bin", default="build/assay")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--shards", type=int, default=8)
    options = parser.parse_args()
    lacks = missing(options.python)
    if lacks:
        print("skipped: " + lacks)
        return 0
    binary, python = os.path.abspath(options.bin), os.path.abspath(options.python)
    with tempfile.TemporaryDirectory() as folder:
        Estate(os.path.join(folder, "estate"), options.count, 3).make()
        names = sorted(os.listdir(os.path.join(folder, "estate")))
        paths = ["estate/" + name for name in names]
        one = subprocess.run([binary, "scan", "--format", "json", *paths], cwd=folder, capture_output=True, text=True, check=False)
        graph = subprocess.run([binary, "graph", "--quiet", *paths], cwd=folder, capture_output=True, text=True, check=False)
        watched = slow(folder, binary)
        began = time.time()
        code, killer = submit(python, folder, ["--master", "local-cluster[3,1,1024]", "--conf", "spark.executor.memory=640m", "--conf",
                                               "spark.ui.enabled=false", os.path.join(TOP, "ci", "spark", "assay_spark.py"), "--shards",
                                               str(options.shards), "--out", os.path.join(folder, "tables"), "--assay", watched, "estate/*"],
                              watch="slow-assay")
        problems = []
        if killer.killed is None:
            problems.append("no worker was killed: there is nothing shown")
        if code != one.returncode:
            problems.append("exit code %s, one scan has %s" % (code, one.returncode))
        with open(os.path.join(folder, "read.py"), "w", encoding="utf-8") as file:
            file.write(READ)
        read = submit(python, folder, [os.path.join(folder, "read.py"), os.path.join(folder, "tables"), os.path.join(folder, "rows.json")])[0]
        if read == 0:
            with open(os.path.join(folder, "rows.json"), encoding="utf-8") as file:
                rows = json.load(file)
            report, facts = json.loads(one.stdout), json.loads(graph.stdout)
            want = [[f["status"], f["rule"], f["fingerprint"], f["location"]["path"], f["location"]["line"], f["message"]] for f in report["findings"]]
            if sorted(rows["findings"]) != sorted(want):
                problems.append("%d findings in the table, %d of one scan" % (len(rows["findings"]), len(want)))
            if (rows["entities"], rows["edges"]) != (len(facts["entities"]), len(facts["edges"])):
                problems.append("entities and edges: %s" % ((rows["entities"], rows["edges"], len(facts["entities"]), len(facts["edges"])),))
            print("%d findings, %d entities, %d edges; a worker killed (process %s); %.0f s" %
                  (len(rows["findings"]), rows["entities"], rows["edges"], killer.killed, time.time() - began))
        else:
            problems.append("the tables cannot be read")
        if problems:
            with open(os.path.join(folder, "log"), encoding="utf-8") as file:
                print(file.read()[-6000:])
        print("\n".join(problems) or "ok")
        return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
