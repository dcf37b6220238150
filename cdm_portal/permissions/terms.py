"""The words of the permission matrix: its rows, its columns, its rights, and what a cell says."""

from dataclasses import dataclass
from enum import StrEnum

from cdm_portal.values import Role


class Row(StrEnum):
    """An object, or an act upon it, in the words of the matrix."""

    DRAFT = "Draft PDD"
    PUBLISHED = "Published PDD, comments"
    COMMENT = "Post GSC comment (window only)"
    PRIOR_CONSIDERATION = "Prior consideration"
    LETTER = "LoA"
    FINDING = "Validation findings (CAR/CL/FAR)"
    OPINION = "Validation/verification opinion"
    REQUEST = "Registration/issuance request"
    INVOICE = "Fee / SOP invoice"
    REVIEW_REQUEST = "Request review"
    REVIEW = "Decide review"
    MONITORING = "Monitoring data"
    INSTRUCTION = "Issue instruction"
    ISSUANCE = "Execute issuance"
    FORWARDING = "Forward / cancel CERs"
    FOCAL_POINTS = "Change PPs / focal points"
    OFFER = "List offer, set price"
    PURCHASE = "Buy, get certificate"
    CO_BENEFIT = "SD co-benefit report"
    PARAMETERS = "Methodology versions, parameters"
    ACCREDITATION = "Accredit / suspend DOE"
    ACCOUNT = "Accounts: status, freeze"
    BALANCE = "Ledger balances by account"
    LEDGER = "Ledger: delete / edit"

    @property
    def slug(self) -> str:
        """Its name in addresses and in the API."""
        return self.name.lower()


class Column(StrEnum):
    """Who: a column of the matrix, in its words."""

    PUBLIC = "Public"
    BUYER = "Buyer"
    PARTICIPANT = "PP"
    FOCAL_A = "FP(a)"
    FOCAL_B = "FP(b)"
    FOCAL_C = "FP(c)"
    DNA_HOST = "DNA host"
    DNA_OTHER = "DNA other"
    DOE = "DOE"
    SECRETARIAT = "Secretariat"
    RIT = "RIT"
    MEMBER = "EB member"
    CHAIR = "EB Chair"
    CMP = "CMP"
    REGISTRY = "Registry admin"
    AUDITOR = "Auditor"

    @property
    def role(self) -> Role | None:
        """The role in which somebody of this column signs in; None for the public and the CMP."""
        return SIGNS_IN_AS.get(self)

    @property
    def meaning(self) -> str:
        """Who that is, and how they are known to the portal."""
        return MEANINGS[self]


SIGNS_IN_AS = {
    Column.BUYER: Role.BUYER, Column.PARTICIPANT: Role.PARTICIPANT,
    Column.FOCAL_A: Role.PARTICIPANT, Column.FOCAL_B: Role.PARTICIPANT,
    Column.FOCAL_C: Role.PARTICIPANT, Column.DNA_HOST: Role.DNA, Column.DNA_OTHER: Role.DNA,
    Column.DOE: Role.DOE, Column.SECRETARIAT: Role.SECRETARIAT, Column.RIT: Role.RIT,
    Column.MEMBER: Role.BOARD, Column.CHAIR: Role.BOARD, Column.REGISTRY: Role.REGISTRY,
    Column.AUDITOR: Role.AUDITOR,
}

MEANINGS = {
    Column.PUBLIC: "Everybody, without signing in",
    Column.BUYER: "Buyer",
    Column.PARTICIPANT: "Project participant",
    Column.FOCAL_A: "Focal point for forwarding CERs; signs in as a project participant",
    Column.FOCAL_B: "Focal point for changes of participants and focal points; signs in as a "
    "project participant",
    Column.FOCAL_C: "Focal point for all other matters; signs in as a project participant",
    Column.DNA_HOST: "Designated national authority of the host Party",
    Column.DNA_OTHER: "Designated national authority of another Party involved",
    Column.DOE: "Designated operational entity engaged in the case",
    Column.SECRETARIAT: "Secretariat",
    Column.RIT: "Expert of the Registration and Issuance Team",
    Column.MEMBER: "Member or alternate of the Executive Board",
    Column.CHAIR: "Chair of the Executive Board, or who presides",
    Column.CMP: "Conference of the Parties serving as the meeting of the Parties to the Kyoto "
    "Protocol; has no sign-in, its guidance enters as parameters",
    Column.REGISTRY: "Registry administrator",
    Column.AUDITOR: "Auditor",
}


class Right(StrEnum):
    """What a cell allows: the letters of the matrix, and the acts it spells out."""

    SEE = "see"
    READ = "read"
    READ_ALL = "read all"
    CREATE = "create"
    UPDATE = "update"
    APPROVE = "approve or decide"
    EXECUTE = "execute"
    REQUEST = "request"
    ANSWER = "answer"
    CLOSE = "close"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    PAY = "pay"
    CONSENT = "consent"
    COMMENT = "comment"
    MODERATE = "moderate"
    CHECK = "check"
    APPRAISE = "appraise"
    ASSESS = "assess"
    VOTE = "vote"
    PUBLISH = "publish"
    PREPARE = "prepare"
    PROPOSE = "propose"
    GUIDE = "guide"
    DESIGNATE = "designate"


Exercise = tuple[Row, Right]
"""A right on an object, as a route exercises it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what the matrix says, the rights in it, and where the portal departs from it.

    `said` is the matrix's own text, condition included. `departs` gives the reason for rights that
    differ from it; empty, as nearly everywhere, if they do not.
    """

    said: str = "–"
    rights: frozenset[Right] = frozenset()
    departs: str = ""


def answers(cell: Cell, right: Right) -> bool:
    """Whether a cell holds a right. Whoever has a part in an object reads it, and sees what
    everybody sees of it; reading all is asked for exactly, as every act is.
    """
    if right == Right.SEE:
        return bool(cell.rights)
    if right == Right.READ:
        return bool(cell.rights - {Right.SEE})
    return right in cell.rights
