"""testdata/secrets: no planted secret is in what any command prints, writes or keeps: reports, logs, baselines,
histories, metrics, graphs, evidence, patches, what an editor is told, snapshots of live clusters, messages of failures."""
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import zlib

from . import lsp, process
from .api_server import ApiServer, tls_files
from .collect_k8s import Cluster, Run
from .twins import secrets_of

# Commands, run in a copy of the folder. What they print, and every file that was not there before, is looked through.
COMMANDS = [
    "scan --verbose --show-passed .",
    "scan --output json=r.json --output sarif=r.sarif --output html=r.html --output csv=r.csv --output junit=r.xml .",
    "baseline -o baseline.json .",
    "audit --history history.sqlite --scope s --metrics m.prom --output json=audit.json .",
    "history findings --history history.sqlite --format json",
    "report --history history.sqlite --scope s --format html -o report.html",
    "report --history history.sqlite --scope s --format oscal -o report.oscal",
    "report --format pdf -o report.pdf .",
    "report --format markdown -o report.md .",
    "report --format html -o report2.html .",
    "report --bundle evidence .",
    "report --bundle evidence.tar .",
    "fix .",
    "fix --check .",
    "baseline --budget budget.json .",
    "iam who-can s3:GetObject .",
    "drift --all --live infra kube",
    "scan --rev HEAD --verbose .",
    "graph --format json .",
    "graph --format ndjson .",
    "graph --format json --attributes .",
    "graph --format ndjson --attributes .",
    "graph --format dot .",
    "query --format json true .",
    "paths --format json .",
    "reach --all .",
    "iam escalate --format json .",
    "explain SEC-001",
    "diff --format text HEAD~1 HEAD",
    "diff --format json HEAD~1 HEAD",
    "diff --format markdown HEAD~1 HEAD",
    "scan --format json --diff HEAD~1 .",
    "init",
]
# Commands that fail on what they are given, or scan what cannot be read: messages quote little, and no secret.
FAILING = [
    "scan --format json bad",
    "scan --verbose bad",
    "scan --config infra/terraform.tfvars .",
    "scan --baseline app/tools.env .",
    "scan --var-file app/tools.env --format json infra",
    "scan --values app/client.ts --format json chart",
    "scan --rules rules --format json kube",
    "eval bad",
    "render bad",
    "report --verify app/server.key",
    "drift --live app/tools.env .",
    "merge app/tools.env",
    "iam can app/tools.env x y .",
]
RULE = '''return rule {
  id = "OWN-001", title = "Own", severity = "low", category = "hygiene", for_each = "k8s.workload",
  check = function(w)
    for _, c in ipairs(w.raw.spec.containers) do
      for _, e in ipairs(c.env) do error("broken by " .. e.value) end
    end
  end,
}
'''
PDF_STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.S)


def jobs(options):
    named = [("secrets/everywhere", everywhere), ("secrets/failures", failures), ("secrets/editor", editor), ("secrets/live", live)]
    return [(name, lambda n=name, r=run: [looked_through(options, n, r)]) for name, run in named if options.wants(name)]


def looked_through(options, name, run):
    planted = os.path.join(options.root, "testdata", "secrets")
    secrets = sorted(secrets_of(planted))
    work = tempfile.mkdtemp(prefix="assay-hidden-")
    try:
        folder = os.path.join(work, "p")
        shutil.copytree(os.path.join(planted, "planted"), folder)
        problems = run(options, work, folder, secrets)
    finally:
        shutil.rmtree(work)
    return name, not problems, "\n".join(sorted(set(problems)))


def held(text, secrets):
    """The starts of the secrets that a text has."""
    return sorted({s[:4] for s in secrets if s in text})


def readable(path):
    """The text of a file, with what is packed in it."""
    with open(path, "rb") as file:
        data = file.read()
    if path.endswith(".zst"):
        data += subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout
    if path.endswith(".pdf"):
        for stream in PDF_STREAM.findall(data):
            try:
                data += zlib.decompress(stream)
            except zlib.error:
                pass  # a picture or a font that is stored as it is
    return data.decode("latin-1")


def files_below(folder):
    return {os.path.join(d, f) for d, _, files in os.walk(folder) for f in files}


def commands(options, work, folder, secrets, lines, fails=False):
    problems, before = [], files_below(work)
    for command in lines:
        result = process.run([options.bin, *shlex.split(command)], folder, process.environment(work))
        if result.code == 2 and not fails:
            problems.append("%s: %s" % (command, result.err))
        if result.crashed:
            problems.append("%s: crashed: %s" % (command, result.err[:2000]))
        problems += ["%s prints %s…" % (command, s) for s in held(result.out + result.err, secrets)]
    for path in files_below(work) - before:
        if "/.git/" not in path:
            problems += ["%s holds %s…" % (os.path.relpath(path, work), s) for s in held(readable(path), secrets)]
    return problems


def everywhere(options, work, folder, secrets):
    git = ["git", "-C", folder, "-c", "user.name=n", "-c", "user.email=e@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "chart"], ["commit", "-q", "-m", "some"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(git + command, check=True, stdout=subprocess.DEVNULL)
    return commands(options, work, folder, secrets, COMMANDS)


def failures(options, work, folder, secrets):
    """Each planted file once more for each line with a secret, cut off behind it or with a brace too many."""
    os.mkdir(os.path.join(folder, "bad"))
    for number, path in enumerate(sorted(files_below(folder))):
        with open(path, encoding="utf-8") as file:
            lines = file.read().split("\n")
        for i in [i for i, line in enumerate(lines) if held(line, secrets)][:3]:
            for kind, last in (("cut", lines[i].rstrip("\"'")), ("more", lines[i] + " }} {{ %"), ("tab", "\t" + lines[i] + ": [")):
                target = os.path.join(folder, "bad", "%d-%d-%s" % (number, i, kind))
                os.mkdir(target)
                with open(os.path.join(target, os.path.basename(path)), "w", encoding="utf-8") as file:
                    file.write("\n".join(lines[:i] + [last]))
    os.mkdir(os.path.join(folder, "rules"))
    with open(os.path.join(folder, "rules", "own.lua"), "w", encoding="utf-8") as file:
        file.write(RULE)
    return commands(options, work, folder, secrets, FAILING, fails=True)


def editor(options, work, folder, secrets):
    """Diagnostics, and what is told of every line of every file."""
    problems = []
    server = lsp.Server(options, folder)
    try:
        server.ask("initialize", {"processId": None, "rootUri": lsp.uri(folder), "capabilities": {}})
        server.tell("initialized", {})
        for path in sorted(files_below(folder)):
            with open(path, encoding="utf-8") as file:
                lines = file.read().split("\n")
            if path.endswith((".tf", ".tfvars", ".yaml")):
                server.open(path, "terraform" if "tf" in os.path.basename(path).split(".")[-1] else "yaml")
                for i, line in enumerate(lines[:40]):
                    for column in {len(line) - len(line.lstrip()), max(len(line) - 3, 0)}:
                        server.ask("textDocument/hover", server.at(path, i, column))
                        server.ask("textDocument/definition", server.at(path, i, column))
                server.ask("textDocument/codeAction", {"textDocument": {"uri": lsp.uri(path)}, "context": {"diagnostics": []},
                                                       "range": {"start": {"line": 0, "character": 0}, "end": {"line": len(lines), "character": 0}}})
        said = json.dumps([server.diagnostics, server.answers, server.orphans], ensure_ascii=False)
        problems += ["the editor is told %s…" % s for s in held(said, secrets)]
        if not any(d["diagnostics"] for list_ in server.diagnostics.values() for d in list_):
            problems.append("the editor is told of nothing")
    finally:
        server.process.kill()
        problems += ["stderr of lsp says %s…" % s for s in held(server.process.communicate()[1].decode("utf-8", "replace"), secrets)]
    return problems


def listed(kind, version, items):
    return {"kind": kind + "List", "apiVersion": version, "metadata": {"resourceVersion": "1"}, "items": items}


def live(options, work, folder, secrets):
    """A cluster whose pods, ConfigMaps and Secrets hold the planted texts: collected, kept, compared with code, reported."""
    run = Run(options)
    run.env = process.environment(work)
    texts = {}
    for path in sorted(files_below(os.path.join(folder, "app")) | files_below(os.path.join(folder, "ci"))):
        with open(path, encoding="utf-8") as file:
            texts[os.path.basename(path)] = file.read()
    meta = {"name": "app", "namespace": "shop"}
    env = [line.split("=", 1) for line in texts["tools.env"].splitlines() if "=" in line]
    container = {"name": "api", "image": "registry.internal/api:1", "command": ["sh", "-c", texts["deploy.sh"]],
                 "env": [{"name": n.removeprefix("export "), "value": v} for n, v in env]}
    cluster = Cluster(os.path.join(work, "none"))
    cluster.lists = {
        "/api/v1/namespaces": listed("Namespace", "v1", [{"metadata": {"name": "shop"}}]),
        "/api/v1/pods": listed("Pod", "v1", [{"metadata": meta, "spec": {"containers": [container]}}]),
        "/api/v1/configmaps": listed("ConfigMap", "v1", [{"metadata": meta, "data": texts}]),
        "/api/v1/secrets": listed("Secret", "v1", [{"metadata": dict(meta, annotations={
            "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"stringData": texts})}), "stringData": texts}]),
    }
    with ApiServer(cluster) as server:
        with open(os.path.join(folder, "kubeconfig"), "w", encoding="utf-8") as file:
            json.dump({"apiVersion": "v1", "kind": "Config", "current-context": "lab",
                       "clusters": [{"name": "lab", "cluster": {"server": server.url, "certificate-authority": tls_files()["ca"]}}],
                       "users": [{"name": "me", "user": {"token": "t0ken"}}],
                       "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": "me"}}]}, file)
        return commands(options, work, folder, secrets + ["t0ken"], [
            "collect k8s --secrets --kubeconfig kubeconfig --out snap",
            "scan --format json --show-passed snap",
            "drift --format json --live snap kube",
            "drift --all --format text --live snap kube",
            "report --format html -o live.html snap",
            "report --format pdf -o live.pdf snap",
            "report --bundle live.tar snap",
            "graph --format json --attributes snap",
            "audit --collect 'k8s --kubeconfig kubeconfig' --keep kept --history h.sqlite --scope live --output html=a.html",
        ])
