"""What papers say: the text of a PDF and of a DOCX."""

import html
import re
import shutil
import subprocess
from io import BytesIO

import pytest
from docx import Document
from PIL import Image, ImageOps

DPI, POINTS = 200, 72  # of a picture, and of a sheet
BOX = r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>'


def read_pdf(content: bytes) -> str:
    """The text as it stands on the sheets; skips the test where there is no pdftotext (poppler)."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext found")
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return told.stdout.decode()


def draw_words(content: bytes) -> list[tuple[str, Image.Image]]:
    """Each word of the first sheet as it is drawn, cut to its ink: white on black, empty where nothing
    is drawn. Skips the test where there is no poppler."""
    if shutil.which("pdftoppm") is None or shutil.which("pdftotext") is None:
        pytest.skip("no poppler found")
    command = ["pdftoppm", "-png", "-gray", "-r", str(DPI), "-"]
    drawn = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()
    sheet = ImageOps.invert(Image.open(BytesIO(drawn)).convert("L"))
    found = []
    for *box, said in re.findall(BOX, boxes):
        word = sheet.crop(tuple(round(float(edge) * DPI / POINTS) for edge in box))
        found.append((html.unescape(said), word.crop(word.getbbox() or (0, 0, 0, 0))))
    return found


def read_docx(content: bytes) -> str:
    document = Document(BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines + cells)
