"""The key ring: reading keys, sealing and opening."""

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from polyhire.accounts import vault
from polyhire.accounts.vault import KeyRing
from polyhire.errors import SettingsError

from .conftest import settings_of


def key(id: str) -> str:
    return f"{id}:{base64.b64encode(os.urandom(32)).decode()}"


def ring(*keys: str) -> KeyRing:
    return KeyRing.load(settings_of(keys=",".join(keys)))


def test_what_is_sealed_opens_in_its_place() -> None:
    """A sealed value opens to the same bytes, and shows nothing of them before."""
    keys = ring(key("a"))
    sealed = keys.encrypt(b"plain secret", "accounts:1:secrets")
    assert b"plain secret" not in sealed
    assert keys.decrypt(sealed, "accounts:1:secrets") == b"plain secret"


def test_sealing_twice_differs() -> None:
    """Equal secrets do not show as equal."""
    keys = ring(key("a"))
    assert keys.encrypt(b"same", "here") != keys.encrypt(b"same", "here")


def test_the_layout_is_version_key_id_nonce_and_aes_gcm() -> None:
    """A value can be opened without this code, from its written layout."""
    entry = key("k1")
    sealed = ring(entry).encrypt(b"plain", "place")
    assert sealed[:4] == b"\x01\x02k1"
    material = base64.b64decode(entry.removeprefix("k1:"))
    assert AESGCM(material).decrypt(sealed[4:16], sealed[16:], b"\x01\x02k1place") == b"plain"


def test_a_value_moved_elsewhere_does_not_open() -> None:
    """A ciphertext put in another row is refused."""
    keys = ring(key("a"))
    sealed = keys.encrypt(b"plain", "accounts:1:secrets")
    with pytest.raises(SettingsError, match=r"accounts:2:secrets can't be decrypted with the key 'a'"):
        keys.decrypt(sealed, "accounts:2:secrets")


@pytest.mark.parametrize("at", [4, 20, -1])
def test_a_changed_byte_does_not_open(at: int) -> None:
    """Nonce, ciphertext and tag are all authenticated."""
    keys = ring(key("k1"))
    sealed = bytearray(keys.encrypt(b"some plain text", "place"))
    sealed[at] ^= 1
    with pytest.raises(SettingsError, match="damaged or moved"):
        keys.decrypt(bytes(sealed), "place")


def test_no_prefix_of_a_value_opens() -> None:
    """A truncated value is refused with a SettingsError, wherever it ends."""
    keys = ring(key("k1"))
    sealed = keys.encrypt(b"plain", "place")
    for end in range(len(sealed)):
        with pytest.raises(SettingsError):
            keys.decrypt(sealed[:end], "place")


def test_an_unknown_layout_is_said() -> None:
    """A value of a later layout is not mistaken for a damaged key."""
    with pytest.raises(SettingsError, match="written by another version"):
        ring(key("a")).decrypt(b"\x02rest", "place")


def test_the_newest_key_seals_and_the_older_ones_still_open() -> None:
    """A key is added in front; what was sealed before stays readable."""
    old, new = key("old"), key("new")
    sealed = ring(old).encrypt(b"plain", "place")
    both = ring(new, old)
    assert both.decrypt(sealed, "place") == b"plain"
    assert ring(new).decrypt(both.encrypt(b"later", "place"), "place") == b"later"


def test_a_missing_key_is_named() -> None:
    """The message says which key is missing, where it was looked for and what is there."""
    sealed = ring(key("old")).encrypt(b"plain", "place")
    with pytest.raises(SettingsError, match=r"key 'old', which is not in POLYHIRE_KEYS. It holds: new"):
        ring(key("new")).decrypt(sealed, "place")


def test_derived_keys_depend_on_key_and_purpose() -> None:
    """Each purpose has its own 32-byte keys, the same at every start, newest first."""
    first, second = key("first"), key("second")
    derived = ring(first, second).derive("cursors")
    assert [id for id, _ in derived] == ["first", "second"]
    assert {len(material) for _, material in derived} == {32}
    others = ring(first, second).derive("other")
    assert len({material for _, material in derived + others}) == 4
    assert ring(first, second).derive("cursors") == derived
    assert base64.b64decode(first.removeprefix("first:")) not in {material for _, material in derived}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("", "There is no key in POLYHIRE_KEYS"),
        (base64.b64encode(b"1" * 32).decode(), "Key 1 of POLYHIRE_KEYS is not written as"),
        (f"a b:{base64.b64encode(b'1' * 32).decode()}", "Key 1 of POLYHIRE_KEYS is not written as"),
        (f"a:{base64.b64encode(b'2' * 32).decode()},b:!not base64!", "Key 2 of POLYHIRE_KEYS is not base64"),
        ("a:é", "Key 1 of POLYHIRE_KEYS is not base64"),
        (f"a:{base64.b64encode(b'1' * 16).decode()}", "has 16 bytes instead of 32"),
        (
            f"twin:{base64.b64encode(b'3' * 32).decode()},twin:{base64.b64encode(b'4' * 32).decode()}",
            "Two keys in POLYHIRE_KEYS are named 'twin'",
        ),
    ],
)
def test_malformed_keys_are_refused_without_being_shown(keys: str, message: str) -> None:
    """What is wrong is said by number, and no part of a key is repeated."""
    with pytest.raises(SettingsError, match=message) as caught:
        KeyRing.load(settings_of(keys=keys))
    for word in keys.replace(":", ",").split(","):
        assert len(word) < 8 or word not in str(caught.value)


def test_repr_hides_keys() -> None:
    """A key ring can be logged."""
    entry = key("a")
    assert entry.removeprefix("a:") not in repr(ring(entry))
    assert repr(base64.b64decode(entry.removeprefix("a:"))) not in repr(ring(entry))


def test_a_missing_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """The first start writes a fresh random key, and the next ones read it."""
    settings = settings_of(keys_file=tmp_path / "new" / "keys")
    first = KeyRing.load(settings, create=True)
    assert stat.S_IMODE(settings.keys_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.keys_file.parent.stat().st_mode) == 0o700
    assert KeyRing.load(settings).keys == first.keys
    assert KeyRing.load(settings, create=True).keys == first.keys
    assert list(settings.keys_file.parent.iterdir()) == [settings.keys_file]


def test_two_fresh_files_have_different_keys(tmp_path: Path) -> None:
    """Keys are random."""
    one, two = (KeyRing.load(settings_of(keys_file=tmp_path / name), create=True) for name in ("one", "two"))
    assert one.keys[0].material != two.keys[0].material


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    """Whoever comes second uses the first one's file, never half of it."""
    file = tmp_path / "keys"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(vault.create_key_file, [file] * 8))
        rings = list(pool.map(lambda _: KeyRing.load(settings_of(keys_file=file)), range(8)))
    assert len({one.keys for one in rings}) == 1
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_may_hold_comments_and_several_keys(tmp_path: Path) -> None:
    """A rotated file is one key per line, newest first."""
    file = tmp_path / "keys"
    file.write_text(f"# rotated\n\n{key('new')}\n  {key('old')}  \n")
    keys = KeyRing.load(settings_of(keys_file=file))
    assert [one.id for one in keys.keys] == ["new", "old"]
    assert keys.newest_id == "new"


def test_a_missing_file_is_not_replaced_unasked(tmp_path: Path) -> None:
    """Loading alone never makes a key."""
    with pytest.raises(SettingsError, match="is missing"):
        KeyRing.load(settings_of(keys_file=tmp_path / "keys"))
    assert not list(tmp_path.iterdir())


def test_an_unreadable_file_is_said(tmp_path: Path) -> None:
    """A folder, or bytes that are no text, where the file should be."""
    with pytest.raises(SettingsError, match="Is a directory"):
        KeyRing.load(settings_of(keys_file=tmp_path))
    (tmp_path / "keys").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(SettingsError, match="it is not text"):
        KeyRing.load(settings_of(keys_file=tmp_path / "keys"))
