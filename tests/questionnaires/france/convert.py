"""Turn the French ministry's attendance file into an answers file for `guanshu check-data`.

    python tests/questionnaires/france/convert.py MINISTRY.csv > answers.csv

One line per museum and year; `org` is `<ref>-<year>`, a duplicate key gets `-2`. Nothing is repaired but the spelling
of dates: a blank stays blank, a wrong total stays wrong.
"""

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

COLUMNS = {
    "name": "nom_du_musee",
    "region": "regions",
    "city": "ville",
    "label_date": "date_appellation",
    "paid": "payant",
    "free": "gratuit",
    "total": "total",
    "note": "note",
    "remarks": "observations",
}


def iso_date(text: str) -> str:
    """Return 01/02/2003 or 2003-02-01 00:00:00 as 2003-02-01; the ministry's file has both."""
    if "/" not in text:
        return text[:10]
    day, month, year = text.split("/")
    return f"{year}-{month}-{day}"


def convert(lines: TextIO) -> Iterator[dict[str, str]]:
    """Yield one answers line per museum and year, in the file's order."""
    seen: Counter[str] = Counter()
    for line in csv.DictReader(lines, delimiter=";"):
        key = f"{line['ref_musee']}-{line['annee']}"
        seen[key] += 1
        answers = {column: line[source].strip() for column, source in COLUMNS.items()}
        answers["label_date"] = iso_date(answers["label_date"])
        yield {"org": key if seen[key] == 1 else f"{key}-{seen[key]}", **answers}


def main(path: str, out: TextIO) -> None:
    """Write the answers file of the ministry's file at `path`."""
    writer = csv.DictWriter(out, ["org", *COLUMNS], lineterminator="\n")
    writer.writeheader()
    with Path(path).open(encoding="utf-8-sig", newline="") as lines:
        writer.writerows(convert(lines))


if __name__ == "__main__":
    main(sys.argv[1], sys.stdout)
