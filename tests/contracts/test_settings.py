from pathlib import Path

import pytest

from outlay.settings import MASK, Settings, SettingsError, as_markdown, describe, load

GUIDE = Path(__file__).parents[2] / "docs" / "operations.md"


def test_the_operations_guide_lists_every_setting_as_it_is() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    listed = text.split("held by a test -->\n", 1)[1].split("\n<!-- end of settings", 1)[0]
    assert listed.strip() == as_markdown()


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as told:
        load(
            {
                "OUTLAY_PORT": "tcp://10.0.0.1:80",
                "OUTLAY_DATABASE_URL": "mysql://x",
                "OUTLAY_DATABASE_POOL": "many",
                "OUTLAY_REQUEST_TIMEOUT": "-1",
                "OUTLAY_TRUSTED_PROXIES": "10.0.0.0/33",
                "OUTLAY_PUBLIC_URL": "outlay.example.org",
                "OUTLAY_LOG_FORMAT": "xml",
            }
        )
    assert len(told.value.mistakes) == 7
    assert "enableServiceLinks" in str(told.value)


def test_flags_win_over_variables_and_empty_ones_do_not_count() -> None:
    assert load({"OUTLAY_PORT": "8001", "OUTLAY_HOST": ""}, {"port": "8002"}).port == 8002
    assert load({}) == Settings()


def test_both_ports_cannot_be_the_same() -> None:
    with pytest.raises(SettingsError, match="OUTLAY_MANAGEMENT_PORT"):
        load({"OUTLAY_PORT": "9000"})


def test_secrets_are_masked() -> None:
    shown = describe(load({"OUTLAY_DATABASE_URL": "postgresql://u:hunter2@db/outlay"}))
    assert ("OUTLAY_DATABASE_URL", MASK) in {(name, value) for name, value, _ in shown}
    assert "hunter2" not in str(shown)
