"""Two heads to be compared."""

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.transparency import queries
from registry.transparency.heads import Head
from registry.transparency.queries import Continuation

GREATEST = 2**63 - 1


class CompareForm(forms.Form):
    """Does the second tree head continue the first?"""

    first = forms.IntegerField(
        label=_("Older head"), min_value=1, max_value=GREATEST,
        help_text=_("Its number, such as the one on a certificate."),
    )  # fmt: skip
    second = forms.IntegerField(
        label=_("Newer head"), min_value=1, max_value=GREATEST, required=False,
        help_text=_("Empty: the newest of all."),
    )  # fmt: skip

    def _head(self, name: str) -> Head | None:
        number = self.cleaned_data.get(name)
        found = queries.head(number) if number else queries.latest()
        if found is None:
            self.add_error(name, _("There is no signed tree head with this number."))
        return found

    def compared(self) -> Continuation | None:
        """The proof; None with an error at its field when a head is unknown or they are swapped."""
        first, second = self._head("first"), self._head("second")
        if first is None or second is None:
            return None
        if first.number > second.number:
            self.add_error("second", _("This is the older one of the two: swap them."))
            return None
        return queries.continuation(first, second)
