"""A mutating webhook, as somebody else in the cluster might have one."""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from support.kubernetes import Kubernetes

_CONFIGURATIONS: Final = "mutatingwebhookconfigurations"


@contextmanager
def changing(api: Kubernetes, folder: Path, plural: str, component: str, patch: list[dict[str, Any]]) -> Iterator[None]:
    """Each write of a component's core objects of one kind gets this JSON patch as well (RFC 6902)."""
    name = f"changing-{api.namespace}"
    certificate = _certificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(patch))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, folder / "webhook.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    webhook = {
        "name": "changing.example.com",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "clientConfig": {
            "url": f"https://127.0.0.1:{server.server_port}/",
            "caBundle": base64.b64encode(certificate.read_bytes()).decode(),
        },
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": api.namespace}},
        "objectSelector": {"matchLabels": {"app.kubernetes.io/component": component}},
        "rules": [
            {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": [plural]}
        ],
    }
    api.create(_CONFIGURATIONS, {"metadata": {"name": name}, "webhooks": [webhook]})
    try:
        yield
    finally:
        api.delete(_CONFIGURATIONS, name)
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> Path:
    out = folder / "webhook.crt"
    command = "openssl req -x509 -newkey rsa:2048 -noenc -days 1 -subj /CN=webhook -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", str(folder / "webhook.key"), "-out", str(out)]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return out


def _handler(patch: list[dict[str, Any]]) -> type[BaseHTTPRequestHandler]:
    encoded = base64.b64encode(json.dumps(patch).encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            verdict = {"uid": review["request"]["uid"], "allowed": True, "patchType": "JSONPatch", "patch": encoded}
            answer = {"apiVersion": review["apiVersion"], "kind": review["kind"], "response": verdict}
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    return Handler
