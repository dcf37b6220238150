"""The cast: one of everybody, made through the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from cdm_portal.identity import actions, queries
from cdm_portal.identity.models import Membership, Organisation, User
from cdm_portal.values import SYSTEM, Actor, Role
from projects.doe import actions as doe_actions

SINCE = date(2001, 1, 1)
AT = datetime(2001, 1, 1, tzinfo=UTC)
SCOPES = (1, 13)


@dataclass
class Cast:
    """Actors by name; `sign_ins` gives the user and membership behind each."""

    participant: Actor
    rival_participant: Actor
    dna: Actor
    foreign_dna: Actor
    chinese_dna: Actor
    doe: Actor
    other_doe: Actor
    unaccredited_doe: Actor
    board: list[Actor]
    rit: Actor
    secretariat: Actor
    second_secretariat: Actor
    registry: Actor
    registry_second: Actor
    buyer: Actor
    auditor: Actor
    organisations: dict[str, Organisation]
    superuser: User
    sign_ins: dict[Actor, tuple[User, Membership]] = field(default_factory=dict)
    stand_ins: list[Actor] = field(default_factory=list)

    @property
    def alternates(self) -> list[Actor]:
        """The alternates of the Board's ten seats, registered when a test first asks for them."""
        if not self.stand_ins:
            maker = _Maker(self.organisations, self.sign_ins)
            self.stand_ins = [
                maker.person(f"Alternate {n}", "board", Role.BOARD, seat=n, alternate=True)
                for n in range(1, 11)
            ]
        return self.stand_ins

    def colleagues(self) -> dict[str, Actor]:
        """A second person in the same organisation as each member of the cast, registered anew."""
        maker = _Maker(self.organisations, self.sign_ins)
        return {
            name: maker.person(f"Second of {name}", place, role, staff=role == Role.AUDITOR)
            for name, (place, role) in COLLEAGUES.items()
        }

    @classmethod
    def assemble(cls) -> Cast:
        """Register everybody. The host Party is Kenya; the DOEs hold scopes 1 and 13."""
        maker = _Maker()
        person = maker.person
        board = [
            person(f"Member {n}", "board", Role.BOARD, seat=n, office=OFFICES.get(n, ""))
            for n in range(1, 11)
        ]
        made = cls(
            participant=person("Achieng Odhiambo", "Ziwa Sun Limited", Role.PARTICIPANT),
            rival_participant=person("Bakari Rival", "Rival Wind Limited", Role.PARTICIPANT),
            dna=person("Wanjiru Mwangi", "dna-KE", Role.DNA),
            foreign_dna=person("Ngozi Ade", "dna-NG", Role.DNA),
            chinese_dna=person("Li Wen", "dna-CN", Role.DNA),
            doe=person("Lucie Moreau", "Plumb & Plover Assurance", Role.DOE),
            other_doe=person("Tomás Vega", "Second Look Certification", Role.DOE),
            unaccredited_doe=person("Nobody Yet", "Unaccredited Audits", Role.DOE),
            board=board,
            rit=person("Esi Boateng", "rit", Role.RIT),
            secretariat=person("Signe Holm", "secretariat", Role.SECRETARIAT),
            second_secretariat=person("Per Lund", "secretariat", Role.SECRETARIAT),
            registry=person("Rita Regan", "registry", Role.REGISTRY),
            registry_second=person("Omar Second", "registry", Role.REGISTRY),
            buyer=person("Amina Otieno", "Buyer Company", Role.BUYER),
            auditor=person("Aurora Audit", "Court of Audit", Role.AUDITOR, staff=True),
            organisations=maker.organisations,
            superuser=User.objects.create_superuser("root@example.org", "x", name="Root"),
            sign_ins=maker.sign_ins,
        )
        for name in ("Plumb & Plover Assurance", "Second Look Certification"):
            doe_actions.accredit(
                actor=SYSTEM, at=AT, organisation_id=maker.organisations[name].pk, scopes=SCOPES,
                functions=("validation", "verification"), valid_from=SINCE, valid_to=None,
            )
        return made


KINDS = {
    Role.PARTICIPANT: "participant", Role.DNA: "dna", Role.DOE: "doe", Role.BOARD: "board",
    Role.SECRETARIAT: "secretariat", Role.RIT: "rit", Role.REGISTRY: "registry",
    Role.BUYER: "buyer", Role.AUDITOR: "auditor",
}
NAMES = {
    "dna-KE": ("DNA of Kenya", "KE"), "dna-NG": ("DNA of Nigeria", "NG"),
    "dna-CN": ("DNA of China", "CN"), "board": ("Executive Board", ""),
    "secretariat": ("Secretariat", ""), "rit": ("Registration and Issuance Team", ""),
    "registry": ("Registry administration", ""),
}


COLLEAGUES = {
    "buyer": ("Buyer Company", Role.BUYER),
    "participant": ("Ziwa Sun Limited", Role.PARTICIPANT), "dna": ("dna-KE", Role.DNA),
    "doe": ("Plumb & Plover Assurance", Role.DOE),
    "verifier": ("Second Look Certification", Role.DOE), "rit": ("rit", Role.RIT),
    "secretariat": ("secretariat", Role.SECRETARIAT), "registry": ("registry", Role.REGISTRY),
    "auditor": ("Court of Audit", Role.AUDITOR),
}
"""Members of the cast of whose organisation a second person is asked: where and in which role. The
Board's other members are in the cast already."""


OFFICES = {1: "chair", 2: "vice_chair"}


class _Maker:
    """Registers people one by one and remembers their sign-ins."""

    def __init__(
        self, organisations: dict[str, Organisation] | None = None,
        sign_ins: dict[Actor, tuple[User, Membership]] | None = None,
    ) -> None:
        self.organisations = {} if organisations is None else organisations
        self.sign_ins = {} if sign_ins is None else sign_ins

    def person(
        self, name: str, organisation: str, role: Role, *, staff: bool = False,
        seat: int | None = None, alternate: bool = False, office: str = "",
    ) -> Actor:
        """A person with a sign-in and one role, on the Board in a seat."""
        place = self._organisation(organisation, role)
        number = len(self.sign_ins) + 1
        user = actions.register_person(
            actor=SYSTEM, at=AT, name=name, email=f"person{number}@example.org", password="secret",
            staff=staff,
        )
        membership = actions.grant_role(
            actor=SYSTEM, at=AT, person_id=user.person_id, organisation_id=place.pk, role=role,
            valid_from=SINCE, seat_number=seat, alternate=alternate, office=office,
        )
        actor = queries.actor(membership)
        self.sign_ins[actor] = (user, membership)
        return actor

    def _organisation(self, key: str, role: Role) -> Organisation:
        if key not in self.organisations:
            name, party = NAMES.get(key, (key, "KE" if role == Role.PARTICIPANT else ""))
            self.organisations[key] = actions.register_organisation(
                actor=SYSTEM, at=AT, name=name, kind=KINDS[role], party_code=party, fictional=True
            )
        return self.organisations[key]
