"""Values a job file only names: variables of Signalbox's own environment and entries of the user's keyring.

They are looked up when an attempt starts, and kept nowhere.
"""

from collections.abc import Mapping

from engine.errors import SpawnError

ENV_REFERENCE = "env:"
"""A value of `env` that starts so names a variable of Signalbox's own environment."""
KEYRING_REFERENCE = "keyring:"
"""A value of `env` that starts so names an entry of the user's keyring: ``keyring:SERVICE/NAME``."""


def is_reference(value: str) -> bool:
    """Whether a value of `env` only names where the value is to be found."""
    return value.startswith((ENV_REFERENCE, KEYRING_REFERENCE))


def looked_up(name: str, value: str, environ: Mapping[str, str]) -> str:
    """The value that `value` refers to, for the variable `name` of a job.

    Raises:
        SpawnError: there is no such variable or entry, or no keyring to ask.
    """
    if value.startswith(KEYRING_REFERENCE):
        return _from_keyring(name, value.removeprefix(KEYRING_REFERENCE))
    source = value.removeprefix(ENV_REFERENCE)
    if source not in environ:
        raise SpawnError(
            f"env.{name} takes the variable {source}, which is not set here. Set it and try again."
        )
    return environ[source]


def _from_keyring(name: str, entry: str) -> str:
    service, _, user = entry.rpartition("/")
    if not service or not user:
        raise SpawnError(f"env.{name} names no entry of the keyring; write keyring:SERVICE/NAME.")
    try:
        import keyring  # noqa: PLC0415 - an extra that few need, and slow to load
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        raise SpawnError(
            f"env.{name} is to come from the keyring, which needs the library: pip install 'signalbox[keyring]'."
        ) from None
    try:
        found = keyring.get_password(service, user)
    except KeyringError as error:
        raise SpawnError(
            f"env.{name}: the keyring cannot be read: {error}. Unlock it and try again."
        ) from error
    if found is None:
        raise SpawnError(f"env.{name}: the keyring has no entry {user} of {service}. Add it and try again.")
    return str(found)
