"""Sums over a period, grouped as asked."""

import datetime as dt
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec
from litestar import get
from msgspec import Meta

from outlay.access import AnyRequest, LedgerView, call_of, viewer
from outlay.answers import Answer
from outlay.errors import InvalidInput
from outlay.expenses.filters import Filter, checked
from outlay.expenses.periods import ONE_DAY, before, month_start, next_month
from outlay.expenses.search import words_query
from outlay.expenses.summary import Group, Period, Summary, summarize
from outlay.queries import asked

MOST_DAYS: Final = 3700
NOTHING: Final = "'\x01'"


class Grouping(msgspec.Struct, frozen=True):
    group: Annotated[Group, Meta(description="What to split the sums by")] = "none"


@get(
    "/ledgers/{ledger:str}/expenses/summary",
    opt=viewer(query=(Filter, Grouping)),
    summary="Sum up a period",
)
async def summarize_expenses(request: AnyRequest) -> Answer[Summary]:
    """Totals per currency, with the period before; this month of the ledger when no date is given.

    `group=description` gives the fifty of each currency on which most was spent; case and accents do
    not tell them apart, and the key is as it was written last.
    """
    call = call_of(request)
    given, grouping = asked(request, Filter, Grouping)
    wanted, group = checked(given), grouping.group
    if wanted.trashed:
        raise InvalidInput.field("/trashed", "The trash is never summed up")
    now = period_of(wanted, call.ledger, dt.datetime.now(ZoneInfo(call.ledger.time_zone)).date())
    if group in {"day", "week"} and now.days > MOST_DAYS:
        raise InvalidInput.field("/group", f"More than {MOST_DAYS} days; group by month")
    past = Period(*before(now.from_, now.to, call.ledger.first_day_of_month))
    words = None
    if wanted.q is not None:
        words = await words_query(call.db, call.ledger.id, wanted.q) or NOTHING
    return Answer(await summarize(call.db, call.ledger, wanted, words, now, past, group))


def period_of(wanted: Filter, ledger: LedgerView, today: dt.date) -> Period:
    """The dates asked for; what is left out is taken from the ledger's month or from today."""
    first = ledger.first_day_of_month
    if wanted.from_ is None:
        start = month_start(wanted.to or today, first)
        return Period(start, wanted.to or next_month(start, first) - ONE_DAY)
    return Period(wanted.from_, wanted.to or max(wanted.from_, today))


handlers = [summarize_expenses]
