"""The form of the choices."""

from django import forms

from cdm_portal.notices.models import Topic, Way


class ChoicesForm(forms.Form):
    """One way to be told for each topic."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # as Django's own form takes them
        for topic in Topic:
            self.fields[topic.value] = forms.ChoiceField(label=topic.label, choices=Way.choices)
