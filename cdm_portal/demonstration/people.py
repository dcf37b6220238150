"""The people of the demonstration. Organisations and persons are invented."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cdm_portal.identity import actions, queries
from cdm_portal.identity.models import Membership, Organisation, User
from cdm_portal.values import SYSTEM, Actor, Role
from projects.doe import actions as doe_actions
from registry import actions as registry_actions

PASSWORD = "walk-the-cycle"  # noqa: S105 # the demonstration's, printed on every start
SINCE = date(2001, 1, 1)
HOLDING = 121


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation of the demonstration with its people (name, part of the address)."""

    name: str
    kind: str
    role: Role
    people: tuple[tuple[str, str], ...]
    party: str = ""


PARTICIPANTS = (
    Office("Ziwa Nne Energy Co-operative", "participant", Role.PARTICIPANT,
           (("Joyce Kamau", "participant"),), "KE"),
    Office("Pavan Ridge Wind Limited", "participant", Role.PARTICIPANT,
           (("Ravi Deshmukh", "participant.in"),), "IN"),
    Office("Kër Soleil SA", "participant", Role.PARTICIPANT,
           (("Awa Diop", "participant.sn"),), "SN"),
    Office("Energía Quimera SpA", "participant", Role.PARTICIPANT,
           (("Inés Bravo", "participant.cl"),), "CL"),
    Office("Sông Lá Power JSC", "participant", Role.PARTICIPANT,
           (("Tran Minh", "participant.vn"),), "VN"),
)
HOSTS = {
    "KE": "Kenya", "IN": "India", "SN": "Senegal", "CL": "Chile", "VN": "Viet Nam",
    "HN": "Honduras", "GE": "Georgia", "UG": "Uganda", "FJ": "Fiji",
}
OFFICERS = {
    "KE": "Wanjiku Ndegwa", "IN": "Meera Nair", "SN": "Mamadou Sarr", "CL": "Rosa Fuentes",
    "VN": "Le Thi Hoa", "HN": "Carlos Mejía", "GE": "Nino Beridze", "UG": "Grace Nabirye",
    "FJ": "Sera Vakalala",
}
DOES = (
    Office("Plumb & Plover Assurance", "doe", Role.DOE, (("Lucie Moreau", "doe"),)),
    Office("Second Look Certification", "doe", Role.DOE, (("Tomás Vega", "doe2"),)),
)
BOARD = (
    ("Tomasa Beltrán", "board", "Latin America and Caribbean"),
    ("Ingrid Solheim", "board2", "Annex I"),
    ("Naserian Wachira", "board3", "African States"),
    ("Arman Petrosyan", "board4", "Eastern European States"),
    ("Hana Kobayashi", "board5", "Annex I"),
    ("Piripi Tau", "board6", "Small island developing States"),
    ("Farid Rahimi", "board7", "Asian and Pacific States"),
    ("Luca Ferri", "board8", "Western Europe and others"),
    ("Sunita Rai", "board9", "Non-Annex I"),
    ("Kofi Mensah", "board10", "Non-Annex I"),
)
ALTERNATES = (
    "Bruno Caldera", "Elin Aaltonen", "Moussa Keïta", "Ana Dragan", "Oliver Stern",
    "Leilani Fono", "Nadia Karim", "Sofia Brandt", "Dilip Thapa", "Thandi Maseko",
)
"""In the order of the seats; they sign in as alternate, alternate2, …"""
ELECTED = {1: "chair", 2: "vice_chair"}
OFFICES = (
    Office("Secretariat", "secretariat", Role.SECRETARIAT,
           (("Signe Holm", "secretariat"), ("Per Lund", "secretariat2"))),
    Office("Registration and Issuance Team", "rit", Role.RIT, (("Esi Boateng", "rit"),)),
    Office("Registry administration", "registry", Role.REGISTRY,
           (("Rita Regan", "registry"), ("Omar Haddad", "registry2"))),
    Office("Court of Audit", "auditor", Role.AUDITOR, (("Aurora Lindt", "auditor"),)),
    Office("Otieno & Daughters", "buyer", Role.BUYER, (("Amina Otieno", "buyer"),)),
)

LOGINS = (
    ("participant", "Project participant", "design documents, monitoring, offers"),
    ("dna.ke", "DNA of Kenya", "a letter of approval that waits"),
    ("doe", "DOE auditor", "a validation with findings, a verification"),
    ("doe2", "DOE auditor", "the other DOE, independent of the first"),
    ("secretariat", "Secretariat", "completeness and information checks"),
    ("rit", "RIT expert", "an assessment of a request under review"),
    ("board", "Executive Board, Chair", "a review window, a vote, an instruction"),
    ("alternate", "Board alternate", "stands in for the Chair's seat"),
    ("registry", "Registry administrator", "a release, a forwarding to approve"),
    ("auditor", "Auditor (read only)", "the ledger and the journal in the admin"),
    ("buyer", "Buyer", "choosing a project; no sign-in is needed to buy"),
)


def address(local: str) -> str:
    """The sign-in of somebody of the demonstration."""
    return f"{local}@demo.example"


class People:
    """Everybody, registered; `actor("doe")` answers who acts by the local part of the address."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.actors: dict[str, Actor] = {}
        self.offices: dict[str, Organisation] = {}

    def actor(self, local: str) -> Actor:
        """Somebody of the demonstration, in their role."""
        return self.actors[local]

    def register(self) -> None:
        """Register every office and person, accredit the DOEs, open the holding accounts."""
        national = [
            Office(f"DNA of {name}", "dna", Role.DNA, ((OFFICERS[code], f"dna.{code.lower()}"),),
                   code)
            for code, name in HOSTS.items()
        ]
        for office in (*PARTICIPANTS, *national, *DOES, *OFFICES):
            self._office(office)
        board = actions.register_organisation(
            actor=SYSTEM, at=self.at, name="Executive Board", kind="board", fictional=True
        )
        self._seats(board)
        for office in DOES:
            doe_actions.accredit(
                actor=SYSTEM, at=self.at, organisation_id=self.offices[office.name].pk,
                scopes=(1, 13), functions=("validation", "verification"), valid_from=SINCE,
                valid_to=None,
            )
        for office in PARTICIPANTS:
            registry_actions.open_account(
                actor=self.actor("registry"), at=self.at, kind=HOLDING, party_code=office.party,
                holder_id=self.offices[office.name].pk, name=office.name,
            )

    def _seats(self, board: Organisation) -> None:
        """Ten members, and for each the alternate of the same regional group."""
        for number, (name, local, group) in enumerate(BOARD, 1):
            stand_in = f"alternate{number}" if number > 1 else "alternate"
            self._person(
                name, local, board, Role.BOARD, seat=group, seat_number=number,
                office=ELECTED.get(number, ""),
            )
            self._person(
                ALTERNATES[number - 1], stand_in, board, Role.BOARD, seat=group,
                seat_number=number, alternate=True,
            )

    def recall(self) -> None:
        """Find everybody again in a database that holds them already."""
        for user in User.objects.filter(email__endswith="@demo.example").select_related("person"):
            membership = queries.memberships(user.person_id, self.at.date()).first()
            if membership is not None:
                self.actors[user.email.split("@")[0]] = queries.actor(membership)

    def _office(self, office: Office) -> None:
        made = actions.register_organisation(
            actor=SYSTEM, at=self.at, name=office.name, kind=office.kind, party_code=office.party,
            fictional=True,
        )
        self.offices[office.name] = made
        for name, local in office.people:
            self._person(name, local, made, office.role)

    def _person(
        self, name: str, local: str, place: Organisation, role: Role, **seat: Any
    ) -> Membership:
        user = actions.register_person(
            actor=SYSTEM, at=self.at, name=name, email=address(local), password=PASSWORD,
            staff=role == Role.AUDITOR,
        )
        membership = actions.grant_role(
            actor=SYSTEM, at=self.at, person_id=user.person_id, organisation_id=place.pk,
            role=role, valid_from=SINCE, **seat,
        )
        self.actors[local] = queries.actor(membership)
        return membership
