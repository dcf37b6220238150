"""The permission matrix of the CDM (domain, 4), whole: objects down, who across.

Each row stands in the order of the columns: public, buyer / participant, focal points (a) (b)
(c) / DNA of the host, of another Party / DOE, secretariat, RIT / member, Chair, CMP / registry
administrator, auditor. `r` is `SEES` where the public reads the same, and `KNOWS`, own or involved,
where it does not.
"""

from cdm_portal.permissions.terms import Cell, Column, Right, Row


def _cell(said: str, *rights: Right, departs: str = "") -> Cell:
    return Cell(said, frozenset(rights), departs)


NONE = Cell()
SEES, KNOWS, READS = _cell("r", Right.SEE), _cell("r", Right.READ), _cell("R", Right.READ_ALL)
CREATES, UPDATES, DECIDES = (
    _cell("C", Right.CREATE), _cell("U", Right.UPDATE), _cell("A", Right.APPROVE)
)
EXECUTES, ANSWERS = _cell("X", Right.EXECUTE), _cell("answer", Right.ANSWER)
AFTER = _cell("R after submission", Right.READ_ALL)
ENGAGED = _cell("R if engaged", Right.READ_ALL)
LATER = _cell(
    "R", Right.READ_ALL,
    departs="From the request on, as the secretariat: before it a case shows its status alone "
    "(domain, 2.10, derived).",
)
TRACED = _cell(
    "–", Right.SEE,
    departs="Readings behind a published monitoring report are shown to everybody, row by row, so "
    "that a tonne can be traced to its meter; the file itself is not given out.",
)
PAYS, OWN = _cell("pay", Right.PAY), _cell("own", Right.READ)
INVOLVED = _cell("A (if Party involved)", Right.APPROVE)
TOTALS, PREPARES = _cell("Party totals", Right.SEE), _cell("prepare", Right.PREPARE)
ASSESSES = _cell("assess", Right.ASSESS)
GUEST = _cell(
    "–", Right.CREATE,
    departs="A visitor buys without signing in and holds the order by its code.",
)
CHECKER = _cell(
    "–", Right.CHECK,
    departs="A DOE that the participants ask checks a published version; its badge stands beside "
    "the participants' word (domain, 7, own design).",
)
NO_BUYER = _cell(
    "C",
    departs="A registry administrator begins no buyer's order: rule 4 of the separation of duties "
    "(unverified).",
)

_ROWS: dict[Row, tuple[Cell, ...]] = {
    Row.DRAFT: (
        NONE, NONE,
        _cell("C U own", Right.CREATE, Right.UPDATE), NONE, NONE, UPDATES,
        _cell("r if sent", Right.READ), NONE,
        _cell("r if engaged", Right.READ), NONE, NONE,
        NONE, NONE, NONE,
        NONE, READS,
    ),
    Row.PUBLISHED: (
        SEES, SEES,
        SEES, SEES, SEES, SEES,
        SEES, SEES,
        READS, READS, READS,
        READS, READS, SEES,
        SEES, READS,
    ),
    Row.COMMENT: (
        CREATES, CREATES,
        NONE, NONE, NONE, NONE,
        CREATES, CREATES,
        _cell("– (publishes)", Right.PUBLISH), _cell("moderate", Right.MODERATE), NONE,
        NONE, NONE, NONE,
        NONE, NONE,
    ),
    Row.PRIOR_CONSIDERATION: (
        SEES, SEES,
        CREATES, NONE, NONE, CREATES,
        READS, NONE,
        SEES, _cell("X publish", Right.EXECUTE, Right.PUBLISH), NONE,
        NONE, NONE, NONE,
        NONE, READS,
    ),
    Row.LETTER: (
        SEES, SEES,
        _cell("request", Right.REQUEST), NONE, NONE, NONE,
        _cell("A (SD)", Right.APPROVE), _cell("A (participation)", Right.APPROVE),
        SEES, SEES, SEES,
        SEES, SEES, NONE,
        NONE, READS,
    ),
    Row.FINDING: (
        NONE, NONE,
        ANSWERS, NONE, NONE, ANSWERS,
        NONE, NONE,
        _cell("C, close", Right.CREATE, Right.CLOSE), AFTER, LATER,
        LATER, LATER, NONE,
        NONE, READS,
    ),
    Row.OPINION: (
        SEES, SEES,
        SEES, NONE, NONE, NONE,
        SEES, SEES,
        DECIDES, READS, READS,
        READS, READS, NONE,
        NONE, READS,
    ),
    Row.REQUEST: (
        SEES, SEES,
        _cell("withdraw via DOE", Right.REQUEST), NONE, NONE, SEES,
        SEES, SEES,
        _cell("C, withdraw", Right.CREATE, Right.WITHDRAW),
        _cell("checks A", Right.CHECK, Right.APPROVE), _cell("appraise", Right.APPRAISE),
        READS, READS, NONE,
        NONE, READS,
    ),
    Row.INVOICE: (
        NONE, NONE,
        PAYS, NONE, NONE, PAYS,
        NONE, NONE,
        KNOWS, EXECUTES, NONE,
        NONE, NONE, NONE,
        KNOWS, READS,
    ),
    Row.REVIEW_REQUEST: (
        NONE, NONE,
        NONE, NONE, NONE, NONE,
        INVOLVED, INVOLVED,
        NONE, NONE, NONE,
        _cell("A (3 needed)", Right.APPROVE), DECIDES, NONE,
        NONE, NONE,
    ),
    Row.REVIEW: (
        NONE, NONE,
        ANSWERS, NONE, NONE, ANSWERS,
        NONE, NONE,
        ANSWERS, ASSESSES, ASSESSES,
        _cell("vote", Right.VOTE), _cell("publish", Right.PUBLISH), NONE,
        NONE, READS,
    ),
    Row.MONITORING: (
        TRACED, NONE,
        _cell("C U own, until frozen", Right.CREATE, Right.UPDATE), NONE, NONE, NONE,
        NONE, NONE,
        ENGAGED, AFTER, LATER,
        LATER, LATER, NONE,
        NONE, READS,
    ),
    Row.INSTRUCTION: (
        NONE, NONE,
        NONE, NONE, NONE, NONE,
        NONE, NONE,
        NONE, PREPARES, NONE,
        NONE, DECIDES, NONE,
        KNOWS, READS,
    ),
    Row.ISSUANCE: (
        NONE, NONE,
        NONE, NONE, NONE, NONE,
        NONE, NONE,
        NONE, NONE, NONE,
        NONE, NONE, NONE,
        _cell("X (four eyes)", Right.EXECUTE), READS,
    ),
    Row.FORWARDING: (
        NONE, NONE,
        _cell("own holding account", Right.CREATE),
        _cell("C (pending account)", Right.CREATE), NONE, NONE,
        NONE, NONE,
        NONE, NONE, NONE,
        NONE, NONE, NONE,
        EXECUTES, READS,
    ),
    Row.FOCAL_POINTS: (
        NONE, NONE,
        NONE, NONE, CREATES, NONE,
        NONE, NONE,
        NONE, EXECUTES, NONE,
        NONE, NONE, NONE,
        KNOWS, READS,
    ),
    Row.OFFER: (
        SEES, SEES,
        _cell("C own stock", Right.CREATE), _cell("consent", Right.CONSENT), NONE, NONE,
        NONE, NONE,
        NONE, NONE, NONE,
        NONE, NONE, NONE,
        NONE, READS,
    ),
    Row.PURCHASE: (
        GUEST, CREATES,
        CREATES, NONE, NONE, NONE,
        CREATES, CREATES,
        CREATES, CREATES, CREATES,
        CREATES, CREATES, CREATES,
        NO_BUYER, NONE,
    ),
    Row.CO_BENEFIT: (
        SEES, SEES,
        _cell("C amend withdraw", Right.CREATE, Right.AMEND, Right.WITHDRAW), NONE, NONE, CREATES,
        _cell("comment only [D]", Right.COMMENT), NONE,
        CHECKER, _cell("publish", Right.PUBLISH), NONE,
        NONE, NONE, NONE,
        NONE, READS,
    ),
    Row.PARAMETERS: (
        SEES, SEES,
        SEES, NONE, NONE, NONE,
        SEES, SEES,
        SEES, UPDATES, _cell("propose", Right.PROPOSE),
        DECIDES, DECIDES, _cell("guidance", Right.GUIDE),
        NONE, READS,
    ),
    Row.ACCREDITATION: (
        SEES, SEES,
        SEES, NONE, NONE, NONE,
        SEES, SEES,
        ANSWERS, PREPARES, NONE,
        DECIDES, DECIDES, _cell("designate", Right.DESIGNATE),
        NONE, READS,
    ),
    Row.ACCOUNT: (
        NONE, NONE,
        OWN, NONE, NONE, NONE,
        NONE, NONE,
        NONE, NONE, NONE,
        NONE, NONE, NONE,
        EXECUTES, READS,
    ),
    Row.BALANCE: (
        _cell("aggregate only", Right.SEE), OWN,
        OWN, _cell("project", Right.READ), NONE, NONE,
        TOTALS, TOTALS,
        NONE, READS, NONE,
        READS, READS, READS,
        READS, READS,
    ),
    Row.LEDGER: (
        NONE, NONE,
        NONE, NONE, NONE, NONE,
        NONE, NONE,
        NONE, NONE, NONE,
        NONE, NONE, NONE,
        NONE, NONE,
    ),
}  # fmt: skip

MATRIX: dict[Row, dict[Column, Cell]] = {
    row: dict(zip(Column, cells, strict=True)) for row, cells in _ROWS.items()
}
