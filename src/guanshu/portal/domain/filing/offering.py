"""Proposals for the lists of a filing, from what the database holds; see proposing for what is proposed."""

from collections.abc import Callable, Mapping

from guanshu.portal.domain.filing.goals import Goal, propose_goals
from guanshu.portal.domain.filing.proposing import (
    FreeMuseum,
    Proposal,
    differences,
    make_proposal,
    propose_again,
    propose_free,
)
from guanshu.portal.queries.continuity import asked, gone_names
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.listed import ListReader, reader_of, same_name
from guanshu.portal.queries.proposals import free_museums, reported_goals

# What a proposal is called on its button, by the role of the list.
TITLES: Mapping[str, str] = {
    "free": "按免费开放科技馆提出名单",
    "construction": "沿用上年名单中尚未建成的",
    "conversion": "沿用上年名单中尚未建成的",
    "goals": "按各馆填报汇总提出",
}


def propose(opened: OpenFiling, role: str) -> Proposal | None:
    """Return what is proposed for a list now, None where nothing is ever proposed."""
    maker = _MAKERS.get(role)
    reader = reader_of(opened, role)
    return maker(opened, reader) if maker is not None and reader is not None else None


def known_museums(opened: OpenFiling) -> list[FreeMuseum]:
    """Return the province's free museums of the year with what they submitted."""
    return [
        FreeMuseum(
            code=known.museum.code,
            name=known.museum.name,
            allocated=known.money.get("subsidy_allocated"),
            received=known.money.get("subsidy_received"),
            submitted=known.submitted,
            is_new=not known.free_last_year,
        )
        for known in free_museums(opened.filing)
    ]


def register_differences(opened: OpenFiling) -> tuple[str, ...]:
    """Return where the list of free museums and what the system knows differ; nothing while the list is blank."""
    reader = reader_of(opened, "free")
    return differences(reader, known_museums(opened)) if reader is not None and reader.rows else ()


def _free(opened: OpenFiling, reader: ListReader) -> Proposal:
    return propose_free(reader, known_museums(opened))


def _goals(opened: OpenFiling, reader: ListReader) -> Proposal:
    return propose_goals(reader, [Goal(museum, texts) for museum, texts in reported_goals(opened.filing)])


def _again(role: str) -> Callable[[OpenFiling, ListReader], Proposal]:
    def make(opened: OpenFiling, reader: ListReader) -> Proposal:
        last = reader_of(opened, role, last=True)
        if last is None:
            return make_proposal(reader, ())
        beside = {
            same_name(each.name): each.standing for each in asked(opened) if each.listed == role and each.standing
        }
        return propose_again(reader, last, opened=gone_names(opened, role), beside=beside)

    return make


_MAKERS: Mapping[str, Callable[[OpenFiling, ListReader], Proposal]] = {
    "free": _free,
    "construction": _again("construction"),
    "conversion": _again("conversion"),
    "goals": _goals,
}
