"""The sample for Alertmanager: every alert reaches the right receiver, as a letter that says what to do."""

import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Letters

from backup.stores import free_port
from chart.charts import ROOT, Rendered, render
from chart.test_alerts import NAMES, ON, alerts
from chart.tools import run, tool
from cluster.run import until

SAMPLE: Final = ROOT / "k8s" / "alertmanager.yaml"
SERVER: Final = "127.0.0.1"
SCRAPED: Final = 30  # seconds between two looks of Prometheus


@pytest.fixture(scope="module")
def rendered() -> Rendered:
    return render(ON)


def labels_of(rendered: Rendered, name: str) -> dict[str, str]:
    own: dict[str, str] = alerts(rendered)[name]["labels"]
    return own | {"alertname": name, "namespace": "money", "release": "outlay"}


def receiver(labels: dict[str, str]) -> str:
    given = (f"{key}={value}" for key, value in labels.items())
    done = run("amtool", "config", "routes", "test", f"--config.file={SAMPLE}", *given)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_alertmanager_takes_it() -> None:
    done = run("amtool", "check-config", str(SAMPLE))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_every_alert_has_its_receiver(rendered: Rendered, name: str) -> None:
    labels = labels_of(rendered, name)
    wanted = {"critical": "at-once", "warning": "later"}[labels["severity"]]
    assert receiver(labels) == wanted


def test_alerts_of_others_are_left_to_others() -> None:
    assert receiver({"alertname": "KubePodCrashLooping", "severity": "critical"}) == "nobody"


def test_what_silences_others_fires_before_their_letters_go(rendered: Rendered) -> None:
    sample = yaml.safe_load(SAMPLE.read_text())
    waits = {each["receiver"]: seconds(each["group_wait"]) for each in sample["route"]["routes"]}
    fires = {name: seconds(rule["for"]) for name, rule in alerts(rendered).items()}
    for rule in sample["inhibit_rules"]:
        (source,) = named(rule["source_matchers"], fires)
        targets = named(rule["target_matchers"], fires)
        assert targets
        for target in targets:
            leaves = fires[target] + waits[receiver(labels_of(rendered, target))]
            assert fires[source] + SCRAPED < leaves, (source, target)


def named(matchers: list[str], names: Iterable[str]) -> list[str]:
    """The alerts that a side of a rule means."""
    (text,) = matchers
    pattern = re.compile(re.split("=~?", text)[1].strip('"'))
    return [name for name in names if pattern.fullmatch(name)]


def seconds(told: str) -> int:
    return int(told[:-1]) * {"s": 1, "m": 60, "h": 3600}[told[-1]]


class Letterbox(Letters):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(EmailMessage)
        self.letters: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


@pytest.fixture
def letterbox() -> Iterator[tuple[Letterbox, int]]:
    box = Letterbox()
    controller = Controller(box, hostname=SERVER, port=free_port())
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


def in_a_hurry(given: Any, mail_port: int) -> Any:
    """The sample, sent to a server of ours, without the waiting."""
    own = {"smtp_smarthost": f"{SERVER}:{mail_port}", "smtp_require_tls": False}
    kept = {key: value for key, value in given["global"].items() if "auth" not in key}
    soon = {"group_wait": "1s", "group_interval": "1s"}
    routes = [each | soon for each in given["route"]["routes"]]
    return given | {"global": kept | own, "route": given["route"] | {"routes": routes}}


@contextmanager
def alertmanager(config: Any, folder: Path) -> Iterator[httpx.Client]:
    file = folder / "alertmanager.yaml"
    file.write_text(yaml.safe_dump(config))
    address = f"{SERVER}:{free_port()}"
    command = (tool("alertmanager"), f"--config.file={file}", f"--storage.path={folder}",
               f"--web.listen-address={address}", "--cluster.listen-address=")  # fmt: skip
    log = folder / "log"
    with (
        log.open("w") as said,
        subprocess.Popen(command, stdout=said, stderr=said) as process,
        httpx.Client(base_url=f"http://{address}", trust_env=False) as client,
    ):
        try:
            until(lambda: answers(client) or process.poll() is not None, "Alertmanager", 60)
            assert process.poll() is None, log.read_text()
            yield client
        finally:
            process.terminate()


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/-/ready").is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def sent(
    letterbox: tuple[Letterbox, int], tmp_path: Path
) -> Iterator[tuple[Letterbox, httpx.Client]]:
    box, port = letterbox
    with alertmanager(in_a_hurry(yaml.safe_load(SAMPLE.read_text()), port), tmp_path) as client:
        yield box, client


def told(rendered: Rendered, name: str, *, minutes_left: int = 5) -> dict[str, Any]:
    """An alert as Prometheus tells of it; one with no minutes left is over."""
    now = datetime.now(UTC)
    return {
        "labels": labels_of(rendered, name),
        "annotations": alerts(rendered)[name]["annotations"],
        "startsAt": now.isoformat(),
        "endsAt": (now + timedelta(minutes=minutes_left)).isoformat(),
    }


def test_a_letter_says_what_is_wrong_where_and_what_to_do(
    rendered: Rendered, sent: tuple[Letterbox, httpx.Client]
) -> None:
    box, client = sent
    wrong = told(rendered, "OutlayDown")
    client.post("/api/v2/alerts", json=[wrong]).raise_for_status()
    until(lambda: bool(box.letters), "the letter")
    (letter,) = box.letters
    assert letter["Subject"] == "[FIRING] Outlay cannot be used (money)"
    assert letter["To"] == "ada@example.org"
    body = next(each for each in letter.walk() if each.get_content_type() == "text/plain")
    text = body.get_payload(decode=True).decode()
    assert wrong["annotations"]["description"] in text
    assert "What to do: https://example.org/runbooks/OutlayDown.md" in text

    over = told(rendered, "OutlayDown", minutes_left=0)
    client.post("/api/v2/alerts", json=[over]).raise_for_status()
    until(lambda: len(box.letters) == 2, "the letter that it is over")
    assert box.letters[1]["Subject"] == "[RESOLVED] Outlay cannot be used (money)"


def test_who_knows_of_the_database_is_not_told_what_follows_from_it(
    rendered: Rendered, sent: tuple[Letterbox, httpx.Client]
) -> None:
    box, client = sent
    both = [told(rendered, name) for name in ("OutlayDatabaseDown", "OutlayDown")]
    client.post("/api/v2/alerts", json=both).raise_for_status()
    until(lambda: bool(box.letters), "the letter")
    states = {each["labels"]["alertname"]: each["status"]["state"]
              for each in client.get("/api/v2/alerts").json()}  # fmt: skip
    assert states == {"OutlayDatabaseDown": "active", "OutlayDown": "suppressed"}
    assert [letter["Subject"] for letter in box.letters] == [
        "[FIRING] PostgreSQL cannot be reached (money)"
    ]
