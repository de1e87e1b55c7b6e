"""Sheets of paper as PDF, with the font that has every Kazakh letter embedded."""

from collections.abc import Sequence

import fontpkg
from fpdf import FPDF

from web.i18n import get_locale

_MARGIN = 20  # millimetres, like every length here
_LINE = 6
_FAMILY = "PT Sans"


class _Sheets(FPDF):
    """Sheets that say which of how many each is, when there can be several."""

    numbered = False

    def footer(self) -> None:
        if self.numbered:
            self.set_y(-_MARGIN + 6)
            self.set_font(_FAMILY, "", 8)
            self.cell(0, 4, f"{self.page_no()} / {{nb}}", align="C")


class Paper:
    """A4 sheets filled from the top; `numbered` ones may go on overleaf."""

    def __init__(self, *, numbered: bool = False) -> None:
        self._pdf = _Sheets(format="A4")
        self._pdf.numbered = numbered
        self._pdf.set_margin(_MARGIN)
        self._pdf.set_auto_page_break(True, _MARGIN)
        self._pdf.set_lang(get_locale())
        for style, weight in (("", 400), ("B", 700)):
            self._pdf.add_font(_FAMILY, style, fontpkg.path(_FAMILY, weight))
        self._pdf.add_page()

    def head(self, lines: list[str], small: str) -> None:
        self._write("\n".join(dict.fromkeys(lines)), size=11, align="C")
        self._write(small, size=9, align="C")
        self._pdf.ln(_LINE)

    def title(self, text: str, below: str) -> None:
        self._write(text, size=15, style="B", align="C")
        self._write(below, size=10, align="C")
        self._pdf.ln(_LINE / 2)

    def fact(self, label: str, value: str) -> None:
        """A label on the left, its value on the right, as many lines as either needs."""
        self._font(10)
        with self._pdf.table(
            borders_layout="NONE", col_widths=(2, 3), first_row_as_headings=False, text_align="LEFT"
        ) as table:
            row = table.row()
            row.cell(label)
            row.cell(value)

    def sentence(self, text: str) -> None:
        self._pdf.ln(_LINE / 3)
        self._write(text, size=10)

    def tear(self, text: str) -> None:
        self._pdf.ln(_LINE)
        self._pdf.set_dash_pattern(2, 2)
        self._rule(self._pdf.get_y(), _MARGIN)
        self._pdf.set_dash_pattern()
        self._write(text, size=7, align="C")
        self._pdf.ln(_LINE / 2)

    def blank(self, label: str, *, box: bool = False) -> None:
        """A label, with a box to tick before it, over a line to write on."""
        self._pdf.ln(_LINE / 2)
        top = self._pdf.get_y()
        if box:
            self._pdf.rect(_MARGIN, top + 1, 4, 4)
        self._pdf.set_x(_MARGIN + (7 if box else 0))
        self._font(10)
        self._pdf.cell(text=label, h=_LINE)
        self._rule(top + 2 * _LINE, _MARGIN)
        self._pdf.set_xy(_MARGIN, top + 2 * _LINE)

    def heading(self, text: str, lead: str = "") -> None:
        """A part of a form, kept together with what follows it."""
        self._keep(5 * _LINE)
        self._pdf.ln(_LINE / 2)
        self._write(text, size=12, style="B")
        if lead:
            self._write(lead, size=9)
        self._pdf.ln(1)

    def entry(self, label: str) -> None:
        """A label and the rest of the line to write on."""
        self._keep(_LINE + 2)
        self._font(10)
        self._pdf.cell(text=label, h=_LINE + 2)
        self._rule(self._pdf.get_y() + _LINE, self._pdf.get_x() + 2)
        self._pdf.ln(_LINE + 2)

    def ticks(self, label: str, offered: Sequence[str]) -> None:
        """A label and, below it, what can be ticked, as many on a line as fit."""
        self._keep(2 * _LINE + 2)
        if label:
            self._font(10)
            self._pdf.cell(text=label, h=_LINE, new_x="LMARGIN", new_y="NEXT")
        for text in offered:
            self._tick(text)
        self._pdf.ln(_LINE + 1)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Rows under heads that are repeated on each sheet."""
        self._font(9)
        with self._pdf.table(text_align="LEFT", line_height=4.5, padding=1) as table:
            for cells in (heads, *rows):
                table.row(cells)

    def write(self) -> bytes:
        return bytes(self._pdf.output())

    def _tick(self, text: str) -> None:
        self._font(9)
        width = 6 + self._pdf.get_string_width(text) + 5
        if self._pdf.get_x() + width > self._pdf.w - _MARGIN:
            self._pdf.ln(_LINE)
            self._keep(_LINE)
        left, top = self._pdf.get_x(), self._pdf.get_y()
        self._pdf.rect(left + 1, top + 1, 3.5, 3.5)
        self._pdf.set_x(left + 6)
        self._pdf.cell(width - 6, _LINE, text)

    def _keep(self, height: float) -> None:
        """Goes overleaf when the sheet has no room of this height."""
        if self._pdf.will_page_break(height):
            self._pdf.add_page()

    def _write(self, text: str, *, size: int, style: str = "", align: str = "L") -> None:
        self._font(size, style)
        self._pdf.multi_cell(0, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def _font(self, size: int, style: str = "") -> None:
        self._pdf.set_font(_FAMILY, style, size)

    def _rule(self, y: float, start: float) -> None:
        self._pdf.line(start, y, self._pdf.w - _MARGIN, y)
