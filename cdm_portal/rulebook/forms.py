"""What two persons fill in about a change of a rule parameter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cdm_portal.forms import Area, DateInput


class ChangeForm(forms.Form):
    """The new value, from when on, and where it stands."""

    value = forms.CharField(
        max_length=40, label=_("New value"),
        help_text=_("In the unit of the parameter; a share may be a fraction such as 2/3."),
    )
    valid_from = forms.DateField(
        label=_("In force from"), widget=DateInput(), help_text=_("Today or a later day, UTC."),
    )
    source = forms.CharField(
        max_length=300, label=_("Source"),
        help_text=_("The decision or document and its paragraph."),
    )
    verified = forms.BooleanField(
        required=False, label=_("I have compared the text of the source with this value"),
    )


class DecisionForm(forms.Form):
    """Approved, or rejected with a reason."""

    decision = forms.ChoiceField(
        choices=[("approve", "approve"), ("reject", "reject")], widget=forms.HiddenInput(),
        required=False,
    )
    reason = forms.CharField(
        required=False, widget=Area(rows=3), label=_("Reason"),
        help_text=_("Needed to reject it or to take it back."),
    )
