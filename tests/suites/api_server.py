"""A small HTTPS server that answers as an API does, and fails as networks do.

    server = ApiServer(answer)       # answer(request) gives an Answer
    with server: … server.url, server.ca_file, server.requests …

Faults stand before the answer: server.faults is a list of functions(request) that give an Answer, or
None to let the request through; each is asked every time."""
import atexit
import http.server
import json
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.parse


class Answer:
    """drip: seconds between pieces; cut: only that many bytes are sent, though all were promised."""

    def __init__(self, status=200, body=None, headers=None, drip=0, cut=None, delay=0):
        self.status, self.headers, self.drip, self.cut, self.delay = status, headers or {}, drip, cut, delay
        self.body = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()


class Request:
    def __init__(self, handler, body):
        parts = urllib.parse.urlsplit(handler.path)
        self.method, self.raw, self.body = handler.command, handler.path, body
        self.path = urllib.parse.unquote(parts.path)
        self.query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.headers = {k.lower(): v for k, v in handler.headers.items()}

    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode()))


def once(matches, answer):
    """A fault that strikes once."""
    struck = []

    def fault(request):
        if not struck and matches(request):
            struck.append(request)
            return answer
        return None
    return fault


_tls = {}
_tls_lock = threading.Lock()


def tls_files():
    """An authority, a server's certificate for localhost, 127.0.0.1 and api.test, and a client's."""
    with _tls_lock:
        if _tls:
            return _tls
        folder = tempfile.mkdtemp(prefix="assay-tls-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        at = lambda name: os.path.join(folder, name)  # noqa: E731
        run = lambda *args: subprocess.run(("openssl",) + args, check=True, capture_output=True)  # noqa: E731
        run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test authority", "-days", "2",
            "-keyout", at("ca.key"), "-out", at("ca.pem"))
        for name, subject, extra in (("server", "/CN=localhost", "subjectAltName=DNS:localhost,DNS:api.test,IP:127.0.0.1"),
                                     ("client", "/O=auditors/CN=assay", "extendedKeyUsage=clientAuth")):
            with open(at(name + ".ext"), "w") as f:
                f.write(extra + "\n")
            run("req", "-newkey", "rsa:2048", "-nodes", "-subj", subject, "-keyout", at(name + ".key"), "-out", at(name + ".csr"))
            run("x509", "-req", "-in", at(name + ".csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial",
                "-days", "2", "-extfile", at(name + ".ext"), "-out", at(name + ".pem"))
        _tls.update(folder=folder, ca=at("ca.pem"), cert=at("server.pem"), key=at("server.key"),
                    client_cert=at("client.pem"), client_key=at("client.key"))
        return _tls


class ApiServer:
    def __init__(self, answer, tls=True, client_certificate=False):
        self.answer, self.faults, self.requests = answer, [], []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # head and body are two writes

            def log_message(self, *args):
                pass

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = Request(self, body)
                request.peer = self.connection.getpeercert() if tls else None
                server.requests.append(request)
                found = next((a for a in (f(request) for f in server.faults) if a), None)
                server.send(self, found or server.answer(request))

            do_GET = do_POST = do_PUT = serve

        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.httpd.handle_error = lambda *args: None  # clients that are killed
        if tls:
            files = tls_files()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(files["cert"], files["key"])
            if client_certificate:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(files["ca"])
            self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
            self.ca_file = files["ca"]
        self.port = self.httpd.server_address[1]
        self.url = "%s://127.0.0.1:%d" % ("https" if tls else "http", self.port)

    @staticmethod
    def send(handler, answer):
        time.sleep(answer.delay)
        handler.send_response(answer.status)
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        body = answer.body if answer.cut is None else answer.body[:answer.cut]
        step = max(1, len(body) // 8) if answer.drip else len(body) or 1
        for i in range(0, len(body), step):
            handler.wfile.write(body[i:i + step])
            handler.wfile.flush()
            time.sleep(answer.drip)
        if answer.cut is not None:
            handler.close_connection = True

    def __enter__(self):
        threading.Thread(target=self.httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *unused):
        self.httpd.shutdown()
        self.httpd.server_close()


def unpack(path):
    """The text of a part of a snapshot (Zstandard)."""
    import ctypes
    lib = ctypes.CDLL("libzstd.so.1")
    lib.ZSTD_getFrameContentSize.restype = ctypes.c_ulonglong
    lib.ZSTD_decompress.restype = ctypes.c_size_t
    with open(path, "rb") as f:
        data = f.read()
    size = lib.ZSTD_getFrameContentSize(data, ctypes.c_size_t(len(data)))
    out = ctypes.create_string_buffer(size or 1)
    n = lib.ZSTD_decompress(out, ctypes.c_size_t(size), data, ctypes.c_size_t(len(data)))
    return out.raw[:n].decode()


def snapshot_lines(folder):
    """Every answer of a snapshot as (part, object)."""
    with open(os.path.join(folder, "manifest.json")) as f:
        manifest = json.load(f)
    for part in manifest["parts"]:
        for line in unpack(os.path.join(folder, part["path"])).splitlines():
            yield part["path"], json.loads(line)
