"""A calculation for anyone to try: forms made from a methodology's own declaration.

What is sent becomes the object that `POST /api/v1/calculations/` takes, and is read and calculated
by the same code; nothing is kept. The facts decide which inputs there are, so they are asked first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cdm_portal.drawing import formulas
from cdm_portal.forms import DateInput
from cdm_portal.refusals import Invalid
from projects.methodologies import codec, units
from projects.methodologies.base import Calculable, Calculation, FactKind, Outcome, Step

Row = dict[str, Any]
FACT, INPUT, CELL, COUNT, ADD = "fact-", "input-", "cell-", "rows-", "add"
FIRST_ROWS, MOST_ROWS = 2, 40
KINDS = {
    "monitored": _("Measured"), "fixed": _("Fixed beforehand"), "dated": _("Set by rules"),
}
YES_OR_NO = [("", "—"), ("yes", _("Yes")), ("no", _("No"))]


class Amount(forms.TextInput):
    """A number beside the units in which it may stand; its value is {"value": …, "unit": …}."""

    template_name = "forms/amount.html"

    def __init__(self, unit: str) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off"})
        self.units = units.units_like(unit)

    def get_context(self, name: str, value: Any, attrs: Any) -> Row:
        """Django's context of the number, and the units with the one that was chosen."""
        given = value if isinstance(value, Mapping) else {}
        context: Row = super().get_context(name, given.get("value"), attrs)
        context["widget"]["units"] = [
            {"unit": each, "chosen": each == given.get("unit")} for each in self.units
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Row | None:
        """What was typed with its unit; None for an empty box."""
        text = data.get(name, "").strip()
        return {"value": text, "unit": data.get(f"{name}-unit", self.units[0])} if text else None


class Answer(forms.Field):
    """Whatever was typed: what is wrong with it the codec says, as to a program."""

    def validate(self, value: Any) -> None:
        """Nothing here: `required` only tells a person what may stay empty."""


def _answer(row: Mapping[str, Any], default: Any, *, bare: bool = False) -> Answer:
    """The field of a fact as the codec describes it; `bare` without a choice of units."""
    kind, initial = FactKind(row["kind"]), None if default is MISSING else default
    widget: forms.Widget = forms.TextInput({"autocomplete": "off"})
    if kind is FactKind.CHOICE:
        options = [(each, each.replace("_", " ")) for each in row["choices"]]
        widget = forms.Select(choices=options if initial else [("", "—"), *options])
    elif kind is FactKind.FLAG:
        initial = None if initial is None else "yes" if initial else "no"
        widget = forms.Select(choices=YES_OR_NO if initial is None else YES_OR_NO[1:])
    elif kind is FactKind.NUMBER and not bare:
        widget = Amount(row["unit"])
    elif kind is FactKind.DAY:
        widget = DateInput()
    elif kind is FactKind.NAMES:
        initial = ", ".join(initial or ())
    return Answer(
        label=f"{row['meaning']} ({row['name']})", required=row["required"], widget=widget,
        initial=initial,
        help_text=_("Names in small letters, with commas between them.")
        if kind is FactKind.NAMES else "",
    )


def _sent(row: Mapping[str, Any], given: Any) -> Any:
    """An answer as JSON would hold it; None for an empty one."""
    kind = row.get("kind")
    if given in (None, ""):
        return None
    if kind == FactKind.FLAG:
        return {"yes": True, "no": False}.get(given, given)
    if kind == FactKind.NAMES:
        return [each.strip() for each in given.split(",") if each.strip()]
    return given


class Told(forms.Form):
    """A form whose errors come from the codec, by the codec's own names."""

    use_required_attribute = False
    places: dict[str, str]

    def blame(self, refusal: Invalid) -> None:
        """Put each message of a refusal beside its cause, or above the form."""
        self.full_clean()
        for name, messages in refusal.errors.items():
            for message in messages:
                said = message if message[:1].isupper() else f"{name} {message}".strip()
                self.add_error(self.places.get(name), f"{said.rstrip('.')}.")


class Questions(Told):
    """The version and the facts."""

    def __init__(self, *args: Any, about: Calculable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = [each.version for each in about.versions[::-1]]
        self.fields["version"] = Answer(
            label=_("Version"), initial=versions[0],
            widget=forms.Select(choices=[(each, each) for each in versions]),
        )
        defaults = {each.name: each.default for each in fields(about.facts_type)}
        self.rows: list[Row] = [each.as_dict() for each in about.facts]
        for row in self.rows:
            self.fields[f"{FACT}{row['name']}"] = _answer(row, defaults[row["name"]])
        self.places = {"version": "version"}
        self.places |= {str(row["name"]): f"{FACT}{row['name']}" for row in self.rows}

    def asked(self) -> Row:
        """The part of what the codec takes that this form asks for."""
        said = {row["name"]: self._of(row) for row in self.rows}
        return {
            "version": self["version"].value() or "",
            "facts": {name: each for name, each in said.items() if each is not None},
        }

    def _of(self, row: Row) -> Any:
        return _sent(row, self[f"{FACT}{row['name']}"].value())


@dataclass(frozen=True, slots=True)
class Grid:
    """An indexed parameter as a table of boxes."""

    symbol: str
    meaning: str
    source: str
    columns: list[Row]
    rows: list[list[forms.BoundField]]
    count: forms.BoundField
    """How many rows are shown, hidden; what is wrong with the whole table stands there."""


class Inputs(Told):
    """The parameters and tables that the facts ask for."""

    def __init__(self, sent: QueryDict, *, declared: Mapping[str, Any]) -> None:
        self.counts = {each["symbol"]: _count(sent, each["symbol"]) for each in declared["tables"]}
        shown = sent.copy()
        for symbol, count in self.counts.items():
            shown[f"{COUNT}{symbol}"] = str(count)
        super().__init__(shown)
        self.places, self.declared = {}, declared
        for row in declared["parameters"]:
            self._add(f"{INPUT}{row['symbol']}", row["symbol"], _parameter(row))
        for table in declared["tables"]:
            self._add_table(table)

    def _add(self, name: str, place: str, field: Answer) -> None:
        self.fields[name], self.places[place] = field, name

    def _add_table(self, table: Mapping[str, Any]) -> None:
        symbol = table["symbol"]
        counted = Answer(widget=forms.HiddenInput(), required=False, label=symbol)
        self._add(f"{COUNT}{symbol}", symbol, counted)
        for number in self._numbers(symbol):
            for column in table["columns"]:
                self._add(
                    _cell(symbol, number, column), f"{symbol}[{number}].{_name(column)}",
                    _column(column, number),
                )
            self.places[f"{symbol}[{number}]"] = _cell(symbol, number, table["columns"][0])

    def groups(self) -> Iterator[Row]:
        """The parameters by when their value is settled: {label, fields}."""
        for kind, label in KINDS.items():
            found = [
                self[f"{INPUT}{row['symbol']}"] for row in self.declared["parameters"]
                if row["kind"] == kind
            ]
            if found:
                yield {"label": label, "fields": found}

    def grids(self) -> Iterator[Grid]:
        """The tables."""
        for table in self.declared["tables"]:
            symbol = table["symbol"]
            yield Grid(
                symbol, table["meaning"], table["source"],
                [{"name": _name(each), "unit": each["unit"], "meaning": each["meaning"]}
                 for each in table["columns"]],
                [[self[_cell(symbol, number, each)] for each in table["columns"]]
                 for number in self._numbers(symbol)],
                self[f"{COUNT}{symbol}"],
            )

    def _numbers(self, symbol: str) -> range:
        return range(1, self.counts[symbol] + 1)

    def asked(self) -> Row:
        """What was given, by symbol; a row without any answer counts as not there."""
        given = {
            row["symbol"]: self[f"{INPUT}{row['symbol']}"].value()
            for row in self.declared["parameters"]
        }
        found: Row = {symbol: each for symbol, each in given.items() if each}
        for table in self.declared["tables"]:
            rows = [self._row(table, number) for number in self._numbers(table["symbol"])]
            while rows and not rows[-1]:
                rows.pop()
            if rows:
                found[table["symbol"]] = rows
        return found

    def _row(self, table: Mapping[str, Any], number: int) -> Row:
        cells = {
            _name(each): _sent(each, self[_cell(table["symbol"], number, each)].value())
            for each in table["columns"]
        }
        return {name: each for name, each in cells.items() if each is not None}


def _count(sent: QueryDict, symbol: str) -> int:
    """How many rows are shown of a table: one more where that was asked for."""
    text = sent.get(f"{COUNT}{symbol}", "")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else FIRST_ROWS
    return min(MOST_ROWS, max(1, count) + (sent.get(ADD) == symbol))


def _name(column: Mapping[str, Any]) -> str:
    return str(column.get("symbol") or column["name"])


def _cell(symbol: str, number: int, column: Mapping[str, Any]) -> str:
    return f"{CELL}{symbol}-{number}-{_name(column)}"


def _column(column: Mapping[str, Any], number: int) -> Answer:
    if "symbol" in column:
        field = Answer(widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
    else:
        field = _answer(column, MISSING, bare=True)
    field.label = _("%(name)s in row %(n)s") % {"name": _name(column), "n": number}
    field.widget.attrs["aria-label"] = field.label
    return field


def _parameter(row: Mapping[str, Any]) -> Answer:
    said = row["source"]
    if row["default"] is not None:
        said = _("%(value)s %(unit)s if left empty. %(source)s") % {
            "value": row["default"], "unit": "" if row["unit"] == units.SHARE else row["unit"],
            "source": said,
        }
    return Answer(
        label=f"{row['symbol']}, {row['meaning']}", required=row["default"] is None,
        widget=Amount(row["unit"]), help_text=said,
    )


class Trial:
    """One turn: what was asked, and what came of it. `found` is None until it is calculated."""

    def __init__(self, about: Calculable[Any], sent: QueryDict | None) -> None:
        self.about = about
        self.found: Calculation | Outcome | None = None
        self.inputs: Inputs | None = None
        self.unmet: list[str] = []
        self.sent = sent
        self.questions = Questions(sent, about=about)
        if sent is not None:
            self._ask(sent)

    def _ask(self, sent: QueryDict) -> None:
        asked = self.questions.asked()
        try:
            declared = codec.described(self.about.code, asked)
        except Invalid as refusal:
            self.questions.blame(refusal)
            return
        self.inputs = Inputs(sent, declared=declared)
        self.unmet = [each["reason"] for each in declared["conditions"] if not each["met"]]
        if sent.get("step") == "calculate" and not self.unmet:
            self._calculate(self.inputs, asked)

    def _calculate(self, inputs: Inputs, asked: Row) -> None:
        try:
            self.found = codec.from_json(
                self.about.code, asked | {"inputs": inputs.asked()}
            ).result()
        except Invalid as refusal:
            inputs.blame(refusal)

    @property
    def forms(self) -> list[Told]:
        """The forms of this turn."""
        return [each for each in (self.questions, self.inputs) if each is not None]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was typed into boxes that are not shown now, so that it comes back with them."""
        shown = set(self.inputs.fields) if self.inputs else set()
        return [
            (name, str(value)) for name, value in (self.sent or {}).items()
            if name.startswith((INPUT, CELL, COUNT)) and name.removesuffix("-unit") not in shown
        ]

    @property
    def amounts(self) -> list[Row]:
        """The result: of a methodology its terms and whole tonnes, of a tool its quantity."""
        found = self.found
        if found is None:
            return []
        if isinstance(found, Outcome):
            return [{"label": found.symbol, "value": found.value, "unit": found.unit}]
        terms = (
            (_("Baseline emissions"), found.baseline), (_("Project emissions"), found.project),
            (_("Leakage emissions"), found.leakage),
            (_("Emission reductions, exact"), found.reductions_exact),
        )
        rows = [{"label": label, "value": value, "unit": "tCO2e"} for label, value in terms]
        whole = {"label": _("Rounded down, once"), "value": found.reductions, "unit": "t"}
        return [*rows, whole]

    @property
    def steps(self) -> list[Row]:
        """The steps as the page of a tonne shows them."""
        if self.found is None:
            return []
        made = {each.symbol: f"step-{each.symbol}" for each in self.found.steps}
        return [_step(each, made, "step-") for each in self.found.steps]


def _step(step: Step, made: Mapping[str, str], deep: str) -> Row:
    return {
        "anchor": f"{deep}{step.symbol}", "symbol": formulas.symbol(step.symbol),
        "name": step.symbol, "title": step.title, "formula": formulas.mathml(step.formula),
        "value": step.value, "unit": step.unit, "source": step.source, "note": step.note,
        "verified": step.verified, "tool": step.tool,
        "inputs": [_input(each, made, step) for each in step.inputs],
        "parts": [_step(each, made, f"{deep}{step.symbol}-") for each in step.parts],
    }


def _input(given: Any, made: Mapping[str, str], step: Step) -> Row:
    row = {"symbol": formulas.symbol(given.symbol), "value": given.value, "unit": given.unit}
    if given.symbol in made and given.symbol != step.symbol:
        return row | {"from": _("step above"), "url": f"#{made[given.symbol]}"}
    return row | {"from": "", "url": ""}
