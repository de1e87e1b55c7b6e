"""Slips: a personal code on paper, to scan, to type or to read out."""

import segno
from markupsafe import Markup

from matching.codes import Issued
from web.site import Answer, Request, page


def show_slip(request: Request, key: str, issued: Issued) -> Answer:
    """The slip with the code's address as a QR code. The code is shown this once."""
    address = f"{request.base_url}me/{issued.text}"
    return page(
        request,
        "candidates/slip.html",
        key=key,
        issued=issued,
        address=address,
        groups=" ".join(issued.text[i : i + 4] for i in range(0, len(issued.text), 4)),
        picture=draw_code(address),
    )


def draw_code(text: str) -> Markup:
    """A QR code as inline SVG, black on white in dark pages too."""
    drawn = segno.make(text, error="m").svg_inline(
        scale=5, border=2, svgclass="qr", lineclass=None, light="#fff", omitsize=False
    )
    return Markup(drawn)
