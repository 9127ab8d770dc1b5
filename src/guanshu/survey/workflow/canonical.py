"""One spelling for every document: the bytes that are kept, hashed and compared."""

import hashlib
import json
import unicodedata

Plain = None | bool | int | str | list["Plain"] | dict[str, "Plain"]


def canonical_json(document: object) -> bytes:
    """Return the only JSON of a document: sorted keys, NFC, UTF-8, no spaces.

    Raises TypeError for anything but text, whole numbers, truth values, None, lists and objects (a float has no one
    spelling), ValueError when two keys are the same text.
    """
    text = json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def sha256(document: object) -> str:
    """Return the SHA-256 of a document's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def _plain(part: object) -> Plain:
    if part is None or isinstance(part, bool | int):
        return part
    if isinstance(part, str):
        return unicodedata.normalize("NFC", part)
    if isinstance(part, list | tuple):
        return [_plain(item) for item in part]
    if isinstance(part, dict):
        return _object(part)
    message = f"{type(part).__name__} has no canonical JSON"
    raise TypeError(message)


def _object(part: dict[object, object]) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for key, value in part.items():
        if not isinstance(key, str):
            message = f"the key {key!r} is no text"
            raise TypeError(message)
        name = unicodedata.normalize("NFC", key)
        if name in found:
            message = f"the key {name!r} stands twice"
            raise ValueError(message)
        found[name] = _plain(value)
    return found
