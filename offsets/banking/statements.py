"""Which kind of statement a file is, and its entries. Pure."""

from cdm_portal.uploads import kinds
from cdm_portal.uploads.errors import Unacceptable
from cdm_portal.uploads.texts import check_csv
from offsets.banking import camt, entries, sheets
from offsets.banking.entries import Credit, Wanted

CAMT, CSV = "camt053", "csv"
ACCEPT = ".xml,.csv"


def read(name: str, data: bytes, wanted: Wanted, *, most_mb: int) -> tuple[str, list[Credit]]:
    """The kind of a file and its entries. Raises Unacceptable beside `file`."""
    if fault := kinds.size_fault(len(data), most_mb):
        raise Unacceptable(fault)
    if not data.strip():
        raise Unacceptable("The file is empty.")
    ending = name.lower().rpartition(".")[2]
    if ending == "csv":
        check_csv(data)
        return CSV, entries.asked(sheets.read(data), wanted)
    if ending == "xml":
        return CAMT, entries.asked(camt.read(data), wanted)
    raise Unacceptable("Import a statement as camt.053 (.xml) or as a table (.csv).")
