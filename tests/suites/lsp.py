"""The language server: spoken to byte by byte, and through a client library (pygls) where there is one."""
import asyncio
import json
import os
import select
import subprocess
import tempfile
import time
import urllib.parse

from . import process

TERRAFORM = '''variable "public" {
  type    = bool
  default = true
}

resource "aws_db_instance" "db" {
  identifier          = "db"
  publicly_accessible = var.public # \U0001F600 open
}
'''
MANIFEST = '''apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      serviceAccountName: runner
      containers:
      - name: api
        image: registry.example.com/api:1.2
        securityContext:
          privileged: true
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: shop}
'''
TEMPLATE = '''apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  hostNetwork: {{ .Values.network.host }}
  containers:
    - name: app
      image: registry.example.com/app:1
'''
RULE = '''return rule {
  id = "OWN-001", title = "Own", severity = "low", category = "hygiene",
  for_each = "aws.s3.bucket",
  check = function(b)
    if not b.versioning.enabled then return fail("no versions") end
  end,
  tests = {
    fail = { [[resource "aws_s3_bucket" "fire" {}]] },
    pass = { [[
resource "aws_s3_bucket" "dont_fire" {
  versioning { enabled = true }
}]] },
  },
}
'''


def uri(path):
    return "file://" + urllib.parse.quote(path)


class Server:
    """The program, and what it said so far."""

    def __init__(self, options, top):
        self.process = subprocess.Popen([options.bin, "lsp", "--stdio"], cwd=top, env=process.environment(top),
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.buffer, self.number, self.diagnostics, self.answers, self.orphans = b"", 0, {}, {}, []

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def start(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        return self.number

    def ask(self, method, params):
        number = self.start(method, params)
        self.until(lambda: number in self.answers)
        return self.answers[number]

    def until(self, done, timeout=20):
        end = time.time() + timeout
        while not done():
            if time.time() > end or not self.read(end - time.time()):
                raise AssertionError("no answer; stderr: " + (self.process.stderr.read1().decode("utf-8", "replace")
                                                              if self.process.poll() is not None else ""))

    def read(self, timeout):
        if not select.select([self.process.stdout], [], [], max(timeout, 0))[0]:
            return False
        data = os.read(self.process.stdout.fileno(), 65536)
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, rest = self.buffer.split(b"\r\n\r\n", 1)
            length = int(head.split(b":")[1])
            if len(rest) < length:
                break
            self.take(json.loads(rest[:length]))
            self.buffer = rest[length:]
        return bool(data)

    def take(self, message):
        if message.get("method") == "textDocument/publishDiagnostics":
            self.diagnostics.setdefault(message["params"]["uri"], []).append(message["params"])
        elif message.get("id") is None:
            self.orphans.append(message)
        else:
            self.answers[message["id"]] = message

    def open(self, path, language, version=1):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.tell("textDocument/didOpen", {"textDocument": {"uri": uri(path), "languageId": language, "version": version,
                                                            "text": text}})
        self.until(lambda: any(d.get("version") == version for d in self.diagnostics.get(uri(path), [])))
        return self.rules(path)

    def rules(self, path):
        return {d.get("code") for d in self.diagnostics[uri(path)][-1]["diagnostics"]}

    def change(self, path, version, changes):
        self.tell("textDocument/didChange", {"textDocument": {"uri": uri(path), "version": version}, "contentChanges": changes})
        self.until(lambda: any(d.get("version") == version for d in self.diagnostics[uri(path)]))
        return self.rules(path)

    def at(self, path, line, character):
        return {"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": character}}

    def stop(self):
        answer = self.ask("shutdown", None)
        self.tell("exit", None)
        code = self.process.wait(10)
        return answer.get("result", "") is None and code == 0


def span(a, b, c, d):
    return {"start": {"line": a, "character": b}, "end": {"line": c, "character": d}}


def write(top, name, text):
    path = os.path.join(top, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def terraform(server, top):
    """Diagnostics while typing, in UTF-16; hover with the way of the value; definition; a fix that is proven."""
    path = write(top, "infra/main.tf", TERRAFORM)
    assert "AWS-RDS-004" in server.open(path, "terraform")
    hover = server.ask("textDocument/hover", server.at(path, 7, 5))["result"]["contents"]["value"]
    assert "publicly_accessible" in hover and "true" in hover and "default of var.public" in hover and "AWS-RDS-004" in hover
    found = server.ask("textDocument/definition", server.at(path, 7, 30))["result"]
    assert [f["range"]["start"] for f in found] == [{"line": 0, "character": 0}], found
    actions = server.ask("textDocument/codeAction", {"textDocument": {"uri": uri(path)}, "range": span(7, 2, 7, 2),
                                                     "context": {"diagnostics": []}})["result"]
    fix = next(a for a in actions if a["title"].startswith("AWS-RDS-004"))
    assert fix["edit"]["changes"][uri(path)] == [{"range": span(2, 12, 2, 16), "newText": "false"}], fix
    assert "AWS-RDS-004" not in server.change(path, 2, [{"range": span(2, 12, 2, 16), "text": "false"}])
    # Behind a character of two UTF-16 units; two changes, the second in the text that the first made.
    line = TERRAFORM.split("\n")[7]
    end = len(line.encode("utf-16-le")) // 2
    rules = server.change(path, 3, [{"range": span(7, end, 7, end), "text": "\n  storage_encrypted = false"},
                                    {"range": span(8, 22, 8, 27), "text": "true"}])
    assert "AWS-RDS-001" not in rules and "AWS-RDS-004" not in rules, rules
    broken = server.change(path, 4, [{"range": span(8, 0, 8, 0), "text": "  = ="}])
    assert any(code and code.startswith("hcl") for code in broken), broken
    assert "AWS-RDS-004" in server.change(path, 5, [{"text": TERRAFORM}])
    server.tell("textDocument/didClose", {"textDocument": {"uri": uri(path)}})


def one_a_fault(server, top):
    """Of two rules about the same secret the one that says more is heard, as in a scan."""
    path = write(top, "secret/main.tf", 'variable "db_password" {\n  default = "Tr0ub4dor-9x"\n}\n')
    rules = server.open(path, "terraform")
    assert "TF-006" in rules and "SEC-013" not in rules, rules
    write(top, "secret/.assay.yaml", "rules:\n  exclude: [TF-006]\n")
    rules = server.change(path, 2, [{"range": span(2, 1, 2, 1), "text": "\n"}])
    assert "TF-006" not in rules and "SEC-013" in rules, rules


def manifests(server, top):
    path = write(top, "k8s/app.yaml", MANIFEST)
    assert "K8S-POD-001" in server.open(path, "yaml")
    hover = server.ask("textDocument/hover", server.at(path, 13, 12))["result"]["contents"]["value"]
    assert "securityContext.privileged" in hover and "K8S-POD-001" in hover, hover
    found = server.ask("textDocument/definition", server.at(path, 8, 30))["result"]
    assert [f["range"]["start"]["line"] for f in found] == [17], found  # its name
    actions = server.ask("textDocument/codeAction", {"textDocument": {"uri": uri(path)}, "range": span(13, 10, 13, 20),
                                                     "context": {"diagnostics": []}})["result"]
    assert any(e["newText"] == "false" for a in actions for edits in a["edit"]["changes"].values() for e in edits), actions


def charts(server, top):
    write(top, "chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 0.1.0\n")
    values = write(top, "chart/values.yaml", "network:\n  host: true\n")
    path = write(top, "chart/templates/pod.yaml", TEMPLATE)
    rules = server.open(path, "helm")
    assert "K8S-POD-007" in rules, (rules, server.diagnostics)
    found = server.ask("textDocument/definition", server.at(path, 5, 32))["result"]
    assert [(f["uri"], f["range"]["start"]) for f in found] == [(uri(values), {"line": 1, "character": 2})], found
    server.open(values, "yaml", 7)
    server.diagnostics[uri(path)].clear()
    server.tell("textDocument/didChange", {"textDocument": {"uri": uri(values), "version": 8},
                                           "contentChanges": [{"range": span(1, 8, 1, 12), "text": "false"}]})
    server.until(lambda: server.diagnostics[uri(path)] and "K8S-POD-007" not in server.rules(path))


def rule_files(server, top):
    path = write(top, "rules/own.lua", RULE)
    server.open(path, "lua")
    assert not server.diagnostics[uri(path)][-1]["diagnostics"], server.diagnostics[uri(path)][-1]
    hover = server.ask("textDocument/hover", server.at(path, 4, 24))["result"]["contents"]["value"]
    assert "versioning.enabled" in hover and "bool" in hover, hover
    server.change(path, 2, [{"range": span(4, 7, 4, 10), "text": ""}])  # without "not"
    problems = [d["message"] for d in server.diagnostics[uri(path)][-1]["diagnostics"]]
    assert any(p.startswith("example 1") for p in problems), problems
    server.change(path, 3, [{"range": span(1, 2, 1, 2), "text": "= "}])
    problem = server.diagnostics[uri(path)][-1]["diagnostics"][0]
    assert problem["severity"] == 1 and problem["range"]["start"]["line"] == 1, problem


def protocol(server, top):
    """Bad messages are answered and survived; what is cancelled is not done."""
    path = write(top, "infra/main.tf", TERRAFORM)
    server.open(path, "terraform", 20)
    server.raw(b"Content-Length: 5\r\n\r\n{\"a\":")
    server.until(lambda: server.orphans)
    assert server.orphans.pop()["error"]["code"] == -32700
    server.raw(b"X-Nothing: 1\r\n\r\n")
    server.raw(b"Content-Length: 2\r\n\r\n[]")
    server.until(lambda: server.orphans)
    assert server.orphans.pop()["error"]["code"] == -32600
    assert server.ask("no/such", {})["error"]["code"] == -32601
    assert server.ask("textDocument/hover", server.at(path + ".other", 0, 0))["error"]["code"] == -32602
    assert server.ask("textDocument/hover", {"textDocument": 3})["error"]["code"] == -32602
    assert server.ask("initialize", {})["error"]["code"] == -32600
    assert server.ask("textDocument/hover", server.at(path, 100000, 100000))["result"] is None
    server.tell("textDocument/didChange", {"textDocument": {"uri": uri(path)}, "contentChanges": 7})
    server.tell("textDocument/didOpen", {"textDocument": {"uri": "untitled:1", "text": "x", "version": 1}})
    first = server.number + 1
    body = b""
    for message in ({"id": first, "method": "textDocument/codeAction", "params": {
            "textDocument": {"uri": uri(path)}, "range": span(0, 0, 9, 0), "context": {"diagnostics": []}}},
            {"id": first + 1, "method": "textDocument/hover", "params": server.at(path, 7, 5)},
            {"method": "$/cancelRequest", "params": {"id": first + 1}}):
        text = json.dumps({"jsonrpc": "2.0", **message}).encode()
        body += b"Content-Length: %d\r\n\r\n" % len(text) + text
    server.number += 2
    server.raw(body)
    server.until(lambda: first + 1 in server.answers)
    assert server.answers[first + 1]["error"]["code"] == -32800, server.answers[first + 1]
    assert first in server.answers and "result" in server.answers[first]


def raw(options, part):
    with tempfile.TemporaryDirectory() as top:
        top = os.path.realpath(top)
        server = Server(options, top)
        try:
            early = server.ask("textDocument/hover", {})
            assert early["error"]["code"] == -32002, early
            answer = server.ask("initialize", {"capabilities": {}})
            assert answer["result"]["capabilities"]["positionEncoding"] == "utf-16", answer
            server.tell("initialized", {})
            part(server, top)
            assert server.stop(), "it does not end as the protocol asks for"
        finally:
            server.process.kill()
            detail = server.process.communicate()[1].decode("utf-8", "replace")
        if process.SANITIZER.search(detail):
            yield "lsp/" + part.__name__, False, detail
            return
    yield "lsp/" + part.__name__, True, ""


async def converse(options, top):
    from lsprotocol import types
    from pygls.lsp.client import LanguageClient

    client, got = LanguageClient("tests", "1"), {}

    @client.feature("textDocument/publishDiagnostics")
    def _(params):
        got[params.uri] = params

    path = write(top, "main.tf", TERRAFORM)
    document = types.TextDocumentIdentifier(uri(path))
    await client.start_io(options.bin, "lsp")
    await client.initialize_async(types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=uri(top)))
    client.initialized(types.InitializedParams())
    client.text_document_did_open(types.DidOpenTextDocumentParams(types.TextDocumentItem(uri(path), "terraform", 1, TERRAFORM)))
    for _ in range(200):
        if uri(path) in got:
            break
        await asyncio.sleep(0.05)
    codes = {d.code for d in got[uri(path)].diagnostics}
    hover = await client.text_document_hover_async(types.HoverParams(document, types.Position(7, 5)))
    actions = await client.text_document_code_action_async(types.CodeActionParams(
        document, types.Range(types.Position(7, 0), types.Position(7, 4)), types.CodeActionContext([])))
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return "AWS-RDS-004" in codes and "var.public" in hover.contents.value and any(
        a.title.startswith("AWS-RDS-004") for a in actions)


def library(options):
    try:
        import pygls.lsp.client  # noqa: F401
    except ImportError:
        yield "lsp/pygls", None, "pygls is not installed"
        return
    with tempfile.TemporaryDirectory() as top:
        ok = asyncio.run(converse(options, os.path.realpath(top)))
    yield "lsp/pygls", ok, "" if ok else "the client library did not get what it asked for"


def jobs(options):
    parts = [p for p in (terraform, one_a_fault, manifests, charts, rule_files, protocol) if options.wants("lsp/" + p.__name__)]
    found = [("lsp/" + p.__name__, lambda p=p: raw(options, p)) for p in parts]
    return found + ([("lsp/pygls", lambda: library(options))] if options.wants("lsp/pygls") else [])
