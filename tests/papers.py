"""What papers say: the text of a PDF and of a DOCX."""

import shutil
import subprocess
from io import BytesIO

import pytest
from docx import Document


def read_pdf(content: bytes) -> str:
    """The text as it stands on the sheets; skips the test where there is no pdftotext (poppler)."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext found")
    told = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    )
    return told.stdout.decode()


def read_docx(content: bytes) -> str:
    document = Document(BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(lines + cells)
