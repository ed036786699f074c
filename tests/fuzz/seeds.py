"""Seeds of the fuzz targets, out of what the repository's tests and examples hold.

A pattern of targets.def is a glob below the top of the repository; a word in front says what of it is a seed:
    (none)   each file           lines:   each line          cases:   each part between blank lines
    json:    each string in it   tree:    a folder as "-- name --" and text, file by file
    tar:     a folder as a tar archive, tgz: compressed      lsp:     a session with an editor about the file
    base64:  what the rest of the word says"""
import base64
import glob
import gzip
import io
import json
import os
import tarfile

MAX_SEEDS, MAX_BYTES = 400, 64 << 10


def read(path):
    with open(path, "rb") as file:
        return file.read(MAX_BYTES * 4)


def below(folder):
    return sorted(os.path.join(d, f) for d, _, files in os.walk(folder) for f in files if not os.path.islink(os.path.join(d, f)))


def strings(value):
    if isinstance(value, str):
        yield value.encode("utf-8", "surrogatepass")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from strings(part)


def tree(folder):
    return b"".join(b"-- %s --\n%s%s" % (os.fsencode(os.path.relpath(path, folder)), text, b"" if text.endswith(b"\n") else b"\n")
                    for path, text in ((p, read(p)) for p in below(folder)))


def tar(folder):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in below(folder):
            info = tarfile.TarInfo("chart/" + os.path.relpath(path, folder))
            text = read(path)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return out.getvalue()


def message(method, params, number=None):
    body = {"jsonrpc": "2.0", "method": method, "params": params}
    if number is not None:
        body["id"] = number
    text = json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(text), text)


def lsp(path):
    uri = "file:///nonexistent/p/" + os.path.basename(path)
    text = read(path)[:4000].decode("utf-8", "replace")
    at = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 3}}
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 3, "character": 1}}
    return b"".join([
        message("initialize", {"capabilities": {"general": {"positionEncodings": ["utf-8"]}}}, 1),
        message("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "x", "version": 1, "text": text}}),
        message("textDocument/hover", at, 2), message("textDocument/definition", at, "three"),
        message("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"range": span, "text": "x\n"}]}),
        message("textDocument/codeAction", {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}}, 4),
        message("$/cancelRequest", {"id": 4}), message("shutdown", {}, 5), message("exit", {})])


def of_path(form, path):
    if form == "tree":
        return [tree(path)] if os.path.isdir(path) else []
    if form in ("tar", "tgz"):
        text = tar(path) if os.path.isdir(path) else b""
        return [gzip.compress(text, mtime=0) if form == "tgz" else text]
    if not os.path.isfile(path) or os.path.islink(path):
        return []
    if form == "lines":
        return read(path).split(b"\n")
    if form == "cases":
        return read(path).split(b"\n\n")
    if form == "json":
        with open(path, encoding="utf-8") as file:
            return list(strings(json.load(file)))
    return [lsp(path)] if form == "lsp" else [read(path)]


def of(root, patterns):
    """Different seeds, at most MAX_SEEDS, spread over what there is."""
    found = {}
    for pattern in patterns.split():
        form, _, pattern = pattern.rpartition(":")
        if form == "base64":
            found[base64.b64decode(pattern)] = None
            continue
        for path in sorted(glob.glob(os.path.join(root, pattern), recursive=True, include_hidden=True)):
            for seed in of_path(form, path):
                if seed and len(seed) <= MAX_BYTES:
                    found[seed] = None
    seeds = list(found)
    step = max(1, -(-len(seeds) // MAX_SEEDS))
    return seeds[::step]


def write(root, patterns, folder):
    os.makedirs(folder, exist_ok=True)
    seeds = of(root, patterns)
    for i, seed in enumerate(seeds):
        with open(os.path.join(folder, "seed-%04d" % i), "wb") as file:
            file.write(seed)
    return len(seeds)
