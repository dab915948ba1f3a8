"""Certificates for a test, made by openssl."""

from pathlib import Path

from cluster.run import run


def certificates(folder: Path, server: str) -> dict[str, str]:
    """A certificate authority (ca.crt), and what it says of the server (tls.crt, tls.key)."""
    plain = folder / "openssl.cnf"
    plain.write_text("[req]\ndistinguished_name = dn\n[dn]\n")
    new = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
           "-config", str(plain))  # fmt: skip
    authority = (str(folder / "ca.crt"), str(folder / "ca.key"))
    run("openssl", *new, "-subj", "/CN=authority", "-out", authority[0], "-keyout", authority[1],
        "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip
    run("openssl", *new, "-subj", f"/CN={server}", "-addext", f"subjectAltName=DNS:{server}",
        "-addext", "basicConstraints=critical,CA:FALSE",
        "-CA", authority[0], "-CAkey", authority[1],
        "-out", str(folder / "tls.crt"), "-keyout", str(folder / "tls.key"))  # fmt: skip
    return {name: (folder / name).read_text() for name in ("ca.crt", "tls.crt", "tls.key")}
