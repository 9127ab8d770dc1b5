"""Writes src/guanshu/portal/data/common_passwords.txt.gz: common passwords of ten characters and more.

Sources: the list that ships with Django (BSD licence; from it every word of legal length, and short ones doubled), and
families that are tried first in China: walks over the keyboard, dates, pinyin phrases, repeated words, the names of
provinces and of the trade with years. Run it again with the pinned Django and the file comes out the same.
"""

import gzip
import itertools
from collections.abc import Iterator
from pathlib import Path

import django.contrib.auth

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "src/guanshu/portal/data"
LEAST, MOST_COMMON = 10, 1500
YEARS = range(1960, 2031)
ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "!@#$%^&*()")
PHRASES = """
woaini woaiwojia woaizhongguo zhongguo zhonghua zhongguoren woshishui nihao mima wodemima mimamima
gongzuo bangong guanliyuan tianxia xiexie buzhidao shengri kuaile shengrikuaile xinniankuaile
gongxifacai wanshiruyi yilupingan jixiangruyi wojiayoumeng tiantianxiangshang haohaoxuexi
mingtiangenghao wobuzhidao meiyoumima aini aini1314 woaini1314 woaini520 5201314 7758521 1314520
admin administrator root test system manager welcome password passwd user login letmein qwerty
abc123 iloveyou monkey dragon master changeme default temp
"""
TRADE = """
kejiguan kexie kexueguan kepu kexuejishuguan tianbaoren shenheren guanshu shuju tianbao shenhe caiji
shujucaiji tongji zhongguokexie zhongguokejiguan sckx kjg cast museum science sciencemuseum
"""
TAILS = (
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "321",
    "520",
    "1314",
    "666",
    "888",
    "abc",
)
TAILS = (
    *TAILS,
    "888666",
    "666888",
    "520520",
    "000",
    "111",
    "2008",
    "5201314",
    "@123",
    "!@#",
    "@2023",
    "qwe",
    "asd",
    "admin",
)


def common() -> list[str]:
    """Return Django's list, the most common first."""
    path = Path(django.contrib.auth.__file__).parent / "common-passwords.txt.gz"
    return gzip.open(path, "rt", encoding="utf-8").read().split()


def walks() -> Iterator[str]:
    """Yield walks over the keyboard: along rows, down columns, forth and back."""
    columns = ["".join(row[place] for row in ROWS[:4] if place < len(row)) for place in range(10)]
    for row in (*ROWS, *columns):
        yield from (row * 3, (row + row[::-1]) * 2)
    for one, other in itertools.permutations((*ROWS, *(row[::-1] for row in ROWS)), 2):
        yield one + other
        for length in range(3, 8):
            yield from (one[:length] + other[:length] + one[:length], (one[:length] + other[:length]) * 2)
    for start in range(8):
        yield from ("".join(columns[start : start + 3]), "".join(column[::-1] for column in columns[start : start + 3]))


def repeated() -> Iterator[str]:
    """Yield single characters and short strings, repeated."""
    for unit in (
        *"abcdefghijklmnopqrstuvwxyz0123456789.*-",
        "ab",
        "abc",
        "123",
        "qwe",
        "asd",
        "1a2b",
        "aabb",
        "a1b2c3",
    ):
        for length in (10, 11, 12, 16):
            yield (unit * length)[:length]


def dates() -> Iterator[str]:
    """Yield years with words, and days around which names are built."""
    for word, year in itertools.product((*PHRASES.split(), *TRADE.split(), *provinces()), YEARS):
        if year >= 2008:
            yield from (f"{word}{year}", f"{year}{word}", f"{word}@{year}")
    for year, month in itertools.product(range(1970, 2005), range(1, 13)):
        yield f"{year}{month:02}01{year}"


def phrases() -> Iterator[str]:
    """Yield pinyin and trade words with their usual tails, doubled, and joined."""
    words = (*PHRASES.split(), *TRADE.split(), *provinces())
    for word, tail in itertools.product(words, TAILS):
        yield from (word + tail, tail + word)
    for word in words:
        yield from (word * 2, word * 3)
    for one, other in itertools.permutations((*TRADE.split(), "admin", "mima", "password"), 2):
        yield one + other
    for unit, word in itertools.product(provinces(), TRADE.split()):
        yield from (unit + word, unit + word + "123")


def provinces() -> list[str]:
    """Return the provinces' names in pinyin."""
    return [line.split()[1] for line in (DATA / "province_pinyin.txt").read_text().splitlines()]


def everything() -> list[str]:
    """Return all entries of legal length, sorted."""
    known = common()
    doubled = (word * 2 for word in known[:MOST_COMMON])
    with_tails = (word + tail for word in known[:300] for tail in ("123", "1234", "12345", "123456", "123456789"))
    found = {word.casefold() for word in (*known, *doubled, *with_tails, *walks(), *repeated(), *dates(), *phrases())}
    return sorted(word for word in found if len(word) >= LEAST)


def main() -> None:
    """Write the file."""
    text = "".join(f"{word}\n" for word in everything())
    (DATA / "common_passwords.txt.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
