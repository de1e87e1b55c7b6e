"""One sheet of paper as PDF, with the font that has every Kazakh letter embedded."""

import fontpkg
from fpdf import FPDF

from web.i18n import get_locale

_MARGIN = 20  # millimetres, like every length here
_LINE = 6
_FAMILY = "PT Sans"


class Paper:
    """An A4 sheet filled from the top."""

    def __init__(self) -> None:
        self._pdf = FPDF(format="A4")
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

    def write(self) -> bytes:
        return bytes(self._pdf.output())

    def _write(self, text: str, *, size: int, style: str = "", align: str = "L") -> None:
        self._font(size, style)
        self._pdf.multi_cell(0, size * 0.5, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def _font(self, size: int, style: str = "") -> None:
        self._pdf.set_font(_FAMILY, style, size)

    def _rule(self, y: float, start: float) -> None:
        self._pdf.line(start, y, self._pdf.w - _MARGIN, y)
