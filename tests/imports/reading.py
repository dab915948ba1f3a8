"""Read bytes as an upload would be read: detect the layout, then parse with it."""

from outlay.imports.detect.propose import detect
from outlay.imports.model import ParsedRow, RowError, SkippedRow
from outlay.imports.parse import parse_chunks


def read(data, currency="EUR"):
    return list(parse_chunks(detect(data, currency=currency).layout, [data]))


def rows(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, ParsedRow)]


def errors(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, RowError)]


def skipped(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, SkippedRow)]


def essence(outcomes):
    """What a row means, whatever the file's delimiters, marks and lines were."""
    return [
        (
            row.date,
            row.amount_minor,
            row.currency,
            row.kind,
            row.description,
            row.note,
            row.category_name,
            row.account_name,
            row.tags,
            row.reference,
        )
        for row in rows(outcomes)
    ]


def text_file(*lines, encoding="utf-8"):
    return "".join(f"{line}\n" for line in lines).encode(encoding)
