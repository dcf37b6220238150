"""Which column of a file holds which parameter, in which unit, by its header or the mapping."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from projects.methodologies import units
from projects.methodologies.readings import TIME_HEADERS, Column
from projects.methodologies.tables import UnreadableFile

COUNTER = "(counter)"
TIME = "timestamp"


@dataclass(frozen=True, slots=True)
class Source:
    """The column at `index` (0 is the first) holds a parameter in `unit`; a counter runs on."""

    index: int
    header: str
    unit: str
    column: Column
    counter: bool


class UnmappedColumns(UnreadableFile):
    """The header does not tell every column that is needed; `headers` are those of the file."""

    code = "unmapped_columns"

    def __init__(self, reason: str, headers: Sequence[str]) -> None:
        self.headers = tuple(headers)
        super().__init__(reason)


def sources(
    header: Sequence[str], columns: Sequence[Column], mapping: Mapping[str, str]
) -> tuple[int, tuple[Source, ...], tuple[str, ...]]:
    """The index of the time column, that of every parameter, and the headers that are not read.

    A mapped header stands for what it is mapped to. Raises UnmappedColumns with every fault.
    """
    told = [mapping.get(each, each) for each in header]
    times = [index for index, each in enumerate(told) if each.lower() in TIME_HEADERS]
    faults = [] if len(times) == 1 else ["one column must be headed 'timestamp'"]
    wanted = {column.symbol: column for column in columns}
    found: dict[str, Source] = {}
    for index, each in enumerate(told):
        symbol = each.partition("[")[0].strip()
        if symbol not in wanted:
            continue
        if symbol in found:
            faults.append(f"{symbol} has two columns")
            continue
        source = _source(index, header[index], each, wanted[symbol])
        faults += _unit_faults(source)
        found[symbol] = source
    faults += [
        f"the column '{symbol} [{column.unit}]' is missing"
        for symbol, column in wanted.items() if symbol not in found
    ]
    if faults:
        raise UnmappedColumns(f"The header cannot be read: {'; '.join(faults)}.", header)
    read = {times[0], *(source.index for source in found.values())}
    ignored = tuple(each for index, each in enumerate(header) if each and index not in read)
    return times[0], tuple(found[symbol] for symbol in wanted), ignored


def _source(index: int, header: str, told: str, column: Column) -> Source:
    rest = told.partition("[")[2]
    unit, _, after = rest.partition("]")
    return Source(index, header, unit.strip(), column, after.strip() == COUNTER)


def _unit_faults(source: Source) -> list[str]:
    due, symbol = source.column.unit, source.column.symbol
    if not source.unit:
        return [f"the unit of {symbol} is missing: write '{symbol} [{due}]'"]
    try:
        units.convert(Decimal(1), source.unit, due)
    except units.UnitError as refusal:
        return [f"{symbol}: {refusal}"]
    return []
