"""From the cells of one record to what the ledger would take, or why not."""

from outlay.imports.cells import more_reader, text_reader
from outlay.imports.dates import date_reader
from outlay.imports.layout import Layout
from outlay.imports.model import CellError, Limits, Outcome, ParsedRow, RowError, SkippedRow
from outlay.imports.money import OwnTransferError, money_reader
from outlay.imports.records import RecordReader, shape
from outlay.imports.text import fold, squeeze
from outlay.imports.words import NOT_BOOKED, SUMMARY


class RowReader:
    """Turns the cells of one record into an outcome, or None for a blank row."""

    def __init__(self, layout: Layout, limits: Limits, records: RecordReader) -> None:
        self._layout = layout
        self._limits = limits
        self._records = records
        self._fits = shape(layout)
        self._width = layout.width
        self._date = -1 if layout.date is None else layout.date
        self._day = date_reader(layout.date_order)
        self._money = money_reader(layout)
        self._texts = text_reader(layout, limits)
        self._more = more_reader(layout, limits)
        self._state = layout.status

    def read(self, line: int, cells: list[str]) -> Outcome | None:
        if len(cells) != self._width:
            if not self._whole(line, cells):
                return self._misshapen(line, cells)
            cells = (cells + [""] * self._width)[: self._width]
        if self._state is not None and fold(cells[self._state]) in NOT_BOOKED:
            return SkippedRow(line, "not_booked", f"Not booked: {cells[self._state]:.40}")
        try:
            day = self._day(cells[self._date])
            signed, currency = self._money(cells)
            description, note = self._texts(cells, signed > 0)
            category, account, tags, reference = self._more(cells)
        except CellError as error:
            return self._failed(line, cells, error)
        if signed == 0:
            return SkippedRow(line, "zero", "An amount of zero changes nothing")
        incoming = signed > 0
        return ParsedRow(
            line,
            day,
            signed if incoming else -signed,
            currency,
            "income" if incoming else "expense",
            description,
            note,
            category,
            account,
            tags,
            reference,
            tuple(cells),
        )

    def _whole(self, line: int, cells: list[str]) -> bool:
        """Say whether a record of another width is whole; a last line cut off never is."""
        return self._fits(cells) and not (
            len(cells) < self._width and line == self._records.cut_off
        )

    def _misshapen(self, line: int, cells: list[str]) -> Outcome | None:
        if not any(map(str.strip, cells)):
            return None
        if _is_summary(cells):
            return SkippedRow(line, "summary", f"Not a booking: {squeeze(' '.join(cells)):.60}")
        expected = f"{self._width} columns"
        if line == self._records.cut_off and len(cells) < self._width:
            return RowError(
                line, "", "cut_off", "The file ends in the middle of this row", expected
            )
        return RowError(line, "", "columns", f"The row has {len(cells)} columns", expected)

    def _failed(self, line: int, cells: list[str], error: CellError) -> Outcome | None:
        if not any(map(str.strip, cells)):
            return None
        if isinstance(error, OwnTransferError):
            return SkippedRow(line, "own_transfer", error.message)
        if self._is_no_booking(cells, error):
            return SkippedRow(line, "summary", f"Not a booking: {squeeze(' '.join(cells)):.60}")
        column = self._date if error.code.startswith("date_") else error.column
        return RowError(line, self._layout.name(column), error.code, error.message, error.expected)

    def _is_no_booking(self, cells: list[str], error: CellError) -> bool:
        """Say whether it is a total, a row without day and amount, or a balance alone."""
        if error.code == "amount_missing":
            balance = self._layout.balance
            return (balance is not None and bool(cells[balance].strip())) or _is_summary(cells)
        return error.code.startswith("date_") and (_is_summary(cells) or self._is_empty(cells))

    def _is_empty(self, cells: list[str]) -> bool:
        columns = (self._layout.date, self._layout.amount, self._layout.debit, self._layout.credit)
        return not any(cells[c].strip() for c in columns if c is not None)


def _is_summary(cells: list[str]) -> bool:
    """Say whether one of the first texts of the row starts with a word for a total or balance."""
    texts = [fold(cell) for cell in cells if cell.strip()][:3]
    return any(text == word or text.startswith(word + " ") for text in texts for word in SUMMARY)
