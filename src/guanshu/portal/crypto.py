"""Secrets at rest: personal cells, lookups by value, marks of request bodies.

Keys come from settings.GUANSHU_DATA_KEYS, newest first; old ones stay so that old values can be read and old marks
compared. Every purpose has a key of its own, derived with HKDF.
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_NONCE = 12


class Undecipherable(Exception):  # noqa: N818 - names the case, as callers read it
    """Raised when a stored value cannot be decrypted: its key is missing, or it was altered or moved."""


@dataclass(frozen=True, slots=True)
class _Key:
    id: str
    cells: AESGCM
    lookups: bytes
    bodies: bytes
    codes: bytes


def _derive(secret: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"guanshu {purpose}".encode()).derive(secret)


@lru_cache(maxsize=8)
def _ring(configured: tuple[str, ...]) -> tuple[_Key, ...]:
    ring = []
    for text in configured:
        try:
            secret = base64.urlsafe_b64decode(text.encode())
        except ValueError:
            secret = b""
        if len(secret) < 32:
            raise ImproperlyConfigured("GUANSHU_DATA_KEYS: every key is at least 32 random bytes in urlsafe base64")
        ring.append(
            _Key(
                id=_derive(secret, "key id")[:4].hex(),
                cells=AESGCM(_derive(secret, "cells")),
                lookups=_derive(secret, "lookups"),
                bodies=_derive(secret, "bodies"),
                codes=_derive(secret, "codes"),
            )
        )
    if not ring:
        raise ImproperlyConfigured("GUANSHU_DATA_KEYS is empty")
    return tuple(ring)


def _keys() -> tuple[_Key, ...]:
    return _ring(tuple(settings.GUANSHU_DATA_KEYS))


def _place(report: str, address: str) -> bytes:
    # Authenticated with the value, so that nobody can move a ciphertext to another cell or another report.
    return f"{report}\x00{address}".encode()


def encrypt(value: object, *, report: str, address: str) -> dict[str, str]:
    """Return what is stored for a personal cell: {"enc": "<key id>:<base64>"}."""
    key = _keys()[0]
    nonce = os.urandom(_NONCE)
    plain = json.dumps(value, ensure_ascii=False).encode()
    sealed = nonce + key.cells.encrypt(nonce, plain, _place(report, address))
    return {"enc": f"{key.id}:{base64.b64encode(sealed).decode()}"}


def is_encrypted(stored: object) -> TypeGuard[dict[str, str]]:
    """Return whether a stored value is a ciphertext."""
    return isinstance(stored, dict) and "enc" in stored


def decrypt(stored: dict[str, str], *, report: str, address: str) -> object:
    """Return the JSON value that was encrypted. Raises Undecipherable."""
    key_id, _, text = stored["enc"].partition(":")
    for key in _keys():
        if key.id == key_id:
            try:
                sealed = base64.b64decode(text, validate=True)
                plain = key.cells.decrypt(sealed[:_NONCE], sealed[_NONCE:], _place(report, address))
            except (ValueError, InvalidTag):
                raise Undecipherable(f"{report} {address}: altered or moved") from None
            return json.loads(plain)
    raise Undecipherable(f"{report} {address}: no key {key_id}")


def lookup(value: str) -> str:
    """Return the mark under which a personal value can be found again without being kept in the clear."""
    return hmac.new(_keys()[0].lookups, value.encode(), hashlib.sha256).hexdigest()


def lookups(value: str) -> list[str]:
    """Return the marks of a value under every key there is, the newest first: what old keys marked is found as well."""
    return [hmac.new(key.lookups, value.encode(), hashlib.sha256).hexdigest() for key in _keys()]


def session_mark(key: str) -> str:
    """Return what is stored of a session's key; the key is random enough for a plain hash."""
    return hashlib.sha256(f"session {key}".encode()).hexdigest()[:40]


def body_hash(body: bytes) -> str:
    """Return the mark of a request's body (keyed: the body may hold a telephone number that could be guessed)."""
    return hmac.new(_keys()[0].bodies, body, hashlib.sha256).hexdigest()


def same_body(body: bytes, mark: str) -> bool:
    """Return whether `mark` was made from this body, under any of the keys."""
    return any(hmac.compare_digest(hmac.new(key.bodies, body, hashlib.sha256).hexdigest(), mark) for key in _keys())


def code_mark(code: str, *, row: str) -> str:
    """Return the mark of a code sent by text message: six digits are guessed from a bare hash, and moved with none."""
    return _code_mark(_keys()[0], code, row)


def same_code(code: str, mark: str, *, row: str) -> bool:
    """Return whether `mark` was made from this code for this row, under any of the keys."""
    return any(hmac.compare_digest(_code_mark(key, code, row), mark) for key in _keys())


def _code_mark(key: _Key, code: str, row: str) -> str:
    return hmac.new(key.codes, f"{row}\x00{code}".encode(), hashlib.sha256).hexdigest()
