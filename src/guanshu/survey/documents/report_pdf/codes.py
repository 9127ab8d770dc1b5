"""The code on every page: which report, version and page this is, and a signature that cannot be forged.

`2022-130600001-V3/3/25/9F3A61C2/A.K3M97QXT2V4B8NPR`: 报表编号, page, pages, the first digits of the content hash, and
the name of the key with the signature of all that stands before. Capitals, digits and `-./` alone, so that a QR code
packs it densely and it can end an address as it is. What is signed has bars between its parts, as codes were once
printed; those are read all the same (docs/decisions/0023).
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

_HASH_DIGITS = 8
_SIGNATURE_BYTES = 10
_LONGEST = 600
_LONGEST_ADDRESS = 106
_CODE = re.compile(
    r"([0-9A-Z-]{1,40})\|([1-9][0-9]{0,3})\|([1-9][0-9]{0,3})\|([0-9A-F]{8})\|([0-9A-Z]{1,4})\.([0-9A-Z]{16})"
)
# Crockford's digits: nobody reads I, L, O for 1 and 0 when typing a code from paper.
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
# Whatever site the code was printed for, what follows this is the code.
_ADDRESS = re.compile(r".*/VERIFY/(\?CODE=)?", re.DOTALL)
_SITE = re.compile(r"https?://[^\s?#]+", re.IGNORECASE)
_PLAIN_SITE = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")
# What is typed from paper: nobody minds which stroke, dot or dash it was.
_STROKES, _DOTS, _DASHES = "/¦｜\\、丨∣", "。．·,，", "—–‐−ー_"
_TYPED = str.maketrans(dict.fromkeys(_STROKES, "|") | dict.fromkeys(_DOTS, ".") | dict.fromkeys(_DASHES, "-"))
# Letters that no code has outside the names of keys: whoever reads them has misread a digit, or V.
_MISREAD = str.maketrans("OILU", "011V")


@dataclass(frozen=True, slots=True)
class PageCodes:
    """Makes the codes of one report's pages. `report` is the printed 报表编号, `content_hash` hexadecimal.

    `site`: the public address of the system ("" when there is none); the QR codes then open its page of verification.
    """

    report: str
    content_hash: str
    key: bytes
    key_id: str = "A"
    site: str = ""

    def __post_init__(self) -> None:
        if len(self.key) < 16:
            message = "the key that signs pages must have at least 16 bytes"
            raise ValueError(message)
        if not _CODE.fullmatch(self.text(1, 1).replace("/", "|")):
            message = f"no page code can be made of {self.report!r}, {self.content_hash[:12]!r}, {self.key_id!r}"
            raise ValueError(message)

    def text(self, page: int, pages: int) -> str:
        """Return the code of a page, which counts from 1, as it is printed in digits."""
        body = f"{self.report}|{page}|{pages}|{self.content_hash[:_HASH_DIGITS].upper()}|{self.key_id}"
        return f"{body}.{_sign(self.key, body)}".replace("|", "/")

    def address(self, page: int, pages: int) -> str:
        """Return what a telephone opens: the code at the end of the site's page of verification, or the bare code.

        In capitals where case does not matter (no folder in the site's address): QR codes hold those in fewer modules.
        An address too long for modules that can be read from paper is left out.
        """
        code = self.text(page, pages)
        # The setting is the address people log in at: its last folder may be that page's.
        site = self.site.strip().rstrip("/").removesuffix("/login")
        whole = f"{site}/verify/{code}"
        if not site or len(whole) > _LONGEST_ADDRESS or not _SITE.fullmatch(site):
            return code
        return whole.upper() if _PLAIN_SITE.fullmatch(site.lower()) else whole


@dataclass(frozen=True, slots=True)
class PageCode:
    """A page's code, read back from paper. `data` is the short content hash, upper case."""

    report: str
    page: int
    pages: int
    data: str
    key_id: str


def read_page_code(text: str, keys: Mapping[str, bytes]) -> PageCode | None:
    """Return what a code says, None when it is none of ours: another shape, an unknown key or a false signature.

    Takes the bare code, an address that ends with it, and what people type from paper: small letters, spaces, other
    strokes and dots, O for 0. The signature decides whether what was meant is a code of ours.
    """
    for meant in _meanings(text[:_LONGEST]):
        match = _CODE.fullmatch(meant)
        found = _signed(match, keys) if match is not None else None
        if found is not None:
            return found
    return None


def _meanings(text: str) -> Iterator[str]:
    """Yield what may have been meant, the most literal first; misread letters are left to the last."""
    plain = unicodedata.normalize("NFKC", unquote(text) if "%" in text else text).upper()
    typed = _ADDRESS.sub("", plain, count=1).strip().translate(_TYPED).strip("|")
    joined = "".join(typed.split())
    # Some leave a space where a stroke should stand.
    spaced = re.sub(r"[\s|]+", "|", typed)
    for each in (joined, spaced):
        yield each
        yield _digits_meant(each)


def _digits_meant(text: str) -> str:
    """Return the text with misread letters as digits, except in the name of the key."""
    head, bar, tail = text.rpartition("|")
    name, dot, signature = tail.partition(".")
    return f"{head.translate(_MISREAD)}{bar}{name}{dot}{signature.translate(_MISREAD)}"


def _signed(match: re.Match[str], keys: Mapping[str, bytes]) -> PageCode | None:
    body = match[0].rpartition(".")[0]
    key = keys.get(match[5])
    if key is None or not hmac.compare_digest(_sign(key, body), match[6]):
        return None
    page, pages = int(match[2]), int(match[3])
    return PageCode(match[1], page, pages, match[4], match[5]) if page <= pages else None


def _sign(key: bytes, body: str) -> str:
    digest = hmac.new(key, f"guanshu page {body}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode().translate(_DIGITS)
