"""Papers: PDF made by typst from a template and data, the same bytes for the same data."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings

FONTS = Path(__file__).parent / "fonts"
TEMPLATES = settings.BASE_DIR / "templates" / "papers"
Standard = Literal["a-2b", "a-3a", "ua-1"]
CASE: tuple[Standard, ...] = ("a-2b",)
CERTIFICATE: tuple[Standard, ...] = ("a-3a", "ua-1")
UNPRINTABLE = re.compile(r"[^\n\t\u0020-\u024f\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2212]")
"""What the bundled Latin fonts may lack; used only after typst refused a text."""


def render(template: str, data: dict[str, Any], *, standards: Sequence[Standard] = CASE) -> bytes:
    """The PDF of `templates/papers/<template>`, which reads `data` as JSON.

    Nothing is fetched and no text becomes source: values reach the template as data alone. A
    character that no bundled font has is printed as a question mark, and the record keeps it: the
    templates receive `unprintable` so that they can say so.
    """
    frame = {"site": settings.SITE_NAME, "disclaimer": settings.DISCLAIMER, "unprintable": False}
    try:
        return compile_paper(template, frame | data, standards=standards)
    except typst.TypstError:
        shown: dict[str, Any] = _printable(frame | data)
        return compile_paper(template, shown | {"unprintable": True}, standards=standards)


def compile_paper(template: str, data: dict[str, Any], *, standards: Sequence[Standard]) -> bytes:
    """The same without a second try. Raises TypstError for a glyph that no font has."""
    made: bytes = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, sort_keys=True)},
        pdf_standards=list(standards),
    )
    return made


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return UNPRINTABLE.sub("?", value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value
