"""What is kept about somebody, as a file of their own: JSON for programs, PDF for people."""

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse

from cdm_portal import formats, papers

Value = str | int | bool | None | list[Any] | dict[str, Any]


def answer(form: str, kept: dict[str, Value], at: datetime) -> HttpResponse:
    """All of `kept`, section by section, as `my-data.json` or `my-data.pdf`; 404 for another form.
    """
    if form == "json":
        told = {"made_at": at.isoformat(), **kept}
        response = HttpResponse(
            json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json"
        )
    elif form == "pdf":
        response = HttpResponse(_paper(kept, at), content_type="application/pdf")
    else:
        raise Http404
    response["Content-Disposition"] = f'attachment; filename="my-data.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def _paper(kept: dict[str, Value], at: datetime) -> bytes:
    return papers.render("personal.typ", {
        "at": formats.moment(at), "date": [at.year, at.month, at.day], "rules": "",
        "sections": [section for name, value in kept.items() for section in _sections(name, value)],
    })


def _sections(name: str, value: Value) -> list[dict[str, Any]]:
    """Tables of two columns: one for each thing of a list, one for a mapping or a plain value."""
    title = name.replace("_", " ").capitalize()
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [{"title": f"{title}, {number} of {len(value)}", "rows": _rows(each)}
                for number, each in enumerate(value, 1)]  # fmt: skip
    rows = _rows(value) if isinstance(value, dict) else [["", _text(value)]]
    return [{"title": title, "rows": rows}]


def _rows(thing: dict[str, Value]) -> list[list[str]]:
    return [[key.replace("_", " ").capitalize(), _text(value)] for key, value in thing.items()]


def _text(value: Value) -> str:
    if isinstance(value, list):
        return "\n".join(_text(each) for each in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key.replace('_', ' ')}: {_text(each)}" for key, each in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "–"
