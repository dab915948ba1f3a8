"""An object store in the cluster: an S3 with keys of its own that can be looked into, damaged and cut off."""

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import boto3
import httpx
from botocore.config import Config

from chart.charts import Object
from cluster import Failed
from e2e.images import OBJECT_STORE
from e2e.place import Place, eventually

NAME: Final = "object-store"
PORT: Final = 5000
REGION: Final = "us-east-1"
_PLAIN: Final = Config(retries={"max_attempts": 1}, connect_timeout=10, read_timeout=60)


@dataclass(frozen=True)
class Key:
    """An access key; `files` are what a Secret of credentials holds."""

    id: str
    secret: str

    @property
    def files(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


@dataclass(frozen=True)
class ObjectStore:
    """A bucket; `admin` may do everything to it. Restarted, it is empty: cut it off instead."""

    place: Place
    bucket: str
    admin: Key

    @property
    def endpoint(self) -> str:
        """Where it is for pods of any namespace."""
        return f"http://{NAME}.{self.place.namespace}.svc.cluster.local:{PORT}"

    def key(self, *, denied: Sequence[str] = ()) -> Key:
        """A new key for everything but these actions, such as s3:DeleteObject."""
        with _forwarded(self.place) as url:
            return _new_key(_client("iam", url, self.admin), denied)

    def paths(self, prefix: str = "") -> list[str]:
        """The paths of all objects, those of unfinished uploads excepted."""
        with self._s3() as s3:
            pages = s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            return [each["Key"] for page in pages for each in page.get("Contents", [])]

    def read(self, path: str) -> bytes:
        with self._s3() as s3:
            data: bytes = s3.get_object(Bucket=self.bucket, Key=path)["Body"].read()
            return data

    def write(self, path: str, data: bytes) -> None:
        with self._s3() as s3:
            s3.put_object(Bucket=self.bucket, Key=path, Body=data)

    def delete(self, *paths: str) -> None:
        with self._s3() as s3:
            for path in paths:
                s3.delete_object(Bucket=self.bucket, Key=path)

    def copy(self, prefix: str, other: str) -> None:
        """Copy everything below a prefix to below another."""
        with self._s3() as s3:
            for each in s3.list_objects_v2(Bucket=self.bucket, Prefix=f"{prefix}/")["Contents"]:
                key = each["Key"].replace(prefix, other, 1)
                s3.copy_object(
                    Bucket=self.bucket, Key=key, CopySource=f"{self.bucket}/{each['Key']}"
                )

    def flip_a_byte(self, path: str) -> None:
        """Change one bit in the middle."""
        data = bytearray(self.read(path))
        data[len(data) // 2] ^= 1
        self.write(path, bytes(data))

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Nobody in the cluster reaches it, for a `with` block; what it holds stays."""
        self._select("nobody")
        try:
            self._until_cut_off()
            yield
        finally:
            self._select(NAME)

    def _until_cut_off(self) -> None:
        """Wait until nobody comes in any more, and break the connections of those who are in."""
        node = self.place.cluster.on_node
        address = self.place.get("service", NAME)["spec"]["clusterIP"]
        knock = f"timeout 2 bash -c '</dev/tcp/{address}/{PORT}' && exit 1 || exit 0"

        def is_cut_off() -> bool:
            with suppress(Failed):
                node("bash", "-c", knock)
                return True
            return False

        eventually(is_cut_off, "the store is cut off", 30)
        # It fails where there is none to break.
        with suppress(Failed):
            node("conntrack", "--delete", "--orig-dst", address)

    def _select(self, app: str) -> None:
        patch = json.dumps({"spec": {"selector": {"app": app}}})
        self.place.kubectl("patch", "service", NAME, "--patch", patch)

    @contextmanager
    def _s3(self) -> Iterator[Any]:
        with _forwarded(self.place) as url:
            yield _client("s3", url, self.admin)


def start(place: Place, bucket: str = "") -> ObjectStore:
    """Start one in a namespace of its own, with a bucket, and let in nobody without a key."""
    place.apply(*_objects())
    place.ready()
    bucket = bucket or f"backups-{secrets.token_hex(4)}"
    with _forwarded(place) as url:
        nobody = Key("nobody", "nothing")
        _client("s3", url, nobody).create_bucket(Bucket=bucket)
        admin = _new_key(_client("iam", url, nobody), ())
        # From here on it looks at every key and signature.
        httpx.post(f"{url}/moto-api/reset-auth", content=b"0").raise_for_status()
    return ObjectStore(place, bucket, admin)


def _new_key(iam: Any, denied: Sequence[str]) -> Key:
    name = f"user-{secrets.token_hex(4)}"
    iam.create_user(UserName=name)
    statements = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    if denied:
        statements.append({"Effect": "Deny", "Action": [*denied], "Resource": "*"})
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=policy)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"])


@contextmanager
def _forwarded(place: Place) -> Iterator[str]:
    """By its Deployment: also where its Service leads nowhere."""
    with place.cluster.port_forward(f"deployment/{NAME}", PORT, place.namespace) as address:
        yield f"http://{address}"


def _client(service: str, url: str, key: Key) -> Any:
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
        config=_PLAIN,
    )


def _objects() -> list[Object]:
    labels = {"app": NAME}
    pod = {
        "automountServiceAccountToken": False,
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [_container()],
        "volumes": [{"name": "tmp", "emptyDir": {}}],
    }
    deployment = {
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": NAME},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }  # fmt: skip
    service = {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": NAME},
        "spec": {"selector": labels, "ports": [{"port": PORT}]},
    }  # fmt: skip
    return [deployment, service]


def _container() -> Object:
    return {
        "name": "s3",
        "image": OBJECT_STORE,
        "imagePullPolicy": "Never",
        "ports": [{"containerPort": PORT}],
        "readinessProbe": {"tcpSocket": {"port": PORT}, "periodSeconds": 1},
        "resources": {"limits": {"memory": "1Gi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
