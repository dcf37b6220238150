"""How every form of the portal is drawn: label, hint, error, control; and the status it answers.

Meant for `FORM_RENDERER = "cdm_portal.forms.Renderer"`.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import TemplatesSetting

from cdm_portal.uploads import kinds

UNPROCESSABLE = 422


class Renderer(TemplatesSetting):
    """Django's form rendering with the templates of the design system."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"


def status(form: "forms.BaseForm | forms.BaseFormSet[Any]") -> int:
    """422 for a form that was sent and refused, else 200."""
    return UNPROCESSABLE if form.is_bound and not form.is_valid() else 200


class RadioTiles(forms.RadioSelect):
    """Choices as tiles: a bold label, a line under it, an icon and a tag, each by value."""

    template_name = "forms/radio_tiles.html"
    option_template_name = "forms/radio_tile.html"

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        *,
        hints: Mapping[str, str] | None = None,
        icons: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
        columns: bool = False,
    ) -> None:
        super().__init__(attrs)
        self.columns = columns
        self.hints = dict(hints or {})
        self.icons = dict(icons or {})
        self.tags = dict(tags or {})

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Django's context, and whether the tiles stand side by side where there is room."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["columns"] = self.columns
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option as Django makes it, with the words of its tile."""
        option = super().create_option(name, value, *args, **kwargs)
        key = str(value)
        return option | {
            "hint": self.hints.get(key, ""),
            "icon": self.icons.get(key, ""),
            "tag": self.tags.get(key, ""),
        }


class CheckList(forms.CheckboxSelectMultiple):
    """Several of a list, in one column or two."""

    template_name = "forms/check_list.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, columns: bool = False) -> None:
        super().__init__(attrs)
        self.columns = columns

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Django's context and the number of columns."""
        return super().get_context(name, value, attrs) | {"columns": self.columns}


class Stepper(forms.NumberInput):
    """A whole number between a minus and a plus button; without script a plain number box."""

    template_name = "forms/stepper.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "step": "1", **(attrs or {})})


class FileDrop(forms.FileInput):
    """A file input that files may be dropped on; it is the native control throughout."""

    template_name = "forms/file_drop.html"


class BoundedFile(forms.FileField):
    """A file whose size, in megabytes at most, is asked before a byte of it is read."""

    def __init__(self, *, most_mb: int, accept: str = kinds.ACCEPT, **kwargs: Any) -> None:
        super().__init__(widget=FileDrop({"accept": accept}), **kwargs)
        self.most_mb = most_mb

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Refuse what is too large, in words."""
        if isinstance(data, UploadedFile) and (
            fault := kinds.size_fault(data.size or 0, self.most_mb)
        ):
            raise forms.ValidationError(fault)
        return super().clean(data, initial)


class DateInput(forms.DateInput):
    """The browser's own date control, which speaks ISO 8601."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Area(forms.Textarea):
    """Several lines of text."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, rows: int = 4) -> None:
        super().__init__({"rows": str(rows), "cols": "", **(attrs or {})})
