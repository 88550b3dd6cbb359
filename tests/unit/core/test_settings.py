"""Settings come from the environment, once; what is wrong is named, what is secret is not shown."""

from pathlib import Path

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from shared.process import ConsumerSettings
from shared.settings import Settings, log_settings, settings_from_environment

GIVEN = {"DATABASE_URL": "sqlite:///x", "BROKER_URL": "memory://", "SECRET_KEYS": "top-secret"}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Give an environment with all that is required."""
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_settings_are_read_from_the_environment(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TIME_SCALE", "0.5")

    settings = settings_from_environment(Settings)

    assert (settings.database_url, settings.broker_url) == ("sqlite:///x", "memory://")
    assert settings.pace.after(10).total_seconds() == 5


@pytest.mark.parametrize("name", ["secret_keys", "SECRET_KEYS"])
def test_a_secret_may_lie_in_a_file_of_its_name(
    environment: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    environment.delenv("SECRET_KEYS")
    (tmp_path / name).write_text("from-a-file\n")

    settings = settings_from_environment(Settings, secrets=tmp_path)

    assert settings.secret_keys.get_secret_value() == "from-a-file"


@pytest.mark.usefixtures("environment")
def test_the_environment_wins_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret_keys").write_text("from-a-file")

    settings = settings_from_environment(Settings, secrets=tmp_path)

    assert settings.secret_keys.get_secret_value() == GIVEN["SECRET_KEYS"]


@pytest.mark.usefixtures("environment")
def test_a_folder_of_secrets_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    assert settings_from_environment(Settings, secrets=tmp_path / "none").time_scale == 1


def test_a_secret_that_cannot_be_read_stops_the_start_and_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "secret_keys"
    file.write_text("top-secret")
    # Root reads every file whatever its mode, so the refusal is played.
    environment.setattr(Path, "read_text", _refused)

    with pytest.raises(SystemExit) as ended:
        settings_from_environment(Settings, secrets=tmp_path)

    assert ended.value.code == 2
    assert capsys.readouterr().err == f"A setting cannot be read: [Errno 13] denied: '{file}'.\n"


@pytest.mark.parametrize("missing", list(GIVEN))
def test_a_missing_one_stops_the_start_and_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    environment.delenv(missing)

    with pytest.raises(SystemExit) as ended:
        settings_from_environment(Settings)

    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert told.startswith(f"{missing}: Field required. ")
    assert told.endswith("Set the variables above and start again.\n")
    assert "top-secret" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIME_SCALE", "0"), ("TIME_SCALE", "-1"), ("TIME_SCALE", "fast"), ("LOG_FORMAT", "xml"),
     ("HEALTH_PORT", "http")],
)  # fmt: skip
def test_a_wrong_one_stops_the_start_and_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    environment.setenv(name, value)

    with pytest.raises(SystemExit):
        settings_from_environment(Settings)

    assert capsys.readouterr().err.startswith(f"{name}: ")


@pytest.mark.parametrize("lease", ["NOTE_LEASE", "CLAIM_LEASE"])
def test_a_lease_that_a_vendor_call_may_outlast_stops_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lease: str
) -> None:
    environment.setenv(lease, "25")

    with pytest.raises(SystemExit):
        settings_from_environment(ConsumerSettings)

    assert "NOTE_LEASE and CLAIM_LEASE must be longer than VENDOR_DEADLINE" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://u:hidden@h/db", "postgresql+psycopg://u:***@h/db"),
        ("postgresql+psycopg://h/db?user=u&password=hidden", "postgresql+psycopg://h/db"),
        ("sqlite:///var/x.sqlite", "sqlite:///var/x.sqlite"),
    ],
)
def test_a_database_url_is_logged_without_its_password(url: str, shown: str) -> None:
    assert logged(database_url=url)["database_url"] == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("amqp://u:hidden@h:5672/v", "amqp://u:***@h:5672/v"),
        ("redis://:hidden@h", "redis://:***@h"),
        ("filesystem://var/broker", "filesystem://var/broker"),
    ],
)
def test_a_broker_url_is_logged_without_its_password(url: str, shown: str) -> None:
    assert logged(broker_url=url)["broker_url"] == shown


@pytest.mark.parametrize(("keys", "shown"), [("hidden", "set"), ("", "not set")])
def test_a_secret_is_logged_only_as_set_or_not(keys: str, shown: str) -> None:
    assert logged(secret_keys=SecretStr(keys))["secret_keys"] == shown


def test_every_setting_is_logged() -> None:
    assert set(logged()) == {*Settings.model_fields, "event", "log_level"}


def _refused(file: Path, **_given: object) -> str:
    raise PermissionError(13, "denied", str(file))


def logged(**changed: object) -> dict[str, object]:
    given: dict[str, object] = {
        "database_url": "sqlite:///x",
        "broker_url": "memory://",
        "secret_keys": SecretStr("hidden"),
    }
    with capture_logs() as lines:
        log_settings(Settings.model_validate({**given, **changed}))
    [line] = lines
    assert "hidden" not in repr(line)
    return dict(line)
