"""Rows of the published project database, requests and locations, read with all their faults."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from projects.activities.columns import ACTIVITIES, REQUESTS, SITES, Cells, hashed
from projects.activities.models import Activity, ActivitySite, IssuanceRequest
from registry.importing.remarks import Kind, Remark
from registry.importing.sheets import Row, UnreadableFile, rows

SHIFT = 21_915
"""What the export took off installed capacities, which it had converted to dates and back."""

STATUSES = {
    "registered": Activity.Status.REGISTERED,
    "deregistered": Activity.Status.DEREGISTERED,
    "requestingregistration": Activity.Status.REQUESTING,
    "provisional": Activity.Status.PROVISIONAL,
    "rejected": Activity.Status.REJECTED,
    "withdrawn": Activity.Status.WITHDRAWN,
    "withdrawnbeforepublication": Activity.Status.WITHDRAWN_EARLY,
    "validationpublic": Activity.Status.VALIDATION,
    "validationterminated": Activity.Status.TERMINATED,
    "validationreplaced": Activity.Status.REPLACED,
    "pendingpublication": Activity.Status.PENDING,
    "": Activity.Status.UNKNOWN,
}
HOST = re.compile(r"[A-Z]{2}")
LOST_HOSTS = {"Namibia": "NA"}
"""Hosts whose code was read as a missing value, by the word that names them in the title."""
PAGE = re.compile(r"https://cdm\.unfccc\.int/[A-Za-z0-9_/.-]+")
NO_DOE = {"No info", ""}


@dataclass(slots=True)
class Read:
    """What a file holds: rows to keep, and what is said about them."""

    activities: list[Activity] = field(default_factory=list)
    requests: list[IssuanceRequest] = field(default_factory=list)
    sites: list[ActivitySite] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def registered(self) -> int:
        """How many activities are registered."""
        return sum(a.status == Activity.Status.REGISTERED for a in self.activities)


# Activities -------------------------------------------------------------------------------------


def read_activities(path: Path) -> Read:
    """Every row of the project database, one activity each. Raises UnreadableFile."""
    found, taken = Read(), set[str]()
    for number, row in rows(path, ACTIVITIES):
        cells = Cells(path.name, number, ACTIVITIES, row)
        activity = _activity(cells, taken)
        if activity is not None:
            taken.add(activity.reference)
            found.activities.append(activity)
        found.remarks += cells.remarks
    if not any(a.status == Activity.Status.REGISTERED for a in found.activities):
        raise UnreadableFile(f"{path.name} has no registered activity: its columns may be swapped.")
    return found


def _activity(cells: Cells, taken: set[str]) -> Activity | None:
    number, identifier = cells.count("number"), cells.text("identifier")
    reference = _reference(cells)
    if cells.text("kind") not in Activity.Kind.values or reference in taken:
        cells.note(Kind.REFUSED, "neither PA nor PoA, or the name of an earlier row", "kind")
        return None
    if identifier == "AuxID":
        cells.note(Kind.NOTED, "a placeholder instead of an identifier", "identifier")
    if not cells.text("title"):
        cells.note(Kind.REFUSED, "no title, methodology or host: kept as a row, not shown as an "
                   "activity", "title")  # fmt: skip
    return Activity(
        reference=reference, number=str(number) if number is not None else None,
        identifier=identifier, kind=cells.text("kind"), titled=bool(cells.text("title")),
        title=cells.text("title"),
        scale=cells.text("scale").lower(), type=cells.text("type"), subtype=cells.text("subtype"),
        doe=cells.text("doe"), annual_tonnes=cells.count("annual"),
        validation_began=cells.day("began"), registration_requested=cells.day("requested"),
        decided_on=cells.day("decided"), crediting_kind=cells.text("crediting"),
        sheet_row=cells.number, row_sha256=cells.sha256,
        **_status(cells), **_lists(cells), **_capacity(cells), **_crediting(cells), **_page(cells),
    )  # fmt: skip


def _reference(cells: Cells) -> str:
    """How an activity is addressed: its number, else its identifier as far as an address bears it.

    Rows without a title are marked: one of them repeats the identifier of another row.
    """
    number = cells.count("number")
    name = re.sub(r"[^A-Za-z0-9_]+", "-", cells.text("identifier")).strip("-")[:80]
    named = str(number) if number is not None else name or f"row-{cells.number}"
    return named if cells.text("title") else f"{named}-untitled"


def _status(cells: Cells) -> dict[str, object]:
    """The status with its spellings folded; the text as it stands beside it."""
    said = cells.text("status")
    folded = STATUSES.get(re.sub(r"\s", "", said).casefold())
    if said.startswith("Bundled_Registered"):
        folded = Activity.Status.BUNDLED
    if folded is None:
        cells.note(Kind.NOTED, "an unknown status; kept as text", "status")
    elif said and folded.label != said and folded in {
        Activity.Status.WITHDRAWN_EARLY, Activity.Status.BUNDLED
    }:
        cells.note(Kind.CORRECTED, "spellings of one status are folded", "status", folded.label)
    return {
        "status": folded or Activity.Status.UNKNOWN, "status_text": said,
        "progress_text": cells.text("progress"),
    }  # fmt: skip


def _lists(cells: Cells) -> dict[str, object]:
    """Hosts, scopes and methodologies, split; codes without the dot that ends some of them."""
    hosts = [code for code in cells.several("hosts") if HOST.fullmatch(code)]
    if len(hosts) != len(cells.several("hosts")):
        cells.note(Kind.NOTED, "not every host is a two-letter code", "hosts", "; ".join(hosts))
    if not hosts:
        hosts = [code for word, code in LOST_HOSTS.items() if word in cells.text("title")]
        if hosts:
            cells.note(Kind.CORRECTED, "the code was lost as a missing value; restored from the "
                       "title", "hosts", hosts[0])  # fmt: skip
    codes = [code.rstrip(".") for code in cells.several("methodologies")]
    scopes = [int(scope) for scope in cells.several("scopes") if re.fullmatch("[0-9]{1,3}", scope)]
    return {
        "hosts": hosts, "hosts_text": cells.text("hosts"), "methodologies": codes,
        "methodologies_text": cells.text("methodologies"), "scopes": sorted(set(scopes)),
    }  # fmt: skip


def _capacity(cells: Cells) -> dict[str, object]:
    """Installed capacity in MW; a negative one lies exactly SHIFT below the real one."""
    said = cells.exact("capacity")
    if said is not None and abs(said) >= 10**9:
        cells.note(Kind.NOTED, "no capacity; left empty", "capacity")
        said = None
    repaired = said is not None and said < 0
    real = said + SHIFT if said is not None and repaired else said
    if repaired:
        cells.note(Kind.CORRECTED, f"shifted by -{SHIFT} in the export", "capacity", real)
    return {
        "capacity_mw": round(real, 6) if real is not None else None, "capacity_repaired": repaired
    }  # fmt: skip


def _crediting(cells: Cells) -> dict[str, object]:
    """From the first day of the first crediting period to the last day of the last one."""
    ends = [cells.day(word) for word in ("last", "second", "third")]
    return {
        "crediting_first_date": cells.day("first"),
        "crediting_last_date": max((day for day in ends if day), default=None),
    }  # fmt: skip


def _page(cells: Cells) -> dict[str, object]:
    """The address out of the column's HTML; nothing else of it is kept."""
    match = PAGE.search(cells.text("page"))
    return {"page": match[0] if match else ""}


# Requests for issuance --------------------------------------------------------------------------


def read_requests(path: Path) -> Read:
    """Every row of the request list, missing entries left open. Raises UnreadableFile."""
    found, taken = Read(), set[str]()
    for number, row in rows(path, REQUESTS):
        cells = Cells(path.name, number, REQUESTS, row)
        request = _request(cells)
        if request is not None and request.row_sha256 in taken:
            cells.note(Kind.REFUSED, "the same row stands above", "process")
        elif request is not None:
            taken.add(request.row_sha256)
            found.requests.append(request)
        found.remarks += cells.remarks
    if not found.requests:
        first = found.remarks[0]
        raise UnreadableFile(f"{path.name}: no row can be read; row {first.row}: {first.reason}.")
    return found


def _request(cells: Cells) -> IssuanceRequest | None:
    number, units, day = cells.count("number"), cells.count("units"), cells.day("requested")
    period = cells.count("period")
    if number is None or not units or day is None or period not in (1, 2):
        cells.note(Kind.REFUSED, "project number, date, units or commitment period is missing")
        return None
    if cells.text("doe") in NO_DOE:
        cells.note(Kind.NOTED, "the DOE is unknown", "doe", "unknown")
    for word in ("first", "last", "report"):
        if cells.row[word] is None:
            cells.note(Kind.NOTED, "missing; kept as unknown", word, "unknown")
    return IssuanceRequest(
        process=cells.text("process"), number=str(number), party_code=cells.text("party"),
        doe="" if cells.text("doe") in NO_DOE else cells.text("doe"), requested_on=day,
        first_date=cells.day("first"), last_date=cells.day("last"), units=units,
        commitment_period=period, report_number=cells.count("report"), sheet_row=cells.number,
        row_sha256=cells.sha256,
    )  # fmt: skip


# Locations --------------------------------------------------------------------------------------


def read_sites(path: Path) -> Read:
    """Every usable point of the list of locations (CSV). Raises UnreadableFile."""
    found, taken = Read(), set[str]()
    for number, row in _lines(path):
        cells = Cells(path.name, number, SITES, row)
        site = _site(cells)
        if site is not None and site.row_sha256 not in taken:
            taken.add(site.row_sha256)
            found.sites.append(site)
        found.remarks += cells.remarks
    if not found.sites:
        raise UnreadableFile(f"{path.name} has no usable location.")
    return found


def _lines(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            if missing := SITES.missing(header):
                raise UnreadableFile(f"{path.name} is not the list of locations: it has no column "
                                     f"{', '.join(missing)}.")  # fmt: skip
            places = SITES.places(header)
            for line in reader:
                cells = [*line, *[""] * len(header)]
                yield reader.line_num, {word: cells[place] for word, place in places.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"{path.name} cannot be read as CSV in UTF-8: {error}.") from error


def _site(cells: Cells) -> ActivitySite | None:
    try:
        latitude, longitude = (Decimal(cells.text(word)) for word in ("latitude", "longitude"))
    except InvalidOperation:
        cells.note(Kind.REFUSED, "a coordinate is no number", "latitude")
        return None
    if abs(latitude) > 90 >= abs(longitude) and abs(latitude) <= 180:
        cells.note(Kind.CORRECTED, "latitude and longitude were exchanged", "latitude", longitude)
        latitude, longitude = longitude, latitude
    if abs(latitude) > 90 or abs(longitude) > 180:
        cells.note(Kind.REFUSED, "not decimal degrees", "latitude")
        return None
    if latitude == longitude or not cells.text("number").isdigit():
        cells.note(Kind.REFUSED, "0,0 or one coordinate written twice", "latitude")
        return None
    return ActivitySite(
        number=cells.text("number"), title=_unescaped(cells.text("title")),
        latitude=round(latitude, 5), longitude=round(longitude, 5), row_sha256=hashed(cells.row),
    )  # fmt: skip


def _unescaped(text: str) -> str:
    """A title with its numeric HTML entities as characters."""
    return re.sub(r"&#([0-9]{1,6});", lambda match: chr(int(match[1])), text)


def crediting_ends(activities: Iterable[Activity]) -> dict[str, date]:
    """The last day of each numbered activity's crediting period."""
    return {a.number: a.crediting_last_date for a in activities
            if a.number and a.crediting_last_date}  # fmt: skip
