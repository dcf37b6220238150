"""What the forms of a draft have in common: its boxes may stay empty, and look alike."""

from typing import Any

from django import forms

from cdm_portal import forms as widgets
from projects.participant import labels


class DraftForm(forms.Form):
    """A section of a draft: an empty box is no error."""

    use_required_attribute = False

    def full_clean(self) -> None:
        """Check the form with every box allowed to be empty."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return dict(self.cleaned_data)


def text_area(
    box: str, hint: str = "", *, rows: int = 5, required: bool = True
) -> forms.CharField:
    """A box for sentences, named as every page names it."""
    return forms.CharField(
        label=labels.BOXES[box], help_text=hint, required=required, widget=widgets.Area(rows=rows)
    )


def decimal_box(box: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    """A box for a number with its unit beside it."""
    attrs = {"inputmode": "decimal", "autocomplete": "off", "data-unit": labels.UNITS[box]}
    return forms.CharField(
        label=labels.BOXES[box], help_text=hint, required=required, widget=forms.TextInput(attrs)
    )
