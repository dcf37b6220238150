"""TOOL07 once more: operating and build margin from rows, and what they come to together."""

from datetime import date
from fractions import Fraction

from cdm_portal import parameters
from projects.doe.second.data import Data, Facts, Line, Need, Needs, RowNeed
from projects.doe.second.sizes import CannotRecalculate, factor
from projects.doe.second.steps import ZERO, Steps, result, step

FUELS = (Need("FC", "t"), Need("NCV", "GJ/t"), Need("EF_CO2", "tCO2/GJ"))
PLANT: dict[str, tuple[Need, ...]] = {
    "rows": (Need("E", "tCO2"),),
    "fuels": (),
    "efficiency": (Need("EF_CO2", "tCO2/GJ"), Need("eta", "1")),
}


def usual_weight(technology: str, crediting_period: int) -> Fraction:
    """The weight of the operating margin where the design states none."""
    kind = "first" if crediting_period == 1 else "later"
    if technology in {"wind", "solar"}:
        kind = "intermittent"
    return Fraction(parameters.constant(f"om_weight_{kind}"))


def weight_needs(technology: str, crediting_period: int) -> Needs:
    """w_OM and w_BM with their defaults."""
    usual = usual_weight(technology, crediting_period)
    return (Need("w_OM", "1", usual), Need("w_BM", "1", 1 - usual))


def needs(facts: Facts) -> Needs:
    """The margins that are given, rows for those that are not, and the weights."""
    found: list[Need | RowNeed] = []
    for name, table, owner in (("operating", "OM_plants", "plant"), ("build", "BM_units", "unit")):
        margin, short = facts.get(f"{name}_margin", "given"), table[:2]
        if margin == "given":
            found.append(Need(f"EF_{short}", "tCO2/MWh"))
            continue
        found.append(RowNeed(table, (owner,), (Need("EG", "MWh"), *PLANT[margin])))
        if margin == "fuels":
            found.append(RowNeed(f"{short}_fuels", (owner, "fuel"), FUELS, optional=True))
    weights = weight_needs(facts["technology"], int(facts.get("crediting_period", 1)))
    return (*found, *weights)


def steps(facts: Facts, data: Data) -> Steps:
    """EF_OM and EF_BM where rows make them, then EF_grid_CM in tCO2/MWh."""
    if data["w_OM"] + data["w_BM"] != 1:
        raise CannotRecalculate("w_OM and w_BM do not add up to 1.")
    parts, margins = [], {}
    for name, short in (("operating", "OM"), ("build", "BM")):
        kind = facts.get(f"{name}_margin", "given")
        if kind == "given":
            margins[short] = data[f"EF_{short}"]
            continue
        made = _operating(kind, facts, data) if short == "OM" else _build(kind, data)
        margins[short] = result(made)
        parts.append(made)
    value = margins["OM"] * data["w_OM"] + margins["BM"] * data["w_BM"]
    return step("EF_grid_CM", value, *parts)


def _operating(kind: str, facts: Facts, data: Data) -> Steps:
    lines = list(data.lines("OM_plants"))
    if facts.get("method", "simple") == "simple":
        lines = [line for line in lines if not line.written.get("low_cost")]
    return _margin("EF_OM", kind, lines, data)


def _build(kind: str, data: Data) -> Steps:
    lines = [line for line in data.lines("BM_units") if not line.written.get("registered_cdm")]
    lines.sort(key=lambda line: -date.fromisoformat(line.written["commissioned"]).toordinal())
    newest = lines[: int(parameters.constant("build_margin_units"))]
    enough = Fraction(parameters.constant("build_margin_share")) * _generated(lines)
    count = next((n for n in range(len(lines) + 1) if _generated(lines[:n]) >= enough), len(lines))
    sample = lines[:count] if _generated(lines[:count]) > _generated(newest) else newest
    return _margin("EF_BM", kind, sample, data)


def _generated(lines: list[Line]) -> Fraction:
    return sum((line["EG"] for line in lines), ZERO)


def _margin(symbol: str, kind: str, lines: list[Line], data: Data) -> Steps:
    emitted = {line.label: _emitted(kind, line, symbol, data) for line in lines}
    generated = _generated(lines)
    if not generated:
        raise CannotRecalculate(f"{symbol} has no generation.")
    shown = () if kind == "rows" else (step(f"E[{name}]", worth) for name, worth in emitted.items())
    return step(symbol, sum(emitted.values(), ZERO) / generated, *shown)


def _emitted(kind: str, line: Line, symbol: str, data: Data) -> Fraction:
    if kind == "rows":
        return line["E"]
    if kind == "efficiency":
        heat = line["EG"] / factor("GJ", "MWh") / line["eta"]
        return heat * line["EF_CO2"]
    owner = "plant" if symbol == "EF_OM" else "unit"
    fuels = data.lines(f"{symbol.removeprefix('EF_')}_fuels")
    own = [each for each in fuels if str(each.written[owner]).strip() == line.label]
    return sum((each["FC"] * each["NCV"] * each["EF_CO2"] for each in own), ZERO)
