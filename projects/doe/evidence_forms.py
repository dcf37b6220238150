"""The forms of a DOE at its sample and at checks that are not met."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal.forms import Area


class SampleForm(forms.Form):
    """Sampled records: a tick, or how one differs. `rows` as `audited.sample_rows` gives them."""

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            key, word = row["key"], row["word"]
            named = {"row": row["row"], "symbol": row["symbol"]}
            self.fields[f"ok-{key}"] = forms.BooleanField(
                required=False, label=_("Row %(row)s, %(symbol)s: agrees") % named
            )
            self.fields[key] = forms.CharField(
                required=False, max_length=1000, initial=word.text if word else "",
                label=_("Row %(row)s, %(symbol)s: how it differs") % named,
            )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each record with its two boxes; one that agrees is not ticked again."""
        return [
            dict(row) | {
                "tick": None if row["word"] and not row["word"].text else self[f"ok-{row['key']}"],
                "note": self[row["key"]],
            }
            for row in self.rows
        ]

    @property
    def notes(self) -> dict[str, str]:
        """What was entered: by key how a record differs, empty for one that agrees."""
        data = self.cleaned_data
        return {
            row["key"]: data[row["key"]] for row in self.rows
            if data[row["key"]] or data[f"ok-{row['key']}"]
        }


class ExplainForm(forms.Form):
    """Why a check that is not met does not stand in the way."""

    text = forms.CharField(
        label=_("Reason"), widget=Area(rows=6), max_length=5000,
        help_text=_("Stands in the verification report word for word. The report is public."),
    )
