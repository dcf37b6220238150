"""Brings one sketched project to its stage, step by step, by the product's own actions.

Every step passes its own time, so that a project of today has a past; the ledger stamps when it
booked and keeps both dates (decisions, 2).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from cdm_portal.demonstration import audits, benefits, components, readings, reviews, voice
from cdm_portal.demonstration.office import checklist, take_what_is_owed
from cdm_portal.demonstration.people import People
from cdm_portal.demonstration.portfolio import ORGANISATIONS, Sketch, Until
from offsets import actions as offsets_actions
from offsets.payments import bank
from projects.board import actions as board_actions
from projects.board.models import Request
from projects.dna import actions as dna_actions
from projects.doe import actions as doe_actions
from projects.models import Finding, MonitoringPeriod, Project
from projects.participant import actions as participant_actions
from projects.programmes.models import Component
from registry import actions as registry_actions
from registry import queries as registry_queries
from registry.errors import UnknownAccount
from registry.models import InstructionLine

KEYS = UUID("6b0f6f6e-5a61-4f3e-9d0b-2f6d8a6d2c11")
YEARS_OF_CREDITING = 7


class Walk:
    """One project on its way. `began` is when its design document was started."""

    def __init__(self, people: People, sketch: Sketch, now: datetime) -> None:
        self.people, self.sketch, self.now = people, sketch, now
        self.owner = next(
            actor for actor in people.actors.values() if actor.organisation == sketch.owner
        )
        self.dna = people.actor(f"dna.{sketch.host.lower()}")
        self.doe, self.verifier = people.actor("doe"), people.actor("doe2")
        self.secretariat = people.actor("secretariat")
        self.began = now - timedelta(days=self._age())
        self.project: Project
        self.period: MonitoringPeriod
        self.component: Component

    def _age(self) -> int:
        ages = {
            Until.DRAFT: 9, Until.DESIGN_SUBMITTED: 20, Until.LETTER_REQUESTED: 26,
            Until.COMMENTS_OPEN: 50, Until.FINDINGS_OPEN: 85, Until.REGISTRATION_CHECKS: 104,
            Until.REGISTRATION_WINDOW: 140, Until.UNDER_REVIEW: 160,
        }
        return ages.get(self.sketch.until, 900)

    def day(self, number: int) -> datetime:
        """So many days after the beginning, at nine in the morning."""
        return (self.began + timedelta(days=number)).replace(hour=9, minute=0)

    def go(self) -> Project:
        """All steps as far as the sketch says."""
        steps = (
            (Until.DRAFT, self.draft), (Until.DESIGN_SUBMITTED, self.submit),
            (Until.LETTER_REQUESTED, self.ask_for_letter), (Until.COMMENTS_OPEN, self.publish),
            (Until.FINDINGS_OPEN, self.find), (Until.REGISTRATION_CHECKS, self.request),
            (Until.REGISTRATION_WINDOW, self.check), (Until.REGISTRATION_WINDOW, self.review),
            (Until.REGISTERED, self.register), (Until.REPORTED, self.monitor),
            (Until.VERIFYING, self.open_verification), (Until.ISSUANCE_WINDOW, self.certify),
            (Until.INSTRUCTED, self.instruct), (Until.ISSUED, self.issue),
            (Until.OFFERED, self.offer),
        )
        for until, step in steps:
            if until <= self.sketch.until:
                step()
        if self.sketch.benefits:
            self.declare()
        self.project.refresh_from_db()
        return self.project

    # 1 Project design

    def draft(self) -> None:
        """Start the design document and fill a part of it, or all."""
        self.project = participant_actions.start_design(
            actor=self.owner, at=self.day(0), title=self.sketch.title,
            party_code=self.sketch.host, rules=Project.Rules.DEMONSTRATION,
            kind=Project.Kind.PROGRAMME if self.sketch.criteria else Project.Kind.ACTIVITY,
        )
        sections = dict(self.sections())
        if self.sketch.until == Until.DRAFT:
            sections = {key: sections[key] for key in ("general", "location", "methodology")}
        for number, (section, values) in enumerate(sections.items()):
            participant_actions.save_section(
                actor=self.owner, at=self.day(0) + timedelta(hours=number),
                project_id=self.project.pk, section=section, values=values,
            )

    def sections(self) -> Iterator[tuple[str, dict[str, object]]]:
        """The design document, section by section."""
        sketch = self.sketch
        yield "general", {
            "title": sketch.title, "summary": sketch.summary, "sector": sketch.sector,
            "technology": f"{sketch.title}: new equipment, connected to the grid.",
            "installed_mw": sketch.capacity_mw,
        }
        yield "location", {
            "location": sketch.place, "latitude": sketch.latitude, "longitude": sketch.longitude,
            "utc_offset": "+00:00",
        }
        yield "participants", {"organisation_ids": [self.owner.organisation_id]}
        yield "methodology", {
            "code": "AMS-I.D" if sketch.small else "ACM0002",
            "version": "18.0" if sketch.small else "22.0",
            "scale": "small" if sketch.small else "large",
            "activity": "greenfield", "grid_connected": "on", "grid_factor": "combined_margin",
            "reservoir_area_km2": sketch.reservoir_km2,
            "additionality": "The tariff offered does not carry the investment; the investment "
            "analysis stands in the attachment, with the benchmark of the national bank.",
        }
        yield "parameters", {
            "fixed": {
                "EF_OM": {"value": sketch.operating_margin, "unit": "tCO2/MWh",
                          "source": "invented, in the manner of a national authority's list"},
                "EF_BM": {"value": sketch.build_margin, "unit": "tCO2/MWh",
                          "source": "invented, in the manner of a national authority's list"},
            },
            "monitored": "on",
            "monitoring_plan": "Two calibrated meters at the substation, read every day.",
        }
        if sketch.criteria:
            yield "eligibility", {"criteria": sketch.criteria}
        yield "crediting", {
            "start_date": self.credited_from().isoformat(), "kind": "renewable",
            "first_date": self.credited_from().isoformat(), "years": YEARS_OF_CREDITING,
        }
        yield "reductions", {"years": {"1": readings.expected(self.sketch)}}
        yield "consultation", {
            "stakeholder_consultation": "A meeting with neighbours was announced on the radio and "
            "held on the site; the questions on dust and land rent were answered and minuted.",
            "environmental_impacts": "No significant impacts; the authority's permit is attached.",
        }

    def credited_from(self) -> date:
        """Crediting begins with the month after registration."""
        return (self.day(190).date().replace(day=1) + timedelta(days=32)).replace(day=1)

    def submit(self) -> None:
        """Freeze the design document."""
        participant_actions.submit_design(
            actor=self.owner, at=self.day(3), project_id=self.project.pk
        )

    # 2 National approval, 3 Validation

    def ask_for_letter(self) -> None:
        """Ask the DNA; grant the letter unless it is to wait."""
        letter = dna_actions.request_letter(
            actor=self.owner, at=self.day(5), project_id=self.project.pk
        )
        if self.sketch.until > Until.LETTER_REQUESTED:
            dna_actions.issue_letter(
                actor=self.dna, at=self.day(18), letter_id=letter.pk, ratified=True,
                voluntary=True, sustainable_development=True,
                organisation_ids=[self.owner.organisation_id or 0],
            )

    def publish(self) -> None:
        """Engage the DOE, publish the document, receive a comment."""
        engagement = doe_actions.offer_engagement(
            actor=self.owner, at=self.day(20), project_id=self.project.pk,
            organisation_id=self.doe.organisation_id or 0,
        )
        doe_actions.accept_engagement(
            actor=self.doe, at=self.day(22), engagement_id=engagement.pk, no_conflict=True
        )
        doe_actions.publish_design(actor=self.doe, at=self.day(25), project_id=self.project.pk)
        self.comment = doe_actions.comment(
            at=self.day(33), project_id=self.project.pk, name="A neighbour",
            email="neighbour@demo.example", affiliation="Parents' association",
            text="Will the road to the school stay open while the machines are brought in?",
        )

    def find(self) -> None:
        """Raise findings; answer and close them unless they are to wait."""
        raised = [
            self._raise("CAR", "The source of the build margin is not named", "parameters",
                        "Name the list and the year from which EF_BM was taken."),
            self._raise("CL", "Which meter is the main one", "parameters",
                        "Say which of the two meters counts and when the other one is used."),
        ]
        if self.sketch.until == Until.FINDINGS_OPEN:
            self._answer(raised[1], 70)
            return
        doe_actions.respond_to_comment(
            actor=self.doe, at=self.day(60), comment_id=self.comment.pk,
            text="The participant confirmed in writing that the road stays open on school days.",
        )
        for finding in raised:
            self._answer(finding, 70)
            doe_actions.close_finding(
                actor=self.doe, at=self.day(80), finding_id=finding.pk,
                reason="Checked against the source; the answer resolves the finding.",
            )
        voice.settle(self.owner, self.day(85), self.project)
        doe_actions.give_opinion(
            actor=self.doe, at=self.day(90), project_id=self.project.pk, positive=True,
            conclusion="The design meets the requirements; the baseline and the estimate were "
            "recomputed and agree.",
        )

    def _raise(self, kind: str, subject: str, section: str, text: str) -> Finding:
        return doe_actions.raise_finding(
            actor=self.doe, at=self.day(62), project_id=self.project.pk, kind=kind,
            subject=subject, section=section, text=text,
        )

    def _answer(self, finding: Finding, day: int) -> None:
        doe_actions.answer_finding(
            actor=self.owner, at=self.day(day), finding_id=finding.pk,
            text="The document now says so; the page is attached to our records.",
        )

    # 4 Registration

    def request(self) -> None:
        """The DOE requests registration; the fee is paid where one is due."""
        if self.sketch.criteria:
            self.component = components.submitted(self, self.day(93))
        self.case = board_actions.request_registration(
            actor=self.doe, at=self.day(95), project_id=self.project.pk
        )
        self.pay(self.day(99))

    def pay(self, at: datetime) -> None:
        """The participant pays what is due for the request, as the bank statement shows."""
        second = self.people.actor("secretariat2")
        take_what_is_owed(self.case.pk, self.secretariat, second, at)

    def check(self) -> None:
        """Both checks pass and the request is published."""
        self._check(self.case, 103)

    def _check(self, case: Request, day: int) -> None:
        checklist(case.pk, "completeness", self.secretariat, self.day(day))
        board_actions.conclude_completeness(
            actor=self.secretariat, at=self.day(day), request_id=case.pk
        )
        checklist(case.pk, "information", self.secretariat, self.day(day + 20))
        board_actions.conclude_information(
            actor=self.secretariat, at=self.day(day + 20), request_id=case.pk,
            note="Complete; the engine's figures agree with the document's.",
        )

    def review(self) -> None:
        """Members of the Board ask for a review where one is shown."""
        reviews.ask(self.people, self.case, self.sketch.until, self.day)

    def register(self) -> None:
        """The window closes without a review: registered by itself."""
        board_actions.close_windows(at=self.day(160))
        self.project.refresh_from_db()
        if self.sketch.criteria:
            components.included(self, self.day(165))

    # 5 Monitoring, 6 Verification

    def monitor(self) -> None:
        """A year of daily readings, reported."""
        first = self.credited_from()
        last = first.replace(year=first.year + 1) - timedelta(days=1)
        after = (last - self.began.date()).days + 15
        self.after = after
        self.period = participant_actions.open_period(
            actor=self.owner, at=self.day(after), project_id=self.project.pk, first=first,
            last=last, component_ids=[self.component.pk] if self.sketch.criteria else [],
        )
        participant_actions.upload_readings(
            actor=self.owner, at=self.day(after), period_id=self.period.pk,
            filename=f"{self.sketch.key}.csv", resolution="day",
            data=readings.table(self.sketch, first, last),
        )
        participant_actions.report_monitoring(
            actor=self.owner, at=self.day(after + 4), period_id=self.period.pk
        )
        self.period.refresh_from_db()

    def open_verification(self) -> None:
        """The second DOE takes the period on."""
        engagement = doe_actions.offer_engagement(
            actor=self.owner, at=self.day(self.after + 5), project_id=self.project.pk,
            organisation_id=self.verifier.organisation_id or 0, period_id=self.period.pk,
        )
        doe_actions.accept_engagement(
            actor=self.verifier, at=self.day(self.after + 6), engagement_id=engagement.pk,
            no_conflict=True,
        )
        at = self.day(self.after + 7)
        doe_actions.open_verification(actor=self.verifier, at=at, period_id=self.period.pk)
        for run in self.period.verification.runs.filter(state="queued"):
            doe_actions.recompute(at=at, run_id=run.pk)

    def certify(self) -> None:
        """Certify what was claimed, request issuance, pass the checks."""
        at = self.day(self.after + 30)
        audits.settle(self.verifier, at, self.period)
        doe_actions.certify(
            actor=self.verifier, at=at, period_id=self.period.pk,
            tonnes_by_period={2: self.period.claimed_tonnes or 0}, statement=audits.STATEMENT,
        )
        self.case = board_actions.request_issuance(
            actor=self.verifier, at=at, period_id=self.period.pk
        )
        self._check(self.case, self.after + 31)

    # 7 CER issuance, 8 Offsetting

    def instruct(self) -> None:
        """The window closes; the Board instructs the registry."""
        board_actions.close_windows(at=self.day(self.after + 85))
        board_actions.instruct_issuance(
            actor=self.people.actor("board"), at=self.day(self.after + 86), request_id=self.case.pk
        )

    def issue(self) -> None:
        """What is owed is paid, a second person releases, the registry issues; the units are
        forwarded.
        """
        at = self.day(self.after + 87)
        self.pay(at)
        for line in InstructionLine.objects.filter(
            project_number=self.project.number, released_at=None
        ):
            registry_actions.release_instruction(
                actor=self.people.actor("registry"), at=at, line_id=line.pk
            )
        board_actions.issue_instructed(at=at)
        pending = registry_queries.pending_account()
        asked = participant_actions.request_forwarding(
            actor=self.owner, at=at, project_id=self.project.pk, to_account_id=self._account(),
            quantity=self._held(pending.pk), commitment_period=2,
        )
        registry_actions.approve_proposal(
            actor=self.people.actor("registry2"), at=at, proposal_id=asked.proposal_id or 0
        )

    def _account(self) -> int:
        """The participant's holding account. Raises UnknownAccount."""
        found = registry_queries.account_for(self.owner.organisation_id or 0, self.owner.party)
        if found is None:
            raise UnknownAccount(f"{self.owner.organisation} has no holding account.")
        return found.pk

    def _held(self, account_id: int) -> int:
        found = registry_queries.holdings(account_id)
        return sum(h.quantity for h in found if h.project_number == self.project.number)

    def offer(self) -> None:
        """Offer three quarters of the units, and sell some."""
        account = self._account()
        offer = offsets_actions.list_offer(
            actor=self.owner, at=self.day(self.after + 90), project=self.project,
            account_id=account, quantity=self._held(account) * 3 // 4, commitment_period=2,
            price=Decimal(self.sketch.price),
        )
        for number, (name, reason, tonnes, public) in enumerate(self.sketch.sales):
            self._sell(offer.pk, offer.price_version, number, name, reason, tonnes, public=public)

    def _sell(
        self, offer_id: int, version: int, number: int, name: str, reason: str, tonnes: int, *,
        public: bool,
    ) -> None:
        at = self.day(self.after + 95 + number)
        order = offsets_actions.start_order(
            at=at, offer_id=offer_id, quantity=tonnes, price_version=version,
            order_key=uuid5(KEYS, f"{self.sketch.key}/{number}"), buyer="demonstration",
            anonymous=False,
        )
        offsets_actions.give_details(
            at=at, order_id=order.pk, name=name, public=public, email="buyer@demo.example",
            reason=reason, on_behalf=name in ORGANISATIONS, reference=ORGANISATIONS.get(name, ""),
        )
        attempt = offsets_actions.begin_payment(at=at, order_id=order.pk, provider="sandbox")
        bank.settle(at=at, reference=attempt.uuid, button="pay")
        offsets_actions.fulfil(at=at, order_id=order.pk)

    def declare(self) -> None:
        """The participant's voluntary report, its publication, and the check of one."""
        about = self.people, self.owner, self.project, self.sketch.key
        benefits.declare(*about, self.sketch.benefits, self.day(26))
        benefits.check(*about, self.day(40))
