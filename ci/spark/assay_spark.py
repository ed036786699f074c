#!/usr/bin/env python3
"""A scan of many repositories and snapshots on the workers of Apache Spark, as two tables of Parquet.

    spark-submit ci/spark/assay_spark.py --shards 64 --out s3a://audit/2026-01-31 --root /data/estate 'repositories/*' snapshots

Each task runs `assay scan --shard I/N` over the paths below --root, which every worker sees (a shared file system, or an image with the
checkouts), and gives back the shard's result. A task that is lost with its worker is run again elsewhere and gives the same bytes.
The driver runs `assay merge` and writes what it says:

    OUT/findings   partitioned by status and severity
    OUT/entities   partitioned by origin            what was found
    OUT/edges      partitioned by type              how it hangs together

The schemas are declared below; docs/scale.md says what the columns mean."""
import argparse
import glob
import json
import os
import subprocess
import sys
import tempfile
import time

from pyspark import StorageLevel
from pyspark.sql import SparkSession
from pyspark.sql.types import BooleanType, IntegerType, LongType, StringType, StructField, StructType, ArrayType


def struct(**fields):
    return StructType([StructField(name, kind, True) for name, kind in fields.items()])


TEXT, NUMBER, TEXTS = StringType(), IntegerType(), ArrayType(StringType())
FINDING = struct(
    rule=TEXT, title=TEXT, severity=TEXT, category=TEXT, status=TEXT, case=TEXT, message=TEXT, fingerprint=TEXT,
    aliases=TEXTS, frameworks=TEXTS,
    resource=struct(address=TEXT, kind=TEXT, type=TEXT, origin=TEXT, unit=TEXT, variant=TEXT, environment=TEXT),
    location=struct(path=TEXT, line=NUMBER, column=NUMBER, end_line=NUMBER, end_column=NUMBER),
    evidence=ArrayType(struct(path=TEXT, line=NUMBER, note=TEXT)),
    fixes=ArrayType(struct(title=TEXT, field=TEXT, value=TEXT, path=TEXT, line=NUMBER, column=NUMBER, end_line=NUMBER, end_column=NUMBER,
                           insert=TEXT, joined=BooleanType())),
    suppression=struct(source=TEXT, reason=TEXT, owner=TEXT, until=TEXT, path=TEXT, line=NUMBER))
ENTITY = struct(id=LongType(), kind=TEXT, type=TEXT, address=TEXT, name=TEXT, space=TEXT, origin=TEXT, unit=TEXT, environment=TEXT,
                account=TEXT, region=TEXT, path=TEXT, line=NUMBER)
EDGE = struct(**{"type": TEXT, "from": LongType(), "to": LongType(), "label": TEXT})


def scan_shards(indexes, assay, count, root, paths, options):
    """In a worker: (index, the result's bytes, seconds, peak memory in KB) of each shard of the partition."""
    for index in indexes:
        began = time.time()
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "result")
            process = subprocess.Popen([assay, "scan", "--shard", "%d/%d" % (index, count), "--result", file, *options, "--", *paths],
                                       cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            said = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = code = os.waitstatus_to_exitcode(status)
            if code != 0:
                raise RuntimeError("shard %d of %d: exit code %d: %s" % (index, count, code, said[-2000:].decode("utf-8", "replace")))
            with open(file, "rb") as result:
                yield index, result.read(), time.time() - began, usage.ru_maxrss


def merge(assay, shards, root, folder, options):
    """In the driver, which takes one result at a time. The exit code of the whole."""
    files = []
    for index, result, seconds, memory in shards.toLocalIterator():
        files.append(os.path.join(folder, "%d.assay" % index))
        with open(files[-1], "wb") as file:
            file.write(result)
        print("shard %d: %.1f s, %d MB, result %d KB" % (index, seconds, memory // 1024, len(result) // 1024), file=sys.stderr)
    report, graph = os.path.join(folder, "report.ndjson"), os.path.join(folder, "graph.ndjson")
    code = subprocess.run([assay, "merge", "--quiet", "--output", "ndjson=" + report, "--graph", "ndjson=" + graph, *options, *files],
                          cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False).returncode
    if code == 2:
        raise RuntimeError("assay merge could not be done")
    return code, report, graph


def write(spark, report, graph, out):
    def table(file, schema, wanted):
        return spark.read.schema(schema).json("file://" + file).where(wanted)

    finding = StructType([StructField("type", TEXT, True), *FINDING.fields])
    facts = struct(entity=ENTITY, edge=EDGE)
    table(report, finding, "type = 'finding'").drop("type") \
        .write.mode("overwrite").partitionBy("status", "severity").parquet(out + "/findings")
    table(graph, facts, "entity is not null").select("entity.*").write.mode("overwrite").partitionBy("origin").parquet(out + "/entities")
    table(graph, facts, "edge is not null").select("edge.*").write.mode("overwrite").partitionBy("type").parquet(out + "/edges")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("paths", nargs="+", help="repositories and snapshots below --root; patterns are expanded in the driver")
    parser.add_argument("--root", default=os.getcwd(), help="the folder in which workers and driver run the program (default: this one)")
    parser.add_argument("--shards", type=int, default=16, help="parts; more than executors have cores, so that a slow one is no wait")
    parser.add_argument("--out", required=True, help="where the tables go: a folder or an address that Spark can write to")
    parser.add_argument("--assay", default="assay", help="the program, as workers and driver find it")
    parser.add_argument("--scan-option", action="append", default=[], help="--scan-option=--show-passed, for every shard")
    parser.add_argument("--merge-option", action="append", default=[], help="--merge-option=--fail-on=high")
    options = parser.parse_args()
    root = os.path.abspath(options.root)
    paths = sorted(path for pattern in options.paths for path in (glob.glob(pattern, root_dir=root) or [pattern]))
    spark = SparkSession.builder.appName("assay").getOrCreate()
    assay, count, scan_options = options.assay, options.shards, options.scan_option
    shards = spark.sparkContext.parallelize(range(1, count + 1), count) \
        .mapPartitions(lambda part: scan_shards(part, assay, count, root, paths, scan_options)).persist(StorageLevel.DISK_ONLY)
    shards.count()  # all at once; the driver then takes what lies there
    with tempfile.TemporaryDirectory() as folder:
        code, report, graph = merge(assay, shards, root, folder, options.merge_option)
        write(spark, report, graph, options.out.rstrip("/"))
        with open(report, encoding="utf-8") as file:
            summary = next(line for line in map(json.loads, file) if line["type"] == "summary")
    print(json.dumps(summary["summary"]))
    spark.stop()
    sys.exit(code)


if __name__ == "__main__":
    main()
