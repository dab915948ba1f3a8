"""One certificate authority a start, and what each component shows to the others."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Final

from cluster.addresses import API, API_SERVICE, DOMAIN, NODE, NODE_NAME
from cluster.places import CERTIFICATES
from cluster.run import run

KEY: Final = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "365")
AUTHORITY: Final = CERTIFICATES / "authority.crt"

# name: organisation (its group in Kubernetes) / common name (its user), and the names it serves
CLIENTS: Final = {
    "admin": "/O=system:masters/CN=admin",
    "controller-manager": "/CN=system:kube-controller-manager",
    "scheduler": "/CN=system:kube-scheduler",
    "proxy": "/CN=system:kube-proxy",
    "front-proxy": "/CN=front-proxy",
}
AUTHORITY_EXTENSIONS: Final = (
    "basicConstraints=critical,CA:TRUE",
    "keyUsage=critical,keyCertSign,digitalSignature",
)
KUBERNETES_NAMES: Final = (
    f"DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,"
    f"DNS:kubernetes.default.svc.{DOMAIN},IP:{API_SERVICE},IP:{NODE},IP:127.0.0.1"
)
SERVERS: Final = {
    "apiserver": ("/CN=kube-apiserver", KUBERNETES_NAMES),
    "kubelet": (
        f"/O=system:nodes/CN=system:node:{NODE_NAME}",
        f"DNS:{NODE_NAME},IP:{NODE},IP:127.0.0.1",
    ),
    "metrics-server": (
        "/CN=metrics-server",
        f"DNS:metrics-server.kube-system.svc,IP:{NODE},IP:127.0.0.1",
    ),
}


def make_certificates() -> None:
    CERTIFICATES.mkdir(parents=True, mode=0o700)
    (CERTIFICATES / "openssl.cnf").write_text("[req]\ndistinguished_name = dn\n[dn]\n")
    _certificate("authority", "/CN=outlay-cluster", *AUTHORITY_EXTENSIONS, signed=False)
    for name, subject in CLIENTS.items():
        _certificate(name, subject, "extendedKeyUsage=clientAuth")
    for name, (subject, names) in SERVERS.items():
        usage = "extendedKeyUsage=clientAuth,serverAuth"
        _certificate(name, subject, usage, f"subjectAltName={names}")
    accounts = ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    run("openssl", *accounts, "-out", str(key("service-accounts")))


def certificate(name: str) -> Path:
    return CERTIFICATES / f"{name}.crt"


def key(name: str) -> Path:
    return CERTIFICATES / f"{name}.key"


def kubeconfig(path: Path, name: str) -> None:
    """Write how a client enters the cluster as the named one."""
    cluster = {"server": API, "certificate-authority-data": _base64(AUTHORITY)}
    user = {
        "client-certificate-data": _base64(certificate(name)),
        "client-key-data": _base64(key(name)),
    }
    text = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": NODE_NAME, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": NODE_NAME, "context": {"cluster": NODE_NAME, "user": name}}],
        "current-context": NODE_NAME,
    }
    path.touch(mode=0o600)
    path.write_text(json.dumps(text, indent=1))


def _base64(path: Path) -> str:
    return b64encode(path.read_bytes()).decode()


def _certificate(name: str, subject: str, *extensions: str, signed: bool = True) -> None:
    files = ("-keyout", str(key(name)), "-out", str(certificate(name)))
    signer = ("-CA", str(AUTHORITY), "-CAkey", str(key("authority"))) if signed else ()
    always = ("subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid")
    added = [word for each in (*always, *extensions) for word in ("-addext", each)]
    settings = ("-config", str(CERTIFICATES / "openssl.cnf"))
    run(
        "openssl",
        "req",
        "-x509",
        "-new",
        *settings,
        *KEY,
        "-subj",
        subject,
        *files,
        *signer,
        *added,
    )
