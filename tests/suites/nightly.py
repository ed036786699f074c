"""ci/nightly: the units and the chart are run as they stand, against a cluster that a small server plays."""
import json
import os
import re
import shutil
import subprocess

import yaml

from . import process
from .api_server import Answer, ApiServer
from .audit import counts
from .collect_k8s import Cluster, Run, data, expect, fine

DIGEST = "image.digest=sha256:" + "0123456789abcdef" * 4


def folder(options, name):
    return os.path.join(options.root, "ci", "nightly", name)


def lines_of(path):
    with open(path, encoding="utf-8") as f:
        return [x for x in f.read().replace("\\\n", " ").splitlines() if x and not x.startswith("#")]


def service(options):
    """The command of the unit, with its environment and credentials: what is new is told, and recorded once."""
    run = Run(options)
    os.mkdir(run.path("credentials"))
    run.write("credentials/audit_webhook-secret", "s3cret\n")
    settings = dict(x.split("=", 1) for x in lines_of(folder(options, "systemd/audit.env")))
    settings.update(ASSAY_HISTORY=run.path("history.sqlite"), ASSAY_METRICS=run.path("assay.prom"))
    unit = lines_of(folder(options, "systemd/assay-audit.service"))
    here = lambda text: (text.replace("%d", run.path("credentials")).replace("/run/credentials/assay-audit.service", run.path("credentials"))  # noqa: E731
                         .replace("/var/lib/assay", run.folder).replace("/run/assay", run.folder))
    for line in unit:
        if line.startswith("Environment="):
            run.env.update(x.split("=", 1) for x in here(line[len("Environment="):]).split())
    command = next(x for x in unit if x.startswith("ExecStart="))[len("ExecStart="):].split()
    argv = []
    for word in command:
        whole, split = re.fullmatch(r"\$\{(\w+)\}", word), re.fullmatch(r"\$(\w+)", word)
        argv += [settings[whole.group(1)]] if whole else here(settings[split.group(1)]).split() if split else [word]
    expect(argv[0] == "/usr/bin/assay", argv)
    argv[0] = options.bin
    with ApiServer(Cluster(data(options, "careless"))) as server, ApiServer(lambda request: Answer(body={}), tls=False) as chat:
        run.write("credentials/audit_webhook", chat.url + "/T0KEN\n")
        shutil.move(run.kubeconfig(server), run.path("credentials/audit_kubeconfig"))
        first = process.run(argv, run.folder, run.env)
        again = process.run(argv, run.folder, run.env)
        expect(first.code == 1 and counts(first)["new"] > 10, first.err)
        expect(again.code == 0 and counts(again)["new"] == 0, again.err)
        expect([r.path for r in chat.requests] == ["/T0KEN"] and "x-assay-signature" in chat.requests[0].headers, chat.requests)
    expect(os.path.exists(run.path("assay.prom")), "no metrics")


def units_are_sound(options):
    """Every line is one that systemd knows (systemd-analyze, where it is there), and nothing may write outside its folder."""
    unit = lines_of(folder(options, "systemd/assay-audit.service"))
    for wanted in ("ProtectSystem=strict", "NoNewPrivileges=yes", "DynamicUser=yes", "CapabilityBoundingSet=", "SuccessExitStatus=1 3"):
        expect(wanted in unit, wanted)
    expect(all(re.fullmatch(r"\[\w+\]|[A-Z]\w*=.*", x) for x in unit), [x for x in unit if not re.fullmatch(r"\[\w+\]|[A-Z]\w*=.*", x)])
    tool = shutil.which("systemd-analyze")
    if not tool:
        return
    for name in ("assay-audit.service", "assay-audit.timer"):
        result = subprocess.run([tool, "verify", "--man=no", folder(options, "systemd/" + name)], capture_output=True, text=True, check=False)
        said = [x for x in result.stderr.splitlines() if "assay-audit" in x and "not executable" not in x and "No such file" not in x]
        expect(not said, said)


def render(options, run, *values):
    args = [options.bin, "render", folder(options, "chart"), "--release-name", "nightly", "--namespace", "audit"]
    for value in values:
        args += ["--set", value]
    result = fine(process.run(args, run.folder, run.env))
    return {o["kind"]: o for o in yaml.safe_load_all(result.out) if o}, result.out


VARIANTS = {
    "defaults": (),
    "pinned": (DIGEST,),
    "shared": (DIGEST, "history.url=postgresql://audit@db.data/assay", "history.passSecret=assay-history", "webhook.existingSecret=chat"),
}


def chart_is_clean(options):
    """What the chart renders to fails no rule, whatever is chosen."""
    for name, values in VARIANTS.items():
        run = Run(options)
        _, text = render(options, run, *values)
        os.mkdir(run.path("out"))
        run.write("out/all.yaml", text)
        _, failed = run.failing("out")
        expect(not failed, (name, sorted(failed)))
    result = process.run([options.bin, "scan", folder(options, "chart")], options.root)
    expect(result.code == 0, result.out)


def chart_role(options):
    """The chart's role is the one that the collector prints."""
    run = Run(options)
    printed = yaml.safe_load(fine(process.run([options.bin, "collect", "k8s", "--print-policy"], run.folder, run.env)).out)
    objects, _ = render(options, run)
    expect(objects["ClusterRole"]["rules"] == printed["rules"],
           "assay collect k8s --print-policy | sed '1,/^rules:/d; s/^  //' > ci/nightly/chart/files/rules.yaml")


def chart_runs(options):
    """The arguments of the CronJob's container do what they say, as the pod's service account."""
    run = Run(options)
    objects, _ = render(options, run, DIGEST)
    container = objects["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]
    args = [a.replace("/var/lib/assay", run.folder) for a in container["args"]]
    with ApiServer(Cluster(data(options, "careless"))) as server:
        os.mkdir(run.path("account"))
        run.write("account/token", "t0ken")
        shutil.copy(server.ca_file, run.path("account/ca.crt"))
        run.env.update({e["name"]: run.folder for e in container["env"]}, KUBERNETES_SERVICE_HOST="127.0.0.1",
                       KUBERNETES_SERVICE_PORT=str(server.port), ASSAY_SERVICE_ACCOUNT_DIR=run.path("account"))
        result = process.run([options.bin] + args, run.folder, run.env)
    expect(result.code == 0 and counts(result)["new"] > 10, result.err)
    expect(os.path.exists(run.path("history.sqlite")), "no history")


def chart_refuses_passwords(options):
    """A password in history.url would stand in the pod's arguments: the schema of the values refuses it."""
    run = Run(options)
    result = process.run([options.bin, "render", folder(options, "chart"), "--set", "history.url=postgresql://audit:pw@db/assay"], run.folder, run.env)
    expect(result.code != 0 and "history" in result.err + result.out, result.err)
    expect(json.loads(open(folder(options, "chart/values.schema.json"), encoding="utf-8").read()), "schema")


TESTS = [service, units_are_sound, chart_is_clean, chart_role, chart_runs, chart_refuses_passwords]


def jobs(options):
    def job(test, name):
        try:
            test(options)
        except AssertionError as problem:
            return [(name, False, str(problem))]
        return [(name, True, "")]
    named = [(t, "nightly/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named if options.wants(name)]
