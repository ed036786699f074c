"""assay collect k8s against recorded lists (testdata/k8s) that a small server hands out as an API server does:
by pages, throttled, cut off, with rights missing. What is collected is scanned, and its findings are asserted."""
import base64
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import threading
import time

from . import aws_credentials, process
from .api_server import Answer, ApiServer, once, snapshot_lines, tls_files

PAGE = 2  # objects, whatever limit is asked for


class Cluster:
    """Answers as an API server: discovery, lists by pages, metadata alone where that is asked for."""

    def __init__(self, folder, aggregated=True, token="t0ken"):
        self.aggregated, self.token, self.lists = aggregated, token, {}
        for where, _, files in sorted(os.walk(folder)):
            for name in sorted(files):
                with open(os.path.join(where, name), encoding="utf-8") as f:
                    path = "/" + os.path.relpath(os.path.join(where, name), folder)[:-len(".json")]
                    self.lists[path] = json.load(f)

    def resources(self, prefix):
        """{group version: [(resource, kind)]} below /api or /apis."""
        found = {}
        for path, body in self.lists.items():
            top, rest = path[1:].split("/", 1)
            gv, resource = rest.rsplit("/", 1)
            if "/" + top == prefix:
                found.setdefault(gv, []).append((resource, body["kind"][:-len("List")]))
        return found

    def discovery(self, prefix):
        groups = []
        for gv, resources in self.resources(prefix).items():
            group, _, version = gv.rpartition("/")
            groups.append({"metadata": {"name": group, "creationTimestamp": None}, "versions": [
                {"version": version, "freshness": "Current", "resources": [
                    {"resource": r, "responseKind": {"group": group, "version": version, "kind": kind}, "scope": "Namespaced",
                     "singularResource": kind.lower(), "verbs": ["get", "list", "watch"],
                     "subresources": [{"subresource": "status", "verbs": ["get"]}]} for r, kind in resources]}]})
        return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": groups}

    def plain(self, path):
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                {"name": gv.split("/")[0], "versions": [{"groupVersion": gv, "version": gv.split("/")[1]}],
                 "preferredVersion": {"groupVersion": gv}} for gv in self.resources("/apis")]}
        prefix, gv = "/" + path[1:].split("/")[0], path[1:].split("/", 1)[1]
        resources = self.resources(prefix).get(gv)
        return resources and {"kind": "APIResourceList", "groupVersion": gv, "resources": [
            {"name": r, "kind": kind, "namespaced": True, "verbs": ["get", "list"]} for r, kind in resources] + [
            {"name": resources[0][0] + "/status", "kind": resources[0][1], "namespaced": True, "verbs": ["get"]}]}

    def page(self, request, body):
        items = body["items"]
        start = int(request.query.get("continue") or 0)
        n = min(int(request.query["limit"]), PAGE) if "limit" in request.query else len(items)
        metadata = dict(body["metadata"])
        if start + n < len(items):
            metadata["continue"] = str(start + n)
        if "PartialObjectMetadataList" in request.headers["accept"]:
            return {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": metadata, "items": [
                {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": i["metadata"]}
                for i in items[start:start + n]]}
        return dict(body, metadata=metadata, items=items[start:start + n])

    def __call__(self, request):
        if self.token and request.headers.get("authorization") != "Bearer " + self.token:
            return status(401, "Unauthorized")
        if request.path == "/version":
            return Answer(body={"major": "1", "minor": "33", "gitVersion": "v1.33.2"})
        if request.path in self.lists:
            return Answer(body=self.page(request, self.lists[request.path]))
        if self.aggregated and request.path in ("/api", "/apis") and "APIGroupDiscoveryList" in request.headers["accept"]:
            return Answer(body=self.discovery(request.path))
        body = self.plain(request.path)
        return Answer(body=body) if body else status(404, "NotFound")


def status(code, reason, headers=None):
    return Answer(code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "reason": reason,
                         "code": code}, headers)


def on(path, **query):
    return lambda r: r.path == path and all((r.query.get(k) is not None) == v for k, v in query.items())


def slowly(path, server):
    """The answer in eight pieces, a quarter of a second apart."""
    def drip(request):
        if request.path != path:
            return None
        answer = server.answer(request)
        answer.drip = 0.25
        return answer
    return drip


class Run:
    """One test: a folder of its own, a kubeconfig, the program."""

    def __init__(self, options):
        self.options = options
        self.holder = tempfile.TemporaryDirectory(prefix="assay-k8s-")  # gone with the test
        self.folder = self.holder.name
        self.env = process.environment(self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(text)
        return self.path(name)

    def kubeconfig(self, server, user=None, cluster=None, name="config", context="lab"):
        cluster = dict({"server": server.url, "certificate-authority": tls_files()["ca"]}, **(cluster or {}))
        return self.write(name, json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": context,
            "clusters": [{"name": "lab", "cluster": {k: v for k, v in cluster.items() if v is not None}}],
            "users": [{"name": "me", "user": {"token": "t0ken"} if user is None else user}],
            "contexts": [{"name": context, "context": {"cluster": "lab", "user": "me"}}]}))

    def collect(self, *args, out="snap"):
        return process.run([self.options.bin, "collect", "k8s", "--out", self.path(out)] + list(args), self.folder, self.env)

    def failing(self, out="snap"):
        result = process.run([self.options.bin, "scan", "--format", "json", self.path(out)], self.folder, self.env)
        report = json.loads(result.out)
        return report, {(f["rule"], f["resource"]["address"]) for f in report["findings"] if f["status"] == "fail"}


def expect(condition, detail):
    if not condition:
        raise AssertionError(detail)


def fine(result):
    expect(result.code == 0, "exit code %s\n%s" % (result.code, result.err))
    return result


def data(options, cluster):
    return os.path.join(options.root, "testdata", "k8s", cluster)


def objects(folder):
    return sorted({(i.get("kind", a["body"]["kind"]), i["metadata"].get("namespace", ""), i["metadata"]["name"])
                   for _, a in snapshot_lines(folder) if a["body"] and "items" in a["body"] and a["op"].startswith("k8s:list")
                   for i in a["body"]["items"]})


def expected_findings(options, cluster):
    with open(os.path.join(data(options, cluster), "..", cluster + ".expected"), encoding="utf-8") as f:
        return {tuple(line.split(" ", 1)) for line in f.read().splitlines() if line and not line.startswith("#")}


# --- what is collected, and what it says -------------------------------------------------------------


def careless(options):
    """Every violation is found, once for each workload; networks that fail on the way change nothing."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "careless"))) as server:
        server.faults += [
            once(on("/apis/apps/v1/deployments"), status(429, "TooManyRequests", {"Retry-After": "1"})),
            once(on("/api/v1/services"), Answer(body={"kind": "ServiceList", "items": []}, cut=20)),
            once(on("/api/v1/configmaps"), Answer(503, b"upstream connect error")),
            once(on("/api/v1/namespaces"), Answer(body=b'{"kind": "NamespaceList", "items": [')),
            slowly("/api/v1/serviceaccounts", server),
        ]
        run.kubeconfig(server)
        begin = time.time()
        fine(run.collect("--kubeconfig", run.path("config")))
        expect(time.time() - begin >= 1, "Retry-After was not waited for")
        report, failed = run.failing()
    wanted = expected_findings(options, "careless")
    failed = {f for f in failed if f[0].startswith("K8S-")}  # ways through several things are judged elsewhere
    expect(failed == wanted, "missing: %s\nunexpected: %s" % (sorted(wanted - failed), sorted(failed - wanted)))
    expect(not [d for d in report["diagnostics"] if d["severity"] != "note"], report["diagnostics"])
    expect({f["resource"]["origin"] for f in report["findings"] if f["rule"].startswith("K8S-")} == {"live"}, "origins")


def sound(options):
    """Nothing fails in a cluster that is kept well."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "sound"))) as server:
        run.kubeconfig(server)
        fine(run.collect("--kubeconfig", run.path("config")))
        _, failed = run.failing()
    expect(not failed, sorted(failed))


def secrets_stay(options):
    """No secret reaches the snapshot: not of Secrets, not of what kubectl apply remembers, not of environments."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "careless"))) as server:
        run.kubeconfig(server)
        fine(run.collect("--kubeconfig", run.path("config"), "--secrets"))
        asked = [r.headers["accept"] for r in server.requests if r.path == "/api/v1/secrets"]
    expect(asked and all("PartialObjectMetadataList" in a for a in asked), asked)
    text = "\n".join(json.dumps(a) for _, a in snapshot_lines(run.path("snap")))
    for secret in ("cEBzc3dvcmQtNTE3", "b9f3Kq7LmX2v", "Zk81mQpR44tw", "managedFields", "last-applied"):
        expect(secret not in text, secret + " is in the snapshot")
    expect('"theme": "dark"' in text and '"redacted": true' in text, "what is no secret is gone too")
    report, failed = run.failing()
    where = {f["message"].split(" as ")[1].split(" ")[0] for f in report["findings"] if f["rule"] == "SEC-013"}
    expect(where == {"Deployment/shop/web", "ConfigMap/shop/web-config"}, "that there are secrets is told all the same: %s" % where)
    expect(("SecretList", "shop", "db") in objects(run.path("snap")), "the Secret's name is missing")


def no_secrets_by_default(options):
    run = Run(options)
    with ApiServer(Cluster(data(options, "careless"))) as server:
        run.kubeconfig(server)
        fine(run.collect("--kubeconfig", run.path("config")))
        asked = {r.path for r in server.requests}
    expect("/api/v1/secrets" not in asked and "/api/v1/events" not in asked, sorted(asked))


def pages(options):
    """Pages of two; a list that expires on its way is read again, whole and once."""
    run = Run(options)
    body = {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "9"}, "items": [
        {"metadata": {"name": "p%d" % i, "namespace": "x"}, "spec": {"containers": [{"name": "c", "image": "a:1"}]}} for i in range(7)]}
    cluster = Cluster(data(options, "sound"))
    cluster.lists["/api/v1/pods"] = body
    with ApiServer(cluster) as server:
        server.faults.append(once(lambda r: r.path == "/api/v1/pods" and r.query.get("continue") == "4", status(410, "Expired")))
        run.kubeconfig(server)
        fine(run.collect("--kubeconfig", run.path("config")))
        asked = [r.query.get("continue", "") for r in server.requests if r.path == "/api/v1/pods"]
    pods = [a for _, a in snapshot_lines(run.path("snap")) if a["op"] == "k8s:list v1/pods"]
    expect(asked == ["", "2", "4", ""], asked)
    expect([i["metadata"]["name"] for a in pods for i in a["body"]["items"]] == ["p%d" % i for i in range(7)], pods)


def circles(options):
    """A server that gives the same token again and again ends the list, and it is told."""
    run = Run(options)
    cluster = Cluster(data(options, "sound"))

    def forever(request):
        if request.path != "/api/v1/services":
            return None
        return Answer(body={"kind": "ServiceList", "apiVersion": "v1", "metadata": {"continue": "again"}, "items": []})
    with ApiServer(cluster) as server:
        server.faults.append(forever)
        run.kubeconfig(server)
        result = run.collect("--kubeconfig", run.path("config"), "--strict")
    expect(result.code == 3 and "1 refused" in result.err, result.err)


def refused(options):
    """403 for one group: the rest is there, the manifest and the scan say what is not."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "sound"))) as server:
        server.faults.append(lambda r: status(403, "Forbidden") if r.path.startswith("/apis/networking.k8s.io/") else None)
        run.kubeconfig(server)
        result = fine(run.collect("--kubeconfig", run.path("config")))
        report, failed = run.failing()
    with open(run.path("snap/manifest.json"), encoding="utf-8") as f:
        missing = json.load(f)["missing"]
    expect([(m["op"], m["error"]) for m in missing] == [("k8s:list networking.k8s.io/v1/networkpolicies", "Forbidden")], missing)
    expect("1 refused" in result.err, result.err)
    expect([d["code"] for d in report["diagnostics"] if d["severity"] == "warning"] == ["snapshot-missing"], report["diagnostics"])
    expect(not failed, "what could not be listed is no proof: %s" % sorted(failed))
    unknown = {f["rule"] for f in report["findings"] if f["status"] == "unknown"}
    expect("K8S-NET-002" in unknown, sorted(unknown))
    reach = process.run([options.bin, "reach", "--all", "--format", "json", run.path("snap")], run.folder, run.env)
    expect(json.loads(reach.out)["connections"] == [] and "could not be listed" in reach.out, reach.out)


def exposures_refused(options):
    """Where Services could not be listed, nobody knows that nothing leads to a pod."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "sound"))) as server:
        run.kubeconfig(server)
        fine(run.collect("--kubeconfig", run.path("config")))
        server.faults.append(lambda r: status(403, "Forbidden") if r.path == "/api/v1/services" else None)
        fine(run.collect("--kubeconfig", run.path("config"), out="partial"))
    ask = lambda name: process.run([options.bin, "reach", "internet", "shop/web:8080", run.path(name)], run.folder, run.env)  # noqa: E731
    known, partial = ask("snap"), ask("partial")
    expect(known.code == 1 and known.out.startswith("no"), known.out)
    expect(partial.code == 3 and "could not be listed" in partial.out, partial.out)


def plain_discovery(options):
    """A server without aggregated discovery gives the same objects."""
    found = []
    for aggregated in (True, False):
        run = Run(options)
        with ApiServer(Cluster(data(options, "careless"), aggregated)) as server:
            run.kubeconfig(server)
            fine(run.collect("--kubeconfig", run.path("config")))
        found.append(objects(run.path("snap")))
    expect(found[0] == found[1] and len(found[0]) > 8, found)


def kubectl_export(options):
    """`kubectl get -A -o json` is the same as the collected cluster."""
    run = Run(options)
    items = []
    for path, body in Cluster(data(options, "sound")).lists.items():
        items += [dict(i, apiVersion=body["apiVersion"], kind=body["kind"][:-4]) for i in body["items"] if body["kind"] != "ReplicaSetList"]
    os.mkdir(run.path("export"))
    run.write("export/all.json", json.dumps({"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": items}))
    report, failed = run.failing("export")
    expect(report["summary"]["pass"] > 50 and not failed, (report["summary"], sorted(failed)))


# --- who asks ----------------------------------------------------------------------------------------


def with_user(options, user, token="t0ken", args=(), env=None, cluster=None, certificate=False, url=None):
    run = Run(options)
    run.env.update(env or {})
    with ApiServer(Cluster(data(options, "sound"), token=token), client_certificate=certificate) as server:
        run.kubeconfig(server, user(run) if callable(user) else user,
                       dict(cluster or {}, **({"server": url(server)} if url else {})))
        result = run.collect("--kubeconfig", run.path("config"), *args)
        return run, result, server


def token_file(options):
    """A token that is renewed while it collects: the file is read again after 401."""
    run = Run(options)
    token = run.write("token", "old\n")
    cluster = Cluster(data(options, "sound"))
    with ApiServer(cluster) as server:
        def renew(request):
            with open(token, "w", encoding="utf-8") as f:
                f.write("t0ken\n")
        server.faults.append(renew)
        run.kubeconfig(server, {"tokenFile": "token"})
        fine(run.collect("--kubeconfig", run.path("config")))
    expect(objects(run.path("snap")), "nothing was collected")


def client_certificate(options):
    files = tls_files()
    _, result, server = with_user(options, {"client-certificate": files["client_cert"], "client-key": files["client_key"]},
                                  token=None, certificate=True)
    fine(result)
    expect(dict(x[0] for x in server.requests[0].peer["subject"])["commonName"] == "assay", server.requests[0].peer)


def certificate_data(options):
    files = tls_files()
    inline = {k + "-data": base64.b64encode(open(files[f], "rb").read()).decode() for k, f in
              (("client-certificate", "client_cert"), ("client-key", "client_key"))}
    ca = base64.b64encode(open(files["ca"], "rb").read()).decode()
    _, result, _ = with_user(options, inline, token=None, certificate=True,
                             cluster={"certificate-authority": None, "certificate-authority-data": ca})
    fine(result)


def basic(options):
    _, result, server = with_user(options, {"username": "audit", "password": "p:w"}, token=None)
    fine(result)
    expect(server.requests[0].headers["authorization"] == "Basic " + base64.b64encode(b"audit:p:w").decode(), "header")


PLUGIN = """#!/usr/bin/env python3
import json, os, sys
info = json.loads(os.environ["KUBERNETES_EXEC_INFO"])
assert info["kind"] == "ExecCredential" and info["spec"]["interactive"] is False
assert info["spec"]["cluster"]["server"].startswith("https://127.0.0.1:")
assert sys.argv[1:] == ["--for", "two words"] and os.environ["REGION"] == "eu"
open(sys.argv[0] + ".runs", "a").write("x")
print(json.dumps({"kind": "ExecCredential", "apiVersion": info["apiVersion"],
                  "status": {"token": "t0ken", "expirationTimestamp": "2099-01-01T00:00:00Z"}}))
"""


def plugin(run):
    os.chmod(run.write("plugin", PLUGIN), 0o755)
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "./plugin", "args": ["--for", "two words"],
                     "env": [{"name": "REGION", "value": "eu"}], "provideClusterInfo": True, "interactiveMode": "Never"}}


def exec_plugin(options):
    """It is run once, without a shell, and told the cluster."""
    run, result, _ = with_user(options, plugin)
    fine(result)
    with open(run.path("plugin.runs"), encoding="utf-8") as f:
        expect(f.read() == "x", "it was run more than once")


def exec_forbidden(options):
    run, result, server = with_user(options, plugin, args=("--no-exec",))
    expect(result.code == 2 and "--no-exec" in result.err and not server.requests, (result.code, result.err))
    expect(not os.path.exists(run.path("plugin.runs")), "it was run")


def eks(options):
    """Without the AWS CLI the token is made here: a presigned GetCallerIdentity."""
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws",
                     "args": ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab"]}}
    _, result, server = with_user(options, user, token=None, args=("--no-exec",), env={
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI", "AWS_SESSION_TOKEN": "s/e+s"})
    fine(result)
    token = server.requests[0].headers["authorization"][len("Bearer k8s-aws-v1."):]
    url = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    expect(url.startswith("https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&"), url)
    for part in ("X-Amz-SignedHeaders=host%3Bx-k8s-aws-id", "X-Amz-Expires=60", "X-Amz-Security-Token=s%2Fe%2Bs", "X-Amz-Signature="):
        expect(part in url, url)


def eks_profile(options):
    """… with the keys of a profile, which the plug-in would read too; a role that it is told is assumed."""
    def user(run):
        keys = run.write("credentials", "[lab]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = profile-secret\n")
        run.env["AWS_SHARED_CREDENTIALS_FILE"] = keys
        return {"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws",
                         "args": ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab", "--role-arn",
                                  "arn:aws:iam::123456789012:role/reader"],
                         "env": [{"name": "AWS_PROFILE", "value": "lab"}]}}
    aws = aws_credentials.server_of({"sts:AssumeRole": aws_credentials.sts("AssumeRole")})
    with ApiServer(aws, tls=False) as other:
        _, result, server = with_user(options, user, token=None, args=("--no-exec",),
                                      env={"AWS_ENDPOINT_URL_STS": other.url, "AWS_EC2_METADATA_DISABLED": "true"})
    fine(result)
    expect(len(aws.asked("sts:AssumeRole")) == 1, aws.calls)
    token = server.requests[0].headers["authorization"][len("Bearer k8s-aws-v1."):]
    url = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    expect("X-Amz-Credential=AKIDROLE%2F" in url, url)


def eks_without_keys(options):
    """Nothing is asked without a token, and why there is none is said."""
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws",
                     "args": ["--region", "eu-west-1", "eks", "get-token", "--cluster-name", "lab"]}}
    _, result, server = with_user(options, user, token=None, args=("--no-exec",), env={"AWS_EC2_METADATA_DISABLED": "true"})
    expect(result.code == 2 and not server.requests and "no credentials" in result.err, (result.code, result.err, len(server.requests)))


def drift(options):
    """`assay drift --live 'k8s …'` asks the cluster now, and keeps nothing."""
    run = Run(options)
    manifest = run.write("web.yaml", """
apiVersion: apps/v1
kind: Deployment
metadata: {name: gone, namespace: shop}
spec: {selector: {matchLabels: {app: gone}}, template: {metadata: {labels: {app: gone}}, spec: {containers: [{name: c, image: "c:1"}]}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
""")
    with ApiServer(Cluster(data(options, "careless"))) as server:
        run.kubeconfig(server)
        result = process.run([options.bin, "drift", manifest, "--live", "k8s --kubeconfig " + run.path("config")],
                             run.folder, dict(run.env, TMPDIR=run.folder))
    expect(result.code == 1 and "gone Deployment/shop/gone" in result.out, (result.code, result.out, result.err))
    expect(not [n for n in os.listdir(run.folder) if n.startswith("assay-audit")], os.listdir(run.folder))


def gke(options):
    """Without its plug-in the token for GKE is Google's own."""
    user = {"exec": {"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "gke-gcloud-auth-plugin", "provideClusterInfo": True}}
    _, result, _ = with_user(options, user, args=("--no-exec",), env={"CLOUDSDK_AUTH_ACCESS_TOKEN": "t0ken"})
    fine(result)


class Proxy:
    """Tunnels CONNECT, and counts."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.asked = self.listener.getsockname()[1], []

    def tunnel(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        self.asked.append(head.split()[1].decode())
        host, port = self.asked[-1].rsplit(":", 1)
        with client, socket.create_connection((host, int(port))) as far:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            while True:
                for ready in select.select([client, far], [], [], 30)[0]:
                    piece = ready.recv(65536)
                    if not piece:
                        return
                    (far if ready is client else client).sendall(piece)

    def __enter__(self):
        def accept():
            while True:
                try:
                    client = self.listener.accept()[0]
                except OSError:
                    return
                threading.Thread(target=self.tunnel, args=(client,), daemon=True).start()
        threading.Thread(target=accept, daemon=True).start()
        return self

    def __exit__(self, *unused):
        self.listener.close()


def proxy(options):
    """proxy-url is the way to the cluster, and TLS is still that of the cluster."""
    with Proxy() as way:
        _, result, server = with_user(options, {"token": "t0ken"}, cluster={"proxy-url": "http://127.0.0.1:%d" % way.port})
    fine(result)
    expect(way.asked and set(way.asked) == {"127.0.0.1:%d" % server.port}, way.asked)


def in_cluster(options):
    run = Run(options)
    with ApiServer(Cluster(data(options, "sound"))) as server:
        os.mkdir(run.path("account"))
        run.write("account/token", "t0ken")
        run.write("account/ca.crt", open(server.ca_file, encoding="utf-8").read())
        run.env.update(KUBERNETES_SERVICE_HOST="127.0.0.1", KUBERNETES_SERVICE_PORT=str(server.port),
                       ASSAY_SERVICE_ACCOUNT_DIR=run.path("account"))
        fine(run.collect())
    expect(os.path.isdir(run.path("snap/k8s/in-cluster")), os.listdir(run.path("snap")))


def merged_files(options):
    """The first file that has a name wins; files that are missing are passed over."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "sound"))) as server:
        run.write("one", json.dumps({"current-context": "lab", "users": [{"name": "me", "user": {"token": "t0ken"}}]}))
        run.kubeconfig(server, {"token": "wrong"}, name="two")
        run.env["KUBECONFIG"] = "%s:%s:%s" % (run.path("none"), run.path("one"), run.path("two"))
        fine(run.collect())


def server_name(options):
    """tls-server-name is what the certificate must be for; another name is refused."""
    good = with_user(options, {"token": "t0ken"}, cluster={"tls-server-name": "api.test"})[1]
    bad = with_user(options, {"token": "t0ken"}, cluster={"tls-server-name": "elsewhere.test"})[1]
    fine(good)
    expect(bad.code == 2, bad.err)


def verification(options):
    """Another authority is refused; insecure-skip-tls-verify is heeded, with a warning."""
    untrusted = with_user(options, {"token": "t0ken"}, cluster={"certificate-authority": None})[1]
    insecure = with_user(options, {"token": "t0ken"}, cluster={"certificate-authority": None, "insecure-skip-tls-verify": True})[1]
    expect(untrusted.code == 2, untrusted.err)
    fine(insecure)
    expect("not verified" in insecure.err, insecure.err)


def wrong_token(options):
    _, result, _ = with_user(options, {"token": "n0t"})
    expect(result.code == 2 and "Unauthorized" in result.err and "n0t" not in result.err, result.err)


def impersonation(options):
    _, result, server = with_user(options, {"token": "t0ken", "as": "auditor", "as-groups": ["a", "b"]})
    fine(result)
    expect(server.requests[0].headers["impersonate-user"] == "auditor", server.requests[0].headers)


# --- interruptions -----------------------------------------------------------------------------------


def killed(options):
    """kill -9 in the middle; --resume asks for the rest only, and the snapshot is that of an unbroken run."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "careless"))) as server:
        run.kubeconfig(server)
        server.faults.append(lambda r: Answer(body={}, delay=30) if r.path == "/apis/apps/v1/deployments" else None)
        child = subprocess.Popen([options.bin, "collect", "k8s", "--kubeconfig", run.path("config"), "--out", run.path("snap")],
                                 env=run.env, stderr=subprocess.DEVNULL)
        until = time.time() + 20
        while time.time() < until and not all(os.path.exists(run.path("snap/k8s/lab/" + n)) for n in (
                "v1.ndjson", "discovery.ndjson", "rbac.authorization.k8s.io_v1.ndjson")):
            time.sleep(0.05)
        time.sleep(0.3)
        child.send_signal(signal.SIGKILL)
        child.wait()
        expect(not os.path.exists(run.path("snap/manifest.json")), "it was not interrupted")
        refusal = run.collect("--kubeconfig", run.path("config"))
        expect(refusal.code == 2 and "--resume" in refusal.err, refusal.err)
        server.faults.clear()
        server.requests.clear()
        fine(run.collect("--kubeconfig", run.path("config"), "--resume"))
        asked = {r.path for r in server.requests}
        expect("/apis/apps/v1/deployments" in asked and "/api/v1/pods" not in asked, sorted(asked))
        server.requests.clear()
        said = run.collect("--kubeconfig", run.path("config"), "--resume")
        expect(said.code == 0 and "is complete" in said.err and not server.requests, (said.err, server.requests))
        fine(run.collect("--kubeconfig", run.path("config"), out="again"))
    expect(objects(run.path("snap")) == objects(run.path("again")), "the snapshots differ")
    modes = {oct(os.stat(os.path.join(d, f)).st_mode & 0o777) for d, _, files in os.walk(run.path("again")) for f in files if f != "manifest.json"}
    expect(modes == {"0o600"}, modes)


def interrupted(options):
    """Ctrl-C: what is there is kept, and how to go on is said."""
    run = Run(options)
    with ApiServer(Cluster(data(options, "careless"))) as server:
        run.kubeconfig(server)
        server.faults.append(lambda r: Answer(body={}, delay=2) if r.path == "/apis/apps/v1/deployments" else None)
        child = subprocess.Popen([options.bin, "collect", "k8s", "--kubeconfig", run.path("config"), "--out", run.path("snap")],
                                 env=run.env, stderr=subprocess.PIPE)
        until = time.time() + 20
        while time.time() < until and not os.path.exists(run.path("snap/k8s/lab/v1.ndjson")):
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=30)
    expect(child.returncode == 2 and b"--resume" in said, (child.returncode, said))


def sealed(options):
    run = Run(options)
    files = tls_files()
    with ApiServer(Cluster(data(options, "careless"))) as server:
        run.kubeconfig(server)
        fine(run.collect("--kubeconfig", run.path("config"), "--seal-to", files["client_cert"]))
    closed = process.run([options.bin, "scan", "--format", "json", run.path("snap")], run.folder, run.env)
    expect("--decrypt-key" in closed.out, closed.out[:500])
    opened = process.run([options.bin, "scan", "--format", "json", "--decrypt-key", files["client_key"], run.path("snap")], run.folder, run.env)
    expect('"K8S-POD-001"' in opened.out, opened.out[:500])


def looked_up(options):
    """`lookup` in a chart finds what a snapshot holds, sealed too, and no Secrets of it."""
    run, files = Run(options), tls_files()
    cluster = Cluster(data(options, "sound"))
    cluster.lists["/api/v1/configmaps"] = {"kind": "ConfigMapList", "apiVersion": "v1", "metadata": {"resourceVersion": "9"}, "items": [
        {"metadata": {"name": "seen", "namespace": "x"}, "data": {"a": "from-the-cluster"}}]}
    cluster.lists["/api/v1/secrets"] = {"kind": "SecretList", "apiVersion": "v1", "metadata": {"resourceVersion": "9"}, "items": [
        {"metadata": {"name": "hidden", "namespace": "x"}, "data": {"a": "YQ=="}}]}
    with ApiServer(cluster) as server:
        run.kubeconfig(server)
        fine(run.collect("--kubeconfig", run.path("config"), "--secrets"))
        fine(run.collect("--kubeconfig", run.path("config"), "--seal-to", files["client_cert"], out="sealed"))
    os.makedirs(run.path("chart/templates"))
    run.write("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 1.0.0\n")
    run.write("chart/templates/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
              "  a: {{ (lookup \"v1\" \"ConfigMap\" \"x\" \"seen\").data.a | default \"none\" }}\n"
              "  b: {{ lookup \"v1\" \"Secret\" \"x\" \"hidden\" | empty }}\n")
    for snapshot, more in (("snap", []), ("sealed", ["--decrypt-key", files["client_key"]])):
        graph = process.run([options.bin, "graph", "--format", "ndjson", "--attributes", "--cluster", run.path(snapshot), *more, "chart"], run.folder, run.env)
        expect('"a":"from-the-cluster","b":true' in graph.out, (snapshot, graph.err, graph.out[:3000]))
    broken = process.run([options.bin, "scan", "--cluster", run.path("chart"), "chart"], run.folder, run.env)
    expect(broken.code == 2, (broken.code, broken.err))


def policy(options):
    """The role that is printed covers every list that collecting asks for, has no wildcard, and scans clean."""
    run = Run(options)
    role = process.run([options.bin, "collect", "k8s", "--print-policy"], run.folder, run.env)
    path = run.write("role.yaml", role.out)
    scan = process.run([options.bin, "scan", path], run.folder, run.env)
    expect(scan.code == 0, scan.out)
    expect('"*"' not in role.out and "- secrets\n" not in role.out, role.out)
    more = process.run([options.bin, "collect", "k8s", "--print-policy", "--secrets"], run.folder, run.env)
    expect("- secrets\n" in more.out, "Secrets are not in the role")
    for path, body in Cluster(data(options, "sound")).lists.items():
        expect("      - %s\n" % path.rsplit("/", 1)[1] in role.out, path)


TESTS = [careless, sound, secrets_stay, no_secrets_by_default, pages, circles, refused, exposures_refused, plain_discovery, kubectl_export, token_file,
         client_certificate, certificate_data, basic, exec_plugin, exec_forbidden, eks, eks_profile, eks_without_keys, drift, gke, proxy, in_cluster, merged_files, server_name,
         verification, wrong_token, impersonation, killed, interrupted, sealed, looked_up, policy]


def jobs(options):
    def job(test, name):
        try:
            test(options)
        except AssertionError as problem:
            return [(name, False, str(problem))]
        return [(name, True, "")]
    named = [(t, "collect/k8s/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named if options.wants(name)]
