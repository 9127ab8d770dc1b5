"""The code on every page: which report, version and page this is, and a signature that cannot be forged.

`2022-130600001-V3|3|25|9F3A61C2|A.K3M97QXT2V4B8NPR`: 报表编号, page, pages, the first digits of the content hash, and
the name of the key with the signature of all that stands before.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

_HASH_DIGITS = 8
_SIGNATURE_BYTES = 10
_CODE = re.compile(
    r"([0-9A-Z-]{1,40})\|([1-9][0-9]{0,3})\|([1-9][0-9]{0,3})\|([0-9A-F]{8})\|([0-9A-Z]{1,4})\.([0-9A-Z]{16})"
)
# Crockford's digits: nobody reads I, L, O for 1 and 0 when typing a code from paper.
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


@dataclass(frozen=True, slots=True)
class PageCodes:
    """Makes the codes of one report's pages. `report` is the printed 报表编号, `content_hash` hexadecimal."""

    report: str
    content_hash: str
    key: bytes
    key_id: str = "A"

    def __post_init__(self) -> None:
        if len(self.key) < 16:
            message = "the key that signs pages must have at least 16 bytes"
            raise ValueError(message)
        if not _CODE.fullmatch(self.text(1, 1)):
            message = f"no page code can be made of {self.report!r}, {self.content_hash[:12]!r}, {self.key_id!r}"
            raise ValueError(message)

    def text(self, page: int, pages: int) -> str:
        """Return the code of a page, which counts from 1."""
        body = f"{self.report}|{page}|{pages}|{self.content_hash[:_HASH_DIGITS].upper()}|{self.key_id}"
        return f"{body}.{_sign(self.key, body)}"


@dataclass(frozen=True, slots=True)
class PageCode:
    """A page's code, read back from paper. `data` is the short content hash, upper case."""

    report: str
    page: int
    pages: int
    data: str
    key_id: str


def read_page_code(text: str, keys: Mapping[str, bytes]) -> PageCode | None:
    """Return what a code says, None when it is none of ours: another shape, an unknown key or a false signature."""
    match = _CODE.fullmatch(text.strip())
    if match is None or match[5] not in keys:
        return None
    signed = match[0].rpartition(".")[0]
    if not hmac.compare_digest(_sign(keys[match[5]], signed), match[6]):
        return None
    page, pages = int(match[2]), int(match[3])
    return PageCode(match[1], page, pages, match[4], match[5]) if page <= pages else None


def _sign(key: bytes, body: str) -> str:
    digest = hmac.new(key, f"guanshu page {body}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode().translate(_DIGITS)
