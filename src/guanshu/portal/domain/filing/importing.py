"""The lists of a closed year as they were filed then: nobody types them, and no open year takes them.

The values go the way of saved ones: decided cell by cell, recorded in the filing's chain, so that verify-audit walks
them too.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from guanshu.portal import crypto
from guanshu.portal.domain.conditions import settle
from guanshu.portal.domain.deciding import Change, decide
from guanshu.portal.domain.filing.locking import lock_filing
from guanshu.portal.domain.filing.saving import append_to_filing
from guanshu.portal.domain.importing import ACTOR
from guanshu.portal.models import Filing
from guanshu.portal.problems import WrongState
from guanshu.portal.queries.filings import filing_with
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.stored import read_stored
from guanshu.survey.definition.storage import get_stored
from guanshu.survey.workflow.filingstates import FilingState


def import_filing(*, filing: Filing, changes: Mapping[str, object], now: datetime) -> Mapping[str, str]:
    """Write values (by address) into the filing of a closed campaign; return a sentence for each that was refused.

    Raises WrongState for a campaign that is open.
    """
    with transaction.atomic():
        locked = lock_filing(filing)
        if not locked.campaign.closed:
            raise WrongState(f"{locked.campaign.year} 年度尚未结束，名单只能由省级科协填写，不能导入。")
        found = form(locked.questionnaire_id)
        stored = read_stored(locked, found, locked=True)
        # Whoever imports has seen what is stored: the file holds.
        seen = {text: found.address(text) for text in changes}
        wanted = {
            text: Change(get_stored(stored.plain.get(address.table, {}), address), changes[text])
            for text, address in seen.items()
        }
        decision = decide(found, stored, wanted)
        opened, record = settle(locked.number, found, stored, decision, lambda after: filing_with(locked, found, after))
        if record:
            body = json.dumps(dict(changes), ensure_ascii=False, sort_keys=True).encode()
            request = f"{locked.number}-{locked.saves + 1}"
            locked.state = FilingState.ACCEPTED.value
            locked.save(update_fields=["state"])
            append_to_filing(opened, record, actor=ACTOR, request=request, mark=crypto.body_hash(body), now=now)
    return decision.problems
