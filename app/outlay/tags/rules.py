"""What makes a tag right."""

from typing import Any, Final

from outlay.errors import InvalidInput
from outlay.etags import etag
from outlay.rows import Row
from outlay.tags.model import CountedTag, Tag
from outlay.texts import check_text

MOST_TAGS: Final = 2000


def check(name: str) -> str:
    """The name as it is kept; raises InvalidInput."""
    errors = check_text("/name", name, most=50, least=1)
    if errors:
        raise InvalidInput(errors[0].detail, errors=errors)
    return name.strip()


def to_api(record: Row, epoch: str) -> Tag:
    """A row of the database, or its image in the change log, as the API shows it."""
    return Tag(**_fields(record, epoch))


def counted(record: Row, epoch: str) -> CountedTag:
    """The same with the number of its expenses, from a row that has it."""
    return CountedTag(**_fields(record, epoch), entries=record["entries"])


def _fields(record: Row, epoch: str) -> dict[str, Any]:
    names = set(Tag.__struct_fields__) - {"etag"}
    return {**{name: record[name] for name in names}, "etag": etag(epoch, record["version"])}
