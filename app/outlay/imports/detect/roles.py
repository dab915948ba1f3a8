"""Which column plays which part: by its header where it has one, and always by its content."""

from collections.abc import Callable, Sequence
from typing import Any

from outlay.imports.columns import Role, roles_of
from outlay.imports.detect.profile import Profile

Chosen = dict[str, Any]
Scores = dict[str, float]

# What a column must hold to play a part; the order is that in which parts are given out.
_FIT: dict[Role, Callable[[Profile], bool]] = {
    "date": lambda p: p.is_date,
    "balance": lambda p: p.is_number,
    "debit": lambda p: p.is_number or p.filled == 0,
    "credit": lambda p: p.is_number or p.filled == 0,
    "amount": lambda p: p.is_number,
    "fee": lambda p: p.is_number,
    "currency": lambda p: p.codes >= 0.8,
    "sign": lambda p: p.directions >= 0.9 and p.kinds <= 8,
    "status": lambda p: p.states >= 0.8,
    "value_date": lambda p: p.is_date,
    "payee": lambda p: not p.is_date and p.filled > 0,
    "payer": lambda p: not p.is_date and p.filled > 0,
    "purpose": lambda p: not p.is_date and p.filled > 0,
    "text": lambda p: not p.is_date and p.filled > 0,
    "note": lambda p: not p.is_date,
    "category": lambda p: p.is_text,
    "account": lambda p: p.filled > 0 and not p.is_date,
    "tags": lambda p: not p.is_date,
    "reference": lambda p: p.filled >= 0.5 and p.distinct >= 0.95,
}
_SEVERAL = {"purpose", "note"}


def assign(header: Sequence[str], profiles: Sequence[Profile]) -> tuple[Chosen, Scores]:
    """Return the column fields of a Layout, and how sure each choice is (0 to 1)."""
    named = _by_header(header, profiles)
    chosen, scores = _fields(named, profiles)
    _complete(chosen, scores, profiles)
    return chosen, scores


def _by_header(
    header: Sequence[str], profiles: Sequence[Profile]
) -> dict[Role, list[tuple[int, float]]]:
    """Give each role its columns, best first; each column is given out once."""
    wishes = [(at, wish) for at, name in enumerate(header) for wish in roles_of(name)]
    free = set(range(len(profiles)))
    given: dict[Role, list[tuple[int, float]]] = {}
    for role, fits in _FIT.items():
        money = given.get("amount") or [(-1, 0.0)]
        fitting = sorted(
            (-wish.score, wish.rank, abs(at - money[0][0] - 1) if role == "currency" else 0, at)
            for at, wish in wishes
            if wish.role == role and at in free and at < len(profiles) and fits(profiles[at])
        )
        taken = fitting if role in _SEVERAL else fitting[:1]
        if role in _SEVERAL:
            taken = [wish for wish in taken if -wish[0] == 1.0] or taken[:1]
        given[role] = [(at, -score) for score, *_, at in taken]
        free -= {at for *_, at in taken}
    return given


def _fields(
    named: dict[Role, list[tuple[int, float]]], profiles: Sequence[Profile]
) -> tuple[Chosen, Scores]:
    _settle_money(named, profiles)
    chosen: Chosen = {}
    scores: Scores = {}
    fields: dict[Role, str] = {"currency": "currency_column", "text": "fallback"}
    for role, columns in named.items():
        if not columns or role == "value_date":
            continue
        field = fields.get(role, role)
        scores[field] = columns[0][1]
        chosen[field] = columns[0][0]
        if role in _SEVERAL:
            chosen[field] = tuple(sorted(at for at, _ in columns))
    if "purpose" in chosen:
        chosen["description"] = chosen.pop("purpose")
        scores["description"] = scores.pop("purpose")
    if "date" not in chosen and named["value_date"]:
        chosen["date"], scores["date"] = named["value_date"][0]
    if "payee" not in chosen and "payer" in chosen:
        chosen["payee"] = chosen.pop("payer")
    return chosen, scores


def _settle_money(named: dict[Role, list[tuple[int, float]]], profiles: Sequence[Profile]) -> None:
    """Keep debit and credit where they share out the rows between them, else the amount."""
    debit, credit, amount = named["debit"], named["credit"], named["amount"]
    sides = [profiles[at].filled for at, _ in debit + credit]
    both = bool(debit and credit) and sum(sides) > 0
    if amount and not (both and sides[0] + sides[1] <= 1.1):
        named["debit"] = named["credit"] = []
    elif both or not amount:
        named["amount"] = []


def _complete(chosen: Chosen, scores: Scores, profiles: Sequence[Profile]) -> None:
    """Find by content alone what no header named: date, amount and description."""
    used = {c for v in chosen.values() for c in (v if isinstance(v, tuple) else (v,))}
    free = [at for at in range(len(profiles)) if at not in used]
    if "date" not in chosen and (dates := [at for at in free if profiles[at].is_date]):
        chosen["date"], scores["date"] = dates[0], 0.7
    if not {"amount", "debit", "credit"} & chosen.keys():
        _guess_money(chosen, scores, profiles, free)
    if not {"description", "payee", "fallback"} & chosen.keys():
        texts = [at for at in free if profiles[at].is_text and profiles[at].length > 1]
        if texts:
            best = max(texts, key=lambda at: profiles[at].length * profiles[at].distinct)
            chosen["description"], scores["description"] = (best,), 0.5


def _guess_money(
    chosen: Chosen, scores: Scores, profiles: Sequence[Profile], free: Sequence[int]
) -> None:
    """Take numbers with signs or decimals: one is the amount, two halves are debit and credit."""
    numbers = [
        at
        for at in free
        if profiles[at].is_number and (profiles[at].decimals > 0.3 or profiles[at].signed > 0)
    ] or [at for at in free if profiles[at].is_number]
    halves = [at for at in numbers if profiles[at].filled < 0.99]
    full = [at for at in numbers if at not in halves]
    if len(halves) >= 2 and profiles[halves[0]].filled + profiles[halves[1]].filled <= 1.05:
        chosen["debit"], chosen["credit"] = halves[:2]
        scores["debit"] = scores["credit"] = 0.5
        if full and "balance" not in chosen:
            chosen["balance"], scores["balance"] = full[0], 0.5
    elif numbers:
        chosen["amount"], scores["amount"] = numbers[0], 0.7 if len(numbers) == 1 else 0.5
        if len(full) > 1 and "balance" not in chosen:
            chosen["balance"], scores["balance"] = full[-1], 0.5
