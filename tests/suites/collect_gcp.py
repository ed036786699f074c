"""assay collect gcp against answers in the form of Google's APIs (testdata/gcp/PROJECT/HOST/PATH.json), handed out by a
small server; tokens by every way of the credential chain, with the JWT verified by the public key."""
import base64
import json
import os
import subprocess
import tempfile
import time
import urllib.parse

from . import process
from .api_server import Answer, ApiServer, once, snapshot_lines, tls_files
from .collect_k8s import expect, fine

TOKEN = "ya29.t0ken"
PAGE = 5  # assets


def error(code, status, reason=None):
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com"}] if reason else []
    return Answer(code, {"error": {"code": code, "message": status, "status": status, "details": details}})


class Google:
    """Answers what lies in a folder, to whoever has the token; assets by pages."""

    def __init__(self, folder, token=TOKEN):
        self.folder, self.token, self.inventory = folder, token, True

    def file(self, path):
        full = os.path.join(self.folder, path.lstrip("/") + ".json")
        if not os.path.isfile(full):
            return None
        with open(full, encoding="utf-8") as f:
            return json.load(f)

    def __call__(self, request):
        if request.path.startswith("/token"):
            return Answer(404, {})
        if request.headers.get("authorization") != "Bearer " + self.token:
            return error(401, "UNAUTHENTICATED")
        if request.path.endswith("/assets"):
            if not self.inventory:
                return error(403, "PERMISSION_DENIED", "SERVICE_DISABLED")
            return self.assets(request)
        body = self.file(request.path)
        return Answer(body=body) if body is not None else error(403, "PERMISSION_DENIED", "SERVICE_DISABLED")

    def assets(self, request):
        body = self.file(request.path + "." + request.query["contentType"])
        if body is None:
            return error(403, "PERMISSION_DENIED")
        start = int(request.query.get("pageToken") or 0)
        page = dict(body, assets=body["assets"][start:start + PAGE])
        if start + PAGE < len(body["assets"]):
            page["nextPageToken"] = str(start + PAGE)
        return Answer(body=page)


def data(options, name):
    return os.path.join(options.root, "testdata", "gcp", name)


class Run:
    def __init__(self, options):
        self.options = options
        self.holder = tempfile.TemporaryDirectory(prefix="assay-gcp-")  # gone with the test
        self.folder = self.holder.name
        self.env = process.environment(self.folder)
        self.env["CLOUDSDK_AUTH_ACCESS_TOKEN"] = TOKEN

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "w", encoding="utf-8") as f:
            f.write(content if isinstance(content, str) else json.dumps(content))
        return self.path(name)

    def credentials(self, content):
        del self.env["CLOUDSDK_AUTH_ACCESS_TOKEN"]
        self.env["GOOGLE_APPLICATION_CREDENTIALS"] = self.write("credentials.json", content)

    def collect(self, server, *args, project="shop-careless", out="snap"):
        scope = ["--projects", project] if project else []
        return process.run([self.options.bin, "collect", "gcp", "--gcp-endpoint-url", server.url, "--ca-file", tls_files()["ca"],
                            "--out", self.path(out)] + scope + list(args), self.folder, self.env)

    def report(self, what="snap"):
        result = process.run([self.options.bin, "scan", "--format", "json", self.path(what)], self.folder, self.env)
        return json.loads(result.out)

    def failing(self, what="snap"):
        return {(f["rule"], f["resource"]["address"]) for f in self.report(what)["findings"] if f["status"] == "fail"}


def expected(options, name):
    with open(data(options, name) + ".expected", encoding="utf-8") as f:
        return {tuple(line.split(" ", 1)) for line in f.read().splitlines() if line and not line.startswith("#")}


def compare(failed, wanted):
    if wanted:  # ways through several things are judged elsewhere
        failed = {f for f in failed if f[0].startswith("GCP-")}
    expect(failed == wanted, "missing: %s\nunexpected: %s" % (sorted(wanted - failed), sorted(failed - wanted)))


# --- what is collected, and what it says -------------------------------------------------------------


def careless(options):
    """Every violation is found in what the inventory tells; networks that fail on the way change nothing."""
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        kind = lambda content, page: lambda r: r.query.get("contentType") == content and r.query.get("pageToken", "") == page  # noqa: E731
        server.faults += [once(kind("RESOURCE", "5"), Answer(429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}, {"Retry-After": "1"})),
                          once(kind("RESOURCE", "10"), Answer(body={"assets": []}, cut=5)),
                          once(kind("IAM_POLICY", ""), error(503, "UNAVAILABLE"))]
        fine(run.collect(server))
        asked = [r for r in server.requests if r.path.endswith("/assets")]
    compare(run.failing(), expected(options, "careless"))
    expect("storage.googleapis.com.*" in asked[0].raw and "k8s.io" not in asked[0].raw, asked[0].raw)
    expect({f["resource"]["origin"] for f in run.report()["findings"] if f["rule"].startswith("GCP-")} == {"live"}, "origins")


def sound(options):
    run = Run(options)
    with ApiServer(Google(data(options, "sound"))) as server:
        fine(run.collect(server, project="shop-sound"))
    compare(run.failing(), set())


def services(options):
    """Where the inventory is off the services are asked, and the same is found."""
    run = Run(options)
    google = Google(data(options, "careless"))
    google.inventory = False
    with ApiServer(google) as server:
        server.faults.append(once(lambda r: r.path.endswith("/aggregated/instances"), Answer(403, {"error": {
            "code": 403, "errors": [{"domain": "usageLimits", "reason": "rateLimitExceeded"}]}})))
        fine(run.collect(server, "--strict"))
        paths = {r.path for r in server.requests}
    by_rule = lambda found: {(rule, address.split("#")[0].rsplit("/", 1)[-1]) for rule, address in found}  # noqa: E731
    # Numbers in the inventory's names, names in those of the services.
    same = {"220811119933": "shop-careless", "8801": "shop", "109922": "web@shop-careless.iam.gserviceaccount.com"}
    wanted = {(rule, same.get(name, name)) for rule, name in by_rule(expected(options, "careless"))}
    compare({(rule, same.get(name, name)) for rule, name in by_rule(run.failing())}, wanted)
    expect("/secretmanager.googleapis.com/v1/projects/shop-careless/secrets" in paths, sorted(paths))
    expect(not [p for p in paths if "versions" in p or "gone" in p], sorted(paths))


def folder(options):
    """A folder without the inventory: its projects are found; those that are being deleted are not asked."""
    run = Run(options)
    google = Google(data(options, "careless"))
    google.inventory = False
    with ApiServer(google) as server:
        fine(run.collect(server, "--folders", "448211", project=None))
        expect(not [r.path for r in server.requests if "gone" in r.path], "a project that is gone was asked")
    expect(("GCP-GCS-001", "//storage.googleapis.com/shop-careless-files#roles/storage.objectViewer") in run.failing(), sorted(run.failing()))


def groups(options):
    """Who is in which group is asked of Cloud Identity, once for an organisation, with and without the inventory."""
    bucket = "//storage.googleapis.com/acme-orders"
    policy = {"bindings": [{"role": "roles/storage.objectViewer", "members": ["group:staff@acme.com"]}]}
    answers = {
        "/cloudasset.googleapis.com/v1/organizations/7/assets.RESOURCE": {"assets": [
            {"name": bucket, "assetType": "storage.googleapis.com/Bucket",
             "resource": {"parent": "//cloudresourcemanager.googleapis.com/projects/1", "data": {"name": "acme-orders", "location": "EU"}}}]},
        "/cloudasset.googleapis.com/v1/organizations/7/assets.IAM_POLICY": {"assets": [
            {"name": bucket, "assetType": "storage.googleapis.com/Bucket", "iamPolicy": policy}]},
        "/cloudresourcemanager.googleapis.com/v3/organizations/7": {"name": "organizations/7", "displayName": "acme.com", "directoryCustomerId": "C07"},
        "/cloudresourcemanager.googleapis.com/v3/organizations/7:getIamPolicy": policy,
        "/cloudidentity.googleapis.com/v1/groups": {"groups": [
            {"name": "groups/a1", "groupKey": {"id": "staff@acme.com"}}, {"name": "groups/b2", "groupKey": {"id": "devs@acme.com"}},
            {"name": "groups/c3", "groupKey": {"id": "guests@acme.com"}}]},
        "/cloudidentity.googleapis.com/v1/groups/a1/memberships": {"memberships": [
            {"name": "groups/a1/memberships/1", "preferredMemberKey": {"id": "devs@acme.com"}, "type": "GROUP"}]},
        "/cloudidentity.googleapis.com/v1/groups/b2/memberships": {"memberships": [
            {"name": "groups/b2/memberships/2", "preferredMemberKey": {"id": "ada@acme.com"}, "type": "USER"}]},
        "/cloudidentity.googleapis.com/v1/groups/c3/memberships": {"memberships": [
            {"name": "groups/c3/memberships/3", "preferredMemberKey": {"id": "bob@acme.com"}, "type": "USER"}]},
    }
    for flag in ([], ["--no-asset-inventory"]):
        for fault, ada, bob in ((None, "allowed", "denied"), ("/groups/b2/memberships", "unknown", "unknown")):
            run = Run(options)
            google = Google(data(options, "careless"))
            google.file = answers.get
            with ApiServer(google) as server:
                if fault:
                    server.faults.append(lambda r: error(403, "PERMISSION_DENIED") if fault in r.path else None)
                fine(run.collect(server, "--org", "7", *flag, project=None))
                asked = [r.query["parent"] for r in server.requests if r.path.endswith("/v1/groups")]
            expect(asked == ["customers/C07"], asked)
            for who, wanted in (("ada", ada), ("bob", bob)):
                told = process.run([options.bin, "iam", "can", "user:%s@acme.com" % who, "storage.objects.get", bucket if not flag else "organizations/7",
                                    run.path("snap")], run.folder, run.env)
                expect(told.out.startswith(wanted), (flag, fault, who, told.out, told.err))


def refused(options):
    """What one service refuses is missing, told, and unknown; the rest is judged."""
    run = Run(options)
    google = Google(data(options, "careless"))
    with ApiServer(google) as server:
        server.faults.append(lambda r: error(403, "PERMISSION_DENIED") if "/b/shop-careless-files/iam" in r.path else None)
        result = run.collect(server, "--no-asset-inventory", "--strict")
    expect(result.code == 3 and "1 refused" in result.err, result.err)
    report = run.report()
    expect(any(d["code"] == "snapshot-missing" for d in report["diagnostics"]), report["diagnostics"])
    expect(not any(f["rule"] == "GCP-GCS-001" and f["status"] == "pass" for f in report["findings"]), "a pass without proof")


def unreachable(options):
    """A region that does not answer: what is found counts, what is not there is not known."""
    run = Run(options)
    google = Google(data(options, "sound"))
    base = "/cloudresourcemanager.googleapis.com/v3/projects/shop-sound"
    google.file = lambda path: {"kind": "compute#subnetworkAggregatedList", "items": {}, "unreachable": ["regions/europe-west1"]} if path.endswith(
        "/aggregated/subnetworks") else {"name": "projects/1", "projectId": "shop-sound"} if path == base else None
    with ApiServer(google) as server:
        fine(run.collect(server, "--no-asset-inventory", project="shop-sound"))
    said = [d["message"] for d in run.report()["diagnostics"]]
    expect(said == ["compute.subnetworks could not be asked in regions/europe-west1"], said)


def killed(options):
    """kill -9 between pages; --resume asks for what is missing only, and finds the same."""
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        run_through = lambda r: r.query.get("contentType") == "RESOURCE" and r.query.get("pageToken") == "10"  # noqa: E731
        server.faults.append(lambda r: Answer(body={}, delay=30) if run_through(r) else None)
        child = subprocess.Popen([options.bin, "collect", "gcp", "--gcp-endpoint-url", server.url, "--ca-file", tls_files()["ca"], "--projects",
                                  "shop-careless", "--out", run.path("snap")], env=run.env, stderr=subprocess.DEVNULL)
        until = time.time() + 20
        while time.time() < until and not any(run_through(r) for r in server.requests):
            time.sleep(0.05)
        time.sleep(0.3)
        child.kill()
        child.wait()
        expect(not os.path.exists(run.path("snap/manifest.json")), "it was not interrupted")
        server.faults.clear()
        server.requests.clear()
        fine(run.collect(server, "--resume"))
        asked = {r.query["contentType"] for r in server.requests if r.path.endswith("/assets")}
    expect(asked == {"RESOURCE"}, asked)
    compare(run.failing(), expected(options, "careless"))


def policies_refused(options):
    """Resources are told, policies are not: whether a bucket is open to everyone is unknown, never a pass."""
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        server.faults.append(lambda r: error(403, "PERMISSION_DENIED") if r.query.get("contentType") == "IAM_POLICY" else None)
        fine(run.collect(server))
    result = process.run([options.bin, "scan", "--format", "json", "--show-passed", run.path("snap")], run.folder, run.env)
    topic = {f["status"] for f in json.loads(result.out)["findings"] if f["rule"] == "GCP-PUBSUB-001" and "binding" in str(f["aliases"])}
    expect("pass" not in topic, topic)


def everything_refused(options):
    run = Run(options)
    with ApiServer(Google(data(options, "careless"), token="other")) as server:
        result = run.collect(server)
    expect(result.code == 2 and "UNAUTHENTICATED" in result.err and TOKEN not in result.err, result.err)


def secrets_stay(options):
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        fine(run.collect(server))
    text = "\n".join(json.dumps(a) for _, a in snapshot_lines(run.path("snap")))
    expect("Qm83zLwT91xk" not in text and "redacted" in text and "startup-script" in text, "the start-up script")
    expect(any(rule == "SEC-013" for rule, _ in run.failing()), "that there is a secret is told all the same")


def exports(options):
    """Exports of the inventory, as lines and as a list, are the same as what is collected."""
    base = os.path.join(data(options, "careless"), "cloudasset.googleapis.com/v1/projects/shop-careless/assets.%s.json")
    assets = []
    for kind in ("RESOURCE", "IAM_POLICY"):
        with open(base % kind, encoding="utf-8") as f:
            assets += json.load(f)["assets"]
    for name, text in (("lines/assets.ndjson", "\n".join(json.dumps(a) for a in assets) + "\n"), ("list/assets.json", json.dumps(assets, indent=1))):
        run = Run(options)
        os.mkdir(run.path(name.split("/")[0]))
        run.write(name, text)
        found = run.failing(name.split("/")[0])
        compare(found, expected(options, "careless"))


def gcloud_lists(options):
    """`gcloud compute firewall-rules list --format json`, `gcloud storage buckets list`, `gcloud sql instances list` …"""
    run = Run(options)
    os.mkdir(run.path("dumps"))
    base = os.path.join(data(options, "careless"), "cloudasset.googleapis.com/v1/projects/shop-careless/assets.RESOURCE.json")
    with open(base, encoding="utf-8") as f:
        assets = json.load(f)["assets"]
    kinds = {"compute.googleapis.com/Firewall": "compute#firewall", "compute.googleapis.com/Instance": "compute#instance",
             "sqladmin.googleapis.com/Instance": "sql#instance", "storage.googleapis.com/Bucket": "storage#bucket"}
    for n, (kind, word) in enumerate(kinds.items()):
        run.write("dumps/%d.json" % n, json.dumps([dict(a["resource"]["data"], kind=word) for a in assets if a["assetType"] == kind], indent=2))
    rules = {rule for rule, _ in run.failing("dumps")}
    expect({"GCP-VPC-001", "GCP-SQL-001", "GCP-GCE-001", "GCP-GCS-002"} <= rules, sorted(rules))


# --- who asks ----------------------------------------------------------------------------------------


def rsa_key(run):
    subprocess.run(["openssl", "genrsa", "-out", run.path("sa.key"), "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", run.path("sa.key"), "-pubout", "-out", run.path("sa.pub")], check=True, capture_output=True)
    with open(run.path("sa.key"), encoding="utf-8") as f:
        return f.read()


def unpad(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TokenServer:
    """Grants by form; answers once with an expired token where `expired`."""

    def __init__(self, check):
        self.check, self.granted = check, 0

    def __call__(self, request):
        if not request.path.startswith("/token"):
            return None
        problem = self.check(request)
        if problem:
            return Answer(400, {"error": "invalid_grant", "error_description": problem})
        self.granted += 1
        return Answer(body={"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"})


def service_account(options):
    """The assertion is signed by the key (checked with the public one), names the account, and is asked for once."""
    run = Run(options)
    key = rsa_key(run)

    def check(request):
        form = request.form()
        if form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return "grant type"
        head, claims, signature = form["assertion"].split(".")
        run.write("signed", head + "." + claims)
        with open(run.path("signature"), "wb") as f:
            f.write(unpad(signature))
        verified = subprocess.run(["openssl", "dgst", "-sha256", "-verify", run.path("sa.pub"), "-signature", run.path("signature"), run.path("signed")],
                                  capture_output=True)
        if verified.returncode != 0:
            return "signature"
        head, claims = json.loads(unpad(head)), json.loads(unpad(claims))
        if head != {"alg": "RS256", "typ": "JWT", "kid": "k1"}:
            return "header"
        wanted = {"iss": "audit@lab.iam.gserviceaccount.com", "aud": server.url + "/token", "scope": "https://www.googleapis.com/auth/cloud-platform"}
        return None if {k: claims[k] for k in wanted} == wanted and claims["exp"] - claims["iat"] == 3600 else "claims %s" % claims
    with ApiServer(Google(data(options, "careless"))) as server:
        tokens = TokenServer(check)
        server.faults.append(tokens)
        run.credentials({"type": "service_account", "project_id": "shop-careless", "private_key_id": "k1", "private_key": key,
                         "client_email": "audit@lab.iam.gserviceaccount.com", "token_uri": server.url + "/token"})
        fine(run.collect(server, project=None))
    expect(tokens.granted == 1, tokens.granted)
    expect(os.path.isdir(run.path("snap/gcp/shop-careless")), "the key's own project is the default")


def expired_token(options):
    """401 in the middle: a new token is asked for, and the call goes on."""
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        tokens = TokenServer(lambda request: None if request.form()["refresh_token"] == "r" else "refresh token")
        server.faults += [tokens, once(lambda r: r.query.get("pageToken") == "5", error(401, "UNAUTHENTICATED"))]
        run.credentials({"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r", "quota_project_id": "billing",
                         "token_uri": server.url + "/token"})
        fine(run.collect(server))
        users = {r.headers.get("x-goog-user-project") for r in server.requests if r.path.endswith("/assets")}
    expect(tokens.granted == 2 and users == {"billing"}, (tokens.granted, users))


def external_file(options):
    """Workload identity federation: the outside token from a file, exchanged, then impersonation."""
    run = Run(options)
    seen = []

    def check(request):
        form = request.form()
        seen.append(form)
        return None if form["subject_token"] == "outside" and form["audience"] == "//iam.googleapis.com/pool" else "subject"
    with ApiServer(Google(data(options, "careless"))) as server:
        def impersonate(request):
            if not request.path.startswith("/impersonate"):
                return None
            if request.headers["authorization"] != "Bearer sts":
                return error(403, "PERMISSION_DENIED")
            return Answer(body={"accessToken": TOKEN, "expireTime": "2099-01-01T00:00:00Z"})

        def exchange(request):
            if request.path == "/sts":
                problem = check(request)
                return Answer(400, {"error": problem}) if problem else Answer(body={"access_token": "sts", "expires_in": 3600})
            return None
        server.faults += [impersonate, exchange]
        run.write("subject.json", {"token": "outside"})
        run.credentials({"type": "external_account", "audience": "//iam.googleapis.com/pool", "token_url": server.url + "/sts",
                         "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                         "service_account_impersonation_url": server.url + "/impersonate",
                         "credential_source": {"file": run.path("subject.json"), "format": {"type": "json", "subject_token_field_name": "token"}}})
        fine(run.collect(server))
    expect(seen[0]["grant_type"] == "urn:ietf:params:oauth:grant-type:token-exchange", seen)


def external_url(options):
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        def exchange(request):
            if request.path == "/oidc":
                return Answer(body=b"outside", headers={}) if request.headers.get("metadata") == "yes" else Answer(403, {})
            if request.path == "/sts":
                return Answer(body={"access_token": TOKEN, "expires_in": 3600} if request.form()["subject_token"] == "outside" else {})
            return None
        server.faults.append(exchange)
        run.credentials({"type": "external_account", "audience": "a", "token_url": server.url + "/sts", "subject_token_type": "t",
                         "credential_source": {"url": server.url + "/oidc", "headers": {"Metadata": "yes"}}})
        fine(run.collect(server))


def external_aws(options):
    """From AWS: keys and region of IMDSv2, and a GetCallerIdentity that is signed for this pool."""
    run = Run(options)
    subjects = []
    with ApiServer(Google(data(options, "careless"))) as server:
        def aws(request):
            session = request.headers.get("x-aws-ec2-metadata-token") == "session"
            if request.path == "/latest/api/token":
                return Answer(body=b"session") if request.method == "PUT" else Answer(405, {})
            if request.path == "/latest/zone":
                return Answer(body=b"eu-west-1b") if session else Answer(401, {})
            if request.path == "/latest/role":
                return Answer(body=b"audit") if session else Answer(401, {})
            if request.path == "/latest/role/audit":
                return Answer(body={"AccessKeyId": "ASIAX", "SecretAccessKey": "s", "Token": "tok"}) if session else Answer(401, {})
            if request.path == "/sts":
                subjects.append(json.loads(urllib.parse.unquote(request.form()["subject_token"])))
                return Answer(body={"access_token": TOKEN, "expires_in": 3600})
            return None
        server.faults.append(aws)
        run.credentials({"type": "external_account", "audience": "//iam.googleapis.com/pool", "token_url": server.url + "/sts",
                         "subject_token_type": "urn:ietf:params:aws:token-type:aws4_request",
                         "credential_source": {"environment_id": "aws1", "region_url": server.url + "/latest/zone", "url": server.url + "/latest/role",
                                               "imdsv2_session_token_url": server.url + "/latest/api/token",
                                               "regional_cred_verification_url": "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}})
        fine(run.collect(server))
    headers = {h["key"]: h["value"] for h in subjects[0]["headers"]}
    expect(subjects[0]["url"] == "https://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15", subjects)
    expect(headers["x-goog-cloud-target-resource"] == "//iam.googleapis.com/pool" and headers["x-amz-security-token"] == "tok", headers)
    expect("SignedHeaders=host;x-amz-date;x-amz-security-token;x-goog-cloud-target-resource" in headers["authorization"], headers)


def impersonated(options):
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        def impersonate(request):
            if request.path == "/token":
                return Answer(body={"access_token": "mine", "expires_in": 3600})
            if request.path == "/impersonate":
                body = json.loads(request.body)
                good = request.headers["authorization"] == "Bearer mine" and body["delegates"] == ["d"] and body["lifetime"] == "3600s"
                return Answer(body={"accessToken": TOKEN, "expireTime": "2099-01-01T00:00:00Z"}) if good else error(403, "PERMISSION_DENIED")
            return None
        server.faults.append(impersonate)
        run.credentials({"type": "impersonated_service_account", "service_account_impersonation_url": server.url + "/impersonate", "delegates": ["d"],
                         "source_credentials": {"type": "authorized_user", "client_id": "c", "client_secret": "s", "refresh_token": "r",
                                                "token_uri": server.url + "/token"}})
        fine(run.collect(server))


def metadata_server(options):
    run = Run(options)
    del run.env["CLOUDSDK_AUTH_ACCESS_TOKEN"]

    def answer(request):
        good = request.path == "/computeMetadata/v1/instance/service-accounts/default/token" and request.headers.get("metadata-flavor") == "Google"
        return Answer(body={"access_token": TOKEN, "expires_in": 3599}, headers={"Metadata-Flavor": "Google"}) if good else Answer(404, {})
    with ApiServer(Google(data(options, "careless"))) as server, ApiServer(answer, tls=False) as metadata:
        run.env["GCE_METADATA_HOST"] = "127.0.0.1:%d" % metadata.port
        fine(run.collect(server))


def no_credentials(options):
    run = Run(options)
    del run.env["CLOUDSDK_AUTH_ACCESS_TOKEN"]
    run.env["GCE_METADATA_HOST"] = "127.0.0.1:9"
    with ApiServer(Google(data(options, "careless"))) as server:
        result = run.collect(server)
    expect(result.code == 2 and "gcloud auth application-default login" in result.err, result.err)


def plain_http_token(options):
    """Keys go nowhere without TLS."""
    run = Run(options)
    run.credentials({"type": "authorized_user", "client_id": "c", "client_secret": "SECRET", "refresh_token": "REFRESH",
                     "token_uri": "http://oauth.example.com/token"})
    with ApiServer(Google(data(options, "careless"))) as server:
        result = run.collect(server)
    expect(result.code == 2 and "https" in result.err and "REFRESH" not in result.err and "SECRET" not in result.err, result.err)


def wrong_ids(options):
    run = Run(options)
    with ApiServer(Google(data(options, "careless"))) as server:
        result = run.collect(server, project="a/../b?x")
    expect(result.code == 2 and "is no id" in result.err and not server.requests, result.err)


TESTS = [careless, sound, services, folder, groups, refused, unreachable, killed, policies_refused, everything_refused, secrets_stay, exports, gcloud_lists, service_account,
         expired_token, external_file, external_url, external_aws, impersonated, metadata_server, no_credentials, plain_http_token, wrong_ids]


def jobs(options):
    def job(test, name):
        try:
            test(options)
        except AssertionError as problem:
            return [(name, False, str(problem))]
        return [(name, True, "")]
    named = [(t, "collect/gcp/" + t.__name__) for t in TESTS]
    return [(name, lambda t=t, n=name: job(t, n)) for t, name in named if options.wants(name)]
