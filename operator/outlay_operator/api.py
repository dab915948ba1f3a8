"""The few calls to the Kubernetes API that the operator makes; objects are plain dicts, as in YAML."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlencode

from kubernetes.aio.client import ApiClient, Configuration
from kubernetes.aio.client.exceptions import ApiException
from kubernetes.aio.config import (
    ConfigException,
    load_incluster_config,
    load_kube_config,
)

from outlay_operator.kinds import Kind
from outlay_operator.labels import FIELD_MANAGER

Object = dict[str, Any]
TIMEOUT_SECONDS: Final = 30
_WATCH_SECONDS: Final = 300
_PAGE: Final = 250
_APPLY: Final = "application/apply-patch+yaml"

__all__ = ["Api", "ApiException", "Object", "connected"]


class Api:
    """What `client` may do, with a time-out for each call."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    async def get(self, kind: Kind, namespace: str | None, name: str) -> Object | None:
        """Return an object; None where there is none."""
        try:
            return await self._call("GET", kind.path(namespace, name))
        except ApiException as error:
            if error.status == 404:
                return None
            raise

    async def pages(
        self, kind: Kind, namespace: str | None, selector: str = "", fields: str = ""
    ) -> AsyncIterator[Object]:
        """Yield every object, read some at a time."""
        query = {"limit": str(_PAGE), "labelSelector": selector, "fieldSelector": fields}
        while True:
            page = await self._call("GET", kind.path(namespace), query)
            for item in page["items"]:
                yield item
            query["continue"] = page["metadata"].get("continue", "")
            if not query["continue"]:
                return

    async def all(
        self, kind: Kind, namespace: str | None, selector: str = "", fields: str = ""
    ) -> list[Object]:
        return [each async for each in self.pages(kind, namespace, selector, fields)]

    async def create(self, kind: Kind, namespace: str, made: Object) -> Object | None:
        """Make an object; None where one of its name is there."""
        query = {"fieldManager": FIELD_MANAGER}
        try:
            return await self._call("POST", kind.path(namespace), query, made)
        except ApiException as error:
            if error.status == 409:
                return None
            raise

    async def apply(
        self, kind: Kind, namespace: str | None, made: Object, *, status: bool = False
    ) -> Object:
        """Make or change the fields that are given (server-side apply); others' fields stay."""
        path = kind.path(namespace, made["metadata"]["name"]) + ("/status" if status else "")
        query = {"fieldManager": FIELD_MANAGER, "force": "true"}
        whole = {"apiVersion": kind.api_version, "kind": kind.name} | made
        return await self._call("PATCH", path, query, whole, _APPLY)

    async def merge(self, kind: Kind, namespace: str, name: str, change: Object) -> Object:
        """Change the fields that are given and nothing else (JSON merge patch)."""
        path, query = kind.path(namespace, name), {"fieldManager": FIELD_MANAGER}
        return await self._call("PATCH", path, query, change, "application/merge-patch+json")

    async def delete(self, kind: Kind, namespace: str, name: str) -> None:
        """Delete an object and what it owns; one that has gone already is fine."""
        try:
            options = {"propagationPolicy": "Background"}
            await self._call("DELETE", kind.path(namespace, name), {}, options)
        except ApiException as error:
            if error.status != 404:
                raise

    async def watch(
        self, kind: Kind, namespace: str | None, selector: str, version: str
    ) -> AsyncIterator[tuple[str, Object]]:
        """Yield what happens after `version`, until the server ends it; 410 when that is too old."""
        query = {
            "watch": "true", "labelSelector": selector, "resourceVersion": version,
            "allowWatchBookmarks": "true", "timeoutSeconds": str(_WATCH_SECONDS),
        }  # fmt: skip
        answer = await self._send("GET", kind.path(namespace), query, timeout=_WATCH_SECONDS + 30)
        try:
            while line := await answer.response.content.readline():
                event = json.loads(line)
                if event["type"] == "ERROR":
                    raise ApiException(status=event["object"].get("code", 0), reason="watch")
                yield event["type"], event["object"]
        finally:
            answer.response.close()

    async def cached(
        self, kind: Kind, namespace: str | None, selector: str
    ) -> tuple[list[Object], str]:
        """Return what the API server has in its memory, and the version to watch from.

        Some milliseconds old at times, and cheap: with a selector, an exact list may read every
        object of the kind from etcd.
        """
        query = {"labelSelector": selector, "resourceVersion": "0"}
        found = await self._call("GET", kind.path(namespace), query)
        return found["items"], found["metadata"]["resourceVersion"]

    async def _call(
        self,
        method: str,
        path: str,
        query: dict[str, str] | None = None,
        body: Object | None = None,
        content: str = "application/json",
    ) -> Object:
        answer = await self._send(method, path, query or {}, body, content)
        data = await answer.read()
        if not 200 <= answer.status <= 299:
            error = ApiException(status=answer.status, reason=answer.reason)
            error.body = data.decode(errors="replace")
            raise error
        found: Object = json.loads(data)
        return found

    async def _send(
        self,
        method: str,
        path: str,
        query: dict[str, str],
        body: Object | None = None,
        content: str = "application/json",
        timeout: float = TIMEOUT_SECONDS,  # noqa: ASYNC109 - the client's own time-out
    ) -> Any:
        asked = urlencode({key: value for key, value in query.items() if value})
        made = await self._client.param_serialize(
            method, path + (f"?{asked}" if asked else ""), header_params={"Content-Type": content},
            body=body, auth_settings=["BearerToken"], query_params=[],
        )  # fmt: skip
        return await self._client.call_api(*made, _request_timeout=timeout)


def told(error: ApiException) -> str:
    """Return what the API server said, for people."""
    try:
        return str(json.loads(error.body or "")["message"])
    except (ValueError, KeyError, TypeError):
        return f"{error.status} {error.reason}"


@asynccontextmanager
async def connected() -> AsyncIterator[Api]:
    """Connect as the pod's service account, else as the kubeconfig says."""
    configuration = Configuration()
    try:
        load_incluster_config(client_configuration=configuration)
    except ConfigException:
        file = os.environ.get("KUBECONFIG")
        await load_kube_config(config_file=file, client_configuration=configuration)
    async with ApiClient(configuration) as client:
        yield Api(client)
