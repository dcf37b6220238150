"""Two texts of one section, box by box: what somebody typed and what is saved."""

from typing import Any

from projects.participant.forms.drafts import DraftForm


def both(mine: DraftForm, theirs: DraftForm) -> list[dict[str, str]]:
    """The boxes in which two forms of one section differ: {label, mine, theirs}, in words."""
    rows = []
    for name, field in mine.fields.items():
        if field.widget.is_hidden:
            continue
        ours = _words(mine, name)
        saved = _words(theirs, name) if name in theirs.fields else ""
        if ours != saved:
            rows.append({"label": str(field.label), "mine": ours, "theirs": saved})
    return rows


def _words(form: DraftForm, name: str) -> str:
    value = form[name].value()
    named = {str(key): str(label) for key, label in _choices(form.fields[name])}
    given = value if isinstance(value, list | tuple) else [value]
    return "; ".join(named.get(_text(each), _text(each)) for each in given)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _choices(field: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    offered = getattr(field, "choices", None) or getattr(field.widget, "choices", None)
    for key, label in offered or ():
        found += label if isinstance(label, list | tuple) else [(key, label)]
    return found
