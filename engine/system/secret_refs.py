"""Resolve values that a job file only names: variables of Signalbox's own environment and keyring entries.

They are resolved when an attempt starts, and stored nowhere.
"""

from collections.abc import Mapping

from engine.errors import SpawnError

ENV_REFERENCE = "env:"
"""The prefix of an `env` value that names a variable of Signalbox's own environment."""
KEYRING_REFERENCE = "keyring:"
"""The prefix of an `env` value that names an entry of the user's keyring: ``keyring:SERVICE/NAME``."""


def is_reference(value: str) -> bool:
    """Whether an `env` value only names the source of the value."""
    return value.startswith((ENV_REFERENCE, KEYRING_REFERENCE))


def resolve_reference(name: str, value: str, environ: Mapping[str, str]) -> str:
    """The value that `value` refers to, for the variable `name` of a job.

    Raises:
        SpawnError: there is no such variable or entry, or no keyring.
    """
    if value.startswith(KEYRING_REFERENCE):
        return _from_keyring(name, value.removeprefix(KEYRING_REFERENCE))
    source = value.removeprefix(ENV_REFERENCE)
    if source not in environ:
        raise SpawnError(
            f"env.{name} uses the variable {source}, which is not set here. Set it, then retry the job."
        )
    return environ[source]


def _from_keyring(name: str, entry: str) -> str:
    service, _, user = entry.rpartition("/")
    if not service or not user:
        raise SpawnError(f"env.{name} does not name a keyring entry; write keyring:SERVICE/NAME.")
    try:
        import keyring  # noqa: PLC0415 - an extra that few need, and slow to load
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        raise SpawnError(
            f"env.{name} comes from the keyring, which needs a library: pip install 'signalbox[keyring]'."
        ) from None
    try:
        found = keyring.get_password(service, user)
    except KeyringError as error:
        raise SpawnError(
            f"env.{name}: the keyring cannot be read: {error}. Unlock it, then retry the job."
        ) from error
    if found is None:
        raise SpawnError(
            f"env.{name}: the keyring has no entry {user} of {service}. Add it, then retry the job."
        )
    return str(found)
