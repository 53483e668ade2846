"""Encryption at rest: a ring of AES-256 keys; a sealed value opens only in the place it was sealed for."""

import base64
import binascii
import os
import re
import secrets
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from polyhire.errors import SettingsError
from polyhire.settings import Settings
from polyhire.suggest import one_of

LAYOUT = 1
KEY_BYTES = 32
NONCE_BYTES = 12
COMMAND_SECONDS = 30.0
KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
FRESH_FILE = """\
# The keys that polyhire encrypts credentials with, newest first, one `id:base64key` per line.
# Back this file up: without it the stored credentials can't be read.
{key}
"""


@dataclass(frozen=True)
class Key:
    """One AES-256 key and the name that sealed values remember it by."""

    id: str
    material: bytes = field(repr=False)


@dataclass(frozen=True)
class KeyRing:
    """Every key in use: the first one (the newest) encrypts, each decrypts what it encrypted."""

    keys: tuple[Key, ...]
    source: str

    @classmethod
    def load(cls, settings: Settings, *, create: bool = False) -> "KeyRing":
        """The keys of `settings.keys`, of `keys_command`, else of `keys_file`; SettingsError if missing or malformed.

        `create` makes a missing file, with a fresh key: only right while nothing is encrypted yet.
        """
        if settings.keys is not None:
            return cls.parse(settings.keys, "POLYHIRE_KEYS")
        if settings.keys_command is not None:
            return cls.parse(output_of(settings.keys_command), "what POLYHIRE_KEYS_COMMAND prints")
        file = settings.keys_file
        try:
            if create and not file.exists():
                create_key_file(file)
            return cls.parse(file.read_text(encoding="utf-8"), f"the key file {file}")
        except FileNotFoundError:
            raise SettingsError(
                f"The key file {file} is missing, and what it encrypted can't be read without it. Put it "
                "back from a backup, or set POLYHIRE_KEYS_FILE to where it is, or POLYHIRE_KEYS to its keys."
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise SettingsError(f"The key file {file} can't be used: {reason}. Check POLYHIRE_KEYS_FILE.") from None

    @classmethod
    def parse(cls, text: str, source: str) -> "KeyRing":
        """The keys written in `text`: `id:base64key`, separated by commas or lines, newest first."""
        keys = tuple(parse_key(entry, f"Key {number} of {source}") for number, entry in enumerate(entries(text), 1))
        if not keys:
            raise SettingsError(f"There is no key in {source}. It needs at least one, as `id:base64key`.")
        ids = [key.id for key in keys]
        for id in ids:
            if ids.count(id) > 1:
                raise SettingsError(f"Two keys in {source} are named '{id}'. Each needs its own id.")
        return cls(keys, source)

    @property
    def newest_id(self) -> str:
        """The id of the key that encrypts."""
        return self.keys[0].id

    def encrypt(self, plaintext: bytes, bound_to: str) -> bytes:
        """Seal with the newest key, for one place (table, row, column): `bound_to`."""
        key = self.keys[0]
        header = header_of(key.id)
        nonce = os.urandom(NONCE_BYTES)
        return header + nonce + AESGCM(key.material).encrypt(nonce, plaintext, header + bound_to.encode("utf-8"))

    def decrypt(self, sealed: bytes, bound_to: str) -> bytes:
        """What was sealed for this place; SettingsError, naming the key, if it is missing or doesn't fit."""
        if len(sealed) < 2 or sealed[0] != LAYOUT:
            raise SettingsError(
                f"The encrypted value {bound_to} is damaged, or was written by another version of polyhire."
            )
        end = 2 + sealed[1]
        header, nonce, ciphertext = sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
        key_id = key_id_of(sealed)
        key = next((key for key in self.keys if key.id == key_id), None)
        if key is None:
            raise SettingsError(
                f"{bound_to} is encrypted with the key '{key_id}', which is not in {self.source}. "
                f"It holds: {one_of(key.id for key in self.keys)}. Add the missing key at the end, and start this "
                "process again: keys are read once."
            )
        try:
            return AESGCM(key.material).decrypt(nonce, ciphertext, header + bound_to.encode("utf-8"))
        except (InvalidTag, ValueError):
            raise SettingsError(
                f"{bound_to} can't be decrypted with the key '{key_id}' of {self.source}: the key is not the "
                "one it was encrypted with, or the value was damaged or moved. Put the right key back, or "
                "the row from a backup."
            ) from None

    def derive(self, purpose: str) -> tuple[tuple[str, bytes], ...]:
        """A 32-byte key for another purpose from each key of the ring, as (key id, bytes), newest first."""
        return tuple((key.id, stretch(key.material, purpose)) for key in self.keys)


def header_of(key_id: str) -> bytes:
    """What every value sealed with this key begins with."""
    return bytes([LAYOUT, len(key_id)]) + key_id.encode("ascii")


def key_id_of(sealed: bytes) -> str:
    """The id of the key that a value says it is sealed with."""
    return sealed[2 : 2 + sealed[1]].decode("ascii", "replace") if len(sealed) > 1 else ""


def output_of(command: str) -> str:
    """What a command prints; its complaints go where ours go. Raises SettingsError when it fails."""
    # The messages never quote the command: a part of it may be a secret.
    try:
        words = shlex.split(command)
        done = subprocess.run(words, stdout=subprocess.PIPE, timeout=COMMAND_SECONDS, check=True)  # noqa: S603
        return done.stdout.decode("utf-8")
    except subprocess.TimeoutExpired:
        reason = f"it did not end within {COMMAND_SECONDS:.0f} seconds"
    except subprocess.CalledProcessError as error:
        reason = f"it ended with status {error.returncode}; what it said stands above"
    except (OSError, IndexError) as error:
        reason = f"it can't be started: {getattr(error, 'strerror', None) or 'it is empty'}"
    except UnicodeDecodeError:
        reason = "it printed something that is not text"
    except ValueError:
        reason = "its quotes are not closed, or it has a null character"
    raise SettingsError(f"POLYHIRE_KEYS_COMMAND can't be used: {reason}. It has to print what a key file holds.")


def new_key() -> str:
    """A fresh random key, as a line of a key ring."""
    return f"{secrets.token_hex(4)}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}"


def stretch(material: bytes, purpose: str) -> bytes:
    info = f"polyhire:{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(material)


def entries(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.lstrip().startswith("#"):
            yield from filter(None, (entry.strip() for entry in line.split(",")))


def parse_key(entry: str, name: str) -> Key:
    # The messages never quote the entry: whatever is wrong with it, a part of it may be a key.
    id, colon, encoded = entry.partition(":")
    if not colon or not KEY_ID.fullmatch(id):
        raise SettingsError(
            f"{name} is not written as `id:base64key`, its id up to 32 letters, digits, '.', '_' or '-'."
        )
    try:
        material = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise SettingsError(f"{name} is not base64 after its id. Make one with: openssl rand -base64 32") from None
    if len(material) != KEY_BYTES:
        raise SettingsError(
            f"{name} has {len(material)} bytes instead of {KEY_BYTES}. Make one with: openssl rand -base64 32"
        )
    return Key(id, material)


def create_key_file(file: Path) -> None:
    """Write a fresh key to a file that only its owner may read; one that appears meanwhile is kept."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(FRESH_FILE.format(key=new_key()))
            stream.flush()
            os.fsync(stream.fileno())
        # A link appears whole or not at all: of two processes starting at once, both use the same file.
        file.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
