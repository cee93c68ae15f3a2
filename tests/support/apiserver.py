"""A real kube-apiserver and etcd on free ports, without kubelets and controllers: what happens there, tests do."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from support.logs import whole_lines
from support.servers import free_port

_ROOT: Final = Path(__file__).parents[2]
AUDITED_NAMESPACE: Final = "audited"
"""What the service accounts of this one read is noted as well; elsewhere that would be too much to keep."""

_TOKEN: Final = "administrator"
_WRITES: Final = ["create", "update", "patch", "delete", "deletecollection"]
_PATIENCE: Final = 120.0


@dataclass(frozen=True)
class ApiServer:
    """Where it is. ``kubeconfig`` lets in an administrator."""

    folder: Path
    kubeconfig: Path
    kubectl: Path
    audit_log: Path

    def writes(self, user_agent_prefix: str = "") -> list[dict[str, Any]]:
        """All requests so far that asked for a change, whether or not there was anything to change."""
        return [
            line
            for line in self._audited()
            if line["verb"] in _WRITES and line["userAgent"].startswith(user_agent_prefix)
        ]

    def requests_of(self, account: str) -> list[dict[str, Any]]:
        """All requests so far of a service account in AUDITED_NAMESPACE, reads and refused ones among them."""
        user = f"system:serviceaccount:{AUDITED_NAMESPACE}:{account}"
        return [line for line in self._audited() if line["user"]["username"] == user]

    def kubeconfig_of(self, namespace: str, account: str) -> Path:
        """Lets in a service account that there is, with a token as its pods have it."""
        administrator = json.loads(self.kubeconfig.read_text("utf-8"))
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{account}/token"
        command: list[str | Path] = [
            self.kubectl,
            "--kubeconfig",
            self.kubeconfig,
            "create",
            "--raw",
            path,
            "--filename",
            "-",
        ]
        answer = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, check=True)
        user = {"name": account, "user": {"token": json.loads(answer.stdout)["status"]["token"]}}
        context = {"name": "test", "context": {"cluster": "test", "user": account}}
        out = self.folder / f"kubeconfig-{namespace}-{account}"
        out.write_text(json.dumps({**administrator, "users": [user], "contexts": [context]}), "utf-8")
        return out

    def _audited(self) -> Iterator[dict[str, Any]]:
        return map(json.loads, whole_lines(self.audit_log))


@contextmanager
def api_server() -> Iterator[ApiServer]:
    """One that answers, for as long as the context lasts."""
    binaries = Path(os.environ.get("BITCOINCACHE_APISERVER_BIN") or _built())
    with tempfile.TemporaryDirectory(prefix="apiserver-") as name, ExitStack() as processes:
        folder = Path(name)
        etcd, peer, port = free_port(), free_port(), free_port()
        processes.enter_context(_process(folder, "etcd", _etcd(binaries, folder, etcd, peer)))
        processes.enter_context(_process(folder, "kube-apiserver", _kube_apiserver(binaries, folder, etcd, port)))
        _await_ready(folder, port)
        kubeconfig = folder / "kubeconfig"
        kubeconfig.write_text(json.dumps(_kubeconfig(folder, port)), "utf-8")
        yield ApiServer(folder, kubeconfig, binaries / "kubectl", folder / "audit.log")


def _built() -> str:
    tools = subprocess.run([_ROOT / "hack/tools.sh", "apiserver"], check=True, stdout=subprocess.PIPE, text=True)
    return tools.stdout.strip()


def _etcd(binaries: Path, folder: Path, port: int, peer: int) -> list[str]:
    client_url, peer_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer}"
    return [
        str(binaries / "etcd"),
        f"--data-dir={folder / 'etcd'}",
        f"--listen-client-urls={client_url}",
        f"--advertise-client-urls={client_url}",
        f"--listen-peer-urls={peer_url}",
        f"--initial-advertise-peer-urls={peer_url}",
        f"--initial-cluster=default={peer_url}",
        "--unsafe-no-fsync",
    ]


def _kube_apiserver(binaries: Path, folder: Path, etcd: int, port: int) -> list[str]:
    key = folder / "service-account.key"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    (folder / "tokens.csv").write_text(f"{_TOKEN},admin,admin,system:masters\n", "utf-8")
    rules = [
        {"level": "Metadata", "userGroups": [f"system:serviceaccounts:{AUDITED_NAMESPACE}"]},
        {"level": "Metadata", "verbs": _WRITES},
    ]
    policy = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": rules}
    (folder / "audit.json").write_text(json.dumps(policy), "utf-8")
    return [
        str(binaries / "kube-apiserver"),
        f"--etcd-servers=http://127.0.0.1:{etcd}",
        f"--secure-port={port}",
        "--bind-address=127.0.0.1",
        f"--cert-dir={folder}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        # Its controller, which makes an account for each namespace, is missing here.
        "--disable-admission-plugins=ServiceAccount",
        # Off by default, and on where it matters most to ask for no right too few.
        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
        f"--audit-policy-file={folder / 'audit.json'}",
        f"--audit-log-path={folder / 'audit.log'}",
    ]


@contextmanager
def _process(folder: Path, name: str, command: list[str]) -> Iterator[None]:
    with (folder / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_ready(folder: Path, port: int) -> None:
    """Raises AssertionError with the log's end where it never answers."""
    give_up = time.monotonic() + _PATIENCE
    request = urllib.request.Request(f"https://127.0.0.1:{port}/readyz", headers={"Authorization": f"Bearer {_TOKEN}"})
    while time.monotonic() < give_up:
        with suppress(OSError):
            trust = ssl.create_default_context(cafile=str(folder / "apiserver.crt"))
            with urllib.request.urlopen(request, timeout=5, context=trust) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        time.sleep(0.1)
    raise AssertionError(f"no kube-apiserver: {_end_of(folder / 'kube-apiserver.log')}\n{_end_of(folder / 'etcd.log')}")


def _end_of(log: Path) -> str:
    file: IO[str]
    with log.open(encoding="utf-8") as file:
        return file.read()[-3000:]


def _kubeconfig(folder: Path, port: int) -> dict[str, Any]:
    cluster = {"server": f"https://127.0.0.1:{port}", "certificate-authority": str(folder / "apiserver.crt")}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "test", "cluster": cluster}],
        "users": [{"name": "admin", "user": {"token": _TOKEN}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
        "current-context": "test",
    }
