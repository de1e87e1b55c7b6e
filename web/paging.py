"""A long list in pages: which one is shown and the addresses of its neighbours."""

from dataclasses import dataclass
from urllib.parse import urlencode

from web.forms import Form
from web.site import Request

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Paging:
    """`count` pages of `size` rows; `offset` rows stand before page `number`. Addresses may be empty."""

    number: int
    count: int
    offset: int
    size: int
    before: str
    after: str


def turn_pages(request: Request, asked: Form, total: int, *, size: int = PAGE_SIZE) -> Paging:
    """The page the address asks for as `page`, kept within a list of `total` rows."""
    count = max(1, -(-total // size))
    asked = asked.value("page")
    number = min(max(1, int(asked) if asked.isascii() and asked.isdigit() else 1), count)

    def address(other: int) -> str:
        kept = [(k, v) for k, v in request.query_params.multi_items() if k != "page"]
        return f"{request.url.path}?{urlencode([*kept, ('page', other)])}"

    before = address(number - 1) if number > 1 else ""
    after = address(number + 1) if number < count else ""
    return Paging(number, count, (number - 1) * size, size, before, after)
