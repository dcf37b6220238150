"""The forms of modalities of communication: the statement, a forwarding, the secretariat's answer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import Q

from cdm_portal import forms as widgets
from projects.models import Project
from projects.participant import queries, speaking
from projects.participant.actions import Point
from projects.participant.communication.models import Manner, Scope, Statement
from registry.forms import HOLDING, NamedAccount, units
from registry.models import Account

POINTS = 3
"""How many focal points the form has room for."""

PUBLIC = "The public reads it: leave out terms of private contracts."


class StatementForm(forms.Form):
    """Who speaks for a project: up to three entities, and how they sign in each scope."""

    def __init__(self, data: Mapping[str, Any] | None = None, *, project: Project) -> None:
        self.base = speaking.in_force(project)
        self.changes = speaking.is_change(project)
        super().__init__(data, initial=_initial(self.base))
        for number in range(1, POINTS + 1):
            self._point(number)
        for scope in Scope:
            self.fields[f"manner_{scope.value}"] = forms.ChoiceField(
                label=scope.label, choices=Manner.choices, initial=Manner.SOLE.value,
            )
        if self.changes:
            self._changes(project)

    def _point(self, number: int) -> None:
        first = number == 1
        self.fields[f"point{number}_organisation_id"] = forms.ModelChoiceField(
            label="Entity", queryset=queries.entities(), required=first,
            help_text="It need not be a project participant.",
        )
        self.fields[f"point{number}_primary"] = forms.EmailField(
            label="Primary signatory", required=first,
            help_text="The e-mail address with which the person signs in for this entity. "
            "The name is published, the address is not.",
        )
        self.fields[f"point{number}_alternate"] = forms.EmailField(
            label="Alternate signatory", required=False,
            help_text="Another person of the same entity, by e-mail address.",
        )
        self.fields[f"point{number}_scopes"] = forms.MultipleChoiceField(
            label="Scopes", choices=Scope.choices, required=first,
            widget=forms.CheckboxSelectMultiple,
        )

    def _changes(self, project: Project) -> None:
        current = project.participations.values("organisation_id")
        self.fields["added_ids"] = forms.ModelMultipleChoiceField(
            label="Participants to add", required=False,
            queryset=queries.entities().exclude(pk__in=current),
            widget=forms.SelectMultiple,
            help_text="Each signs as well, and a letter of approval of its Party authorises it "
            "before the secretariat processes the change.",
        )
        others = queries.entities().filter(pk__in=current).exclude(pk=project.owner_id)
        if others.exists():
            self.fields["removed_ids"] = forms.ModelMultipleChoiceField(
                label="Participants to withdraw", required=False, queryset=others,
                widget=forms.CheckboxSelectMultiple,
            )
        self.fields["reason"] = forms.CharField(
            label="Reason for the change", widget=forms.Textarea({"rows": 3}), help_text=PUBLIC,
        )

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields under the headings of the page."""
        for number in range(1, POINTS + 1):
            parts = ("organisation_id", "primary", "alternate", "scopes")
            yield f"Focal point {number}", [self[f"point{number}_{part}"] for part in parts]
        yield "How they sign", [self[f"manner_{scope.value}"] for scope in Scope]
        if self.changes:
            names = ("added_ids", "removed_ids", "reason")
            yield "The change", [self[name] for name in names if name in self.fields]

    def asked(self) -> dict[str, Any]:
        """As `propose_statement` takes it."""
        data = self.cleaned_data
        named = [n for n in range(1, POINTS + 1) if data.get(f"point{n}_organisation_id")]
        return {
            "points": [_entered(data, number) for number in named],
            "manners": {scope.value: data[f"manner_{scope.value}"] for scope in Scope},
            "reason": data.get("reason", ""),
            "added_ids": [each.pk for each in data.get("added_ids", ())],
            "removed_ids": [each.pk for each in data.get("removed_ids", ())],
        }

    def clean(self) -> dict[str, Any]:
        """A focal point is named whole, and without a gap before it."""
        for number in range(2, POINTS + 1):
            names = [f"point{number}_{part}" for part in ("organisation_id", "primary", "scopes")]
            given = [name for name in names if self.cleaned_data.get(name)]
            for name in names:
                if given and name not in given and name not in self.errors:
                    self.add_error(name, "This field is required.")
        if self.cleaned_data.get("point3_organisation_id") and not self.cleaned_data.get(
            "point2_organisation_id"
        ):
            self.add_error("point2_organisation_id", "Name the second focal point first.")
        return self.cleaned_data


def _entered(data: Mapping[str, Any], number: int) -> Point:
    return Point(
        organisation_id=data[f"point{number}_organisation_id"].pk,
        primary=data[f"point{number}_primary"], alternate=data[f"point{number}_alternate"],
        scopes=frozenset(data[f"point{number}_scopes"]),
    )


def _initial(base: Statement | None) -> dict[str, Any]:
    """The statement in force, to begin from."""
    if base is None:
        return {"point1_scopes": Scope.values}
    filled: dict[str, Any] = {f"manner_{scope.value}": base.manner(scope) for scope in Scope}
    for number, point in enumerate(base.focal_points.all()[:POINTS], start=1):
        filled[f"point{number}_organisation_id"] = point.organisation_id
        filled[f"point{number}_scopes"] = list(point.scopes)
    return filled


class ForwardingForm(forms.Form):
    """Units of the pending account, to an account of a participant or of a Party's own registry."""

    quantity = units()
    commitment_period = forms.TypedChoiceField(
        label="Commitment period", coerce=int,
        choices=[(2, "Second, from 2013"), (1, "First, 2008 to 2012")],
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holders = project.participations.exclude(authorised_at=None).values("organisation_id")
        self.fields["to_account_id"] = NamedAccount(
            label="To account", queryset=Account.objects.filter(
                Q(holder_id__in=holders) | Q(external=True),
                kind__in=HOLDING, adaptation_fund=False, closed_at=None,
            ).order_by("external", "id"),
            help_text="Of an authorised participant, or of an involved Party's own registry.",
        )

    def asked(self) -> dict[str, Any]:
        """As `request_forwarding` takes it."""
        return self.cleaned_data | {"to_account_id": self.cleaned_data["to_account_id"].pk}


class ChangeOutcomeForm(forms.Form):
    """What the secretariat does with a signed change."""

    outcome = forms.ChoiceField(
        label="Outcome", widget=widgets.RadioTiles,
        choices=[("process", "Process the change"), ("return", "Return it")],
    )
    answer = forms.CharField(
        label="Reason, if you return it", required=False, widget=forms.Textarea({"rows": 3}),
        help_text=PUBLIC,
    )
