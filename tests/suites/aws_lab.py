"""The account of testdata/live/aws_lab.py on a server of moto's: collected by assay, compared with what boto3 is told,
and scanned, with the facts that its builder knows. Skipped where ci/moto has not installed moto."""
import os
import socket
import subprocess
import tempfile
import time

from . import live_aws, process

NAME = "live/aws-collected"


def jobs(options):
    return [(NAME, lambda: run(options))] if options.wants(NAME) else []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for(port, server):
    for _ in range(300):
        if server.poll() is not None:
            return False
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def run(options):
    programs = os.path.join(os.environ.get("ASSAY_MOTO", os.path.join(options.root, "build", "moto")), "bin")
    if not os.access(os.path.join(programs, "moto_server"), os.X_OK):
        return [(NAME, None, "moto is not installed (sh ci/moto)")]
    port = free_port()
    server = subprocess.Popen([os.path.join(programs, "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if not wait_for(port, server):
            return [(NAME, False, "moto does not start")]
        return collected(options, os.path.join(programs, "python"), "http://127.0.0.1:%d" % port)
    finally:
        server.kill()
        server.wait()


def collected(options, python, url):
    with tempfile.TemporaryDirectory(prefix="assay-lab-") as folder:
        return compared(options, python, url, folder)


def compared(options, python, url, folder):
    snapshot = os.path.join(folder, "snap")
    env = process.environment(folder)
    built = process.run([python, os.path.join(options.root, "testdata", "live", "aws_lab.py"), "--endpoint", url], folder, env, timeout=300)
    if built.code != 0:
        return [(NAME + "/build", False, built.err)]
    env.update(AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="y")
    result = process.run([options.bin, "collect", "aws", "--endpoint-url", url, "--regions", "us-east-1,eu-central-1", "--out", snapshot],
                         folder, env, timeout=300)
    if result.code != 0 or result.crashed:
        return [(NAME + "/collect", False, result.err)]
    same = process.run([python, os.path.join(options.root, "tests", "aws", "same_as_boto3.py"), url, snapshot], folder, env, timeout=300)
    return [(NAME + "/same-as-boto3", same.code == 0, same.out + same.err)] + live_aws.check(options, snapshot, NAME)
