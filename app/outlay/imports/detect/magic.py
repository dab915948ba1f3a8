"""Files that are no text at all, known by how they begin."""

from outlay.imports.model import FileRefused

_KNOWN: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "workbook", "This is an Excel or LibreOffice workbook, or a zip file; save the sheet as CSV"),
    (b"PK\x05\x06", "zip", "This is an empty zip file; upload the CSV file"),
    (b"\xd0\xcf\x11\xe0", "workbook", "This is an old Excel workbook; save it as CSV"),
    (b"\x1f\x8b", "compressed", "This file is compressed with gzip; unpack it first"),
    (b"BZh", "compressed", "This file is compressed with bzip2; unpack it first"),
    (b"\xfd7zXZ\x00", "compressed", "This file is compressed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed", "This file is compressed with zstd; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "compressed", "This is a 7z archive; unpack it first"),
    (b"Rar!", "compressed", "This is a RAR archive; unpack it first"),
    (b"%PDF-", "pdf", "This is a PDF; ask the bank for a CSV export"),
    (b"\x89PNG", "image", "This is an image; ask the bank for a CSV export"),
    (b"\xff\xd8\xff", "image", "This is an image; ask the bank for a CSV export"),
    (b"SQLite format 3\x00", "binary", "This is a database; export it as CSV"),
)  # fmt: skip
_TEXTUAL: tuple[tuple[bytes, str, str], ...] = (
    (b"<!doctype html", "html", "This is a web page; sign in at the bank again and download the CSV file"),
    (b"<html", "html", "This is a web page; sign in at the bank again and download the CSV file"),
    (b"<?xml", "xml", "This is an XML file (CAMT or a workbook); choose CSV in the bank's export"),
    (b"<", "xml", "This is an XML or HTML file; choose CSV in the bank's export"),
    (b"ofxheader", "ofx", "This is an OFX file; choose CSV in the bank's export"),
    (b"!type:", "qif", "This is a QIF file; choose CSV in the bank's export"),
    (b":20:", "mt940", "This is an MT940 file; choose CSV in the bank's export"),
    (b"{", "json", "This is a JSON file; choose CSV in the export"),
    (b"[{", "json", "This is a JSON file; choose CSV in the export"),
    (b"{\\rtf", "rtf", "This is a text document; save it as CSV"),
)  # fmt: skip


def refuse_known(sample: bytes) -> None:
    """Raise FileRefused for an empty file and for kinds that are recognisably not CSV."""
    if not sample.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise FileRefused("empty", "The file is empty")
    for start, code, sentence in _KNOWN:
        if sample.startswith(start):
            raise FileRefused(code, sentence)
    text = sample[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for start, code, sentence in _TEXTUAL:
        if text.startswith(start):
            raise FileRefused(code, sentence)
