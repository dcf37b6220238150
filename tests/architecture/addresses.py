"""Every address of the URLconf, with arguments that point into the world of `tests.world`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from cdm_portal.demonstration.portfolio import Until
from offsets.models import (
    BankEntry,
    BankMatch,
    Certificate,
    Dispute,
    Offer,
    Order,
    PaymentAttempt,
    Payout,
    Refund,
)
from projects.board.models import Request
from projects.dna.models import Letter
from projects.models import Document, Finding
from projects.reference.models import GridFactor
from registry import queries as registry_queries
from registry.governance.models import Authorisation
from registry.models import Block, InstructionLine, Issuance
from registry.opening.models import EvidenceFile
from tests.world import World

ABOUT_AN_ACCOUNT = (
    "transfer", "close", "trusted", "representatives", "restrict", "lift", "closure",
)
ON_A_ROW = ("history", "delete", "change")
OTHERS = ("admin:", "account_", "mfa_")
"""Routes of libraries, which answer in their own way for what is not there."""
MISSING: dict[type, object] = {
    int: 999_999_999, str: "ZZ-999999", UUID: UUID("99999999-9999-4999-8999-999999999999"),
}


def routes(resolver: Any = None, namespace: str = "") -> Iterator[str]:
    """The name of every named route; what has no name (the admin's redirects) leads to one."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}"


class Addresses:
    """Where a route leads in the world: what each kind of argument stands for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.letter = Letter.objects.get(project=world.project(Until.LETTER_REQUESTED))
        self.request = Request.objects.get(project=world.project(Until.REGISTRATION_WINDOW))
        self.checked = Request.objects.get(project=world.project(Until.REGISTRATION_CHECKS))
        self.offer = Offer.objects.get()
        self.rowless: set[str] = set()
        """Pages of the admin about a row, of classes of which the world has none."""
        self.factor = GridFactor.objects.get(state="approved")
        self.order = Order.objects.order_by("pk")[0]
        self.certificate = Certificate.objects.get(order=self.order)
        self.finding = Finding.objects.filter(
            project=world.project(Until.FINDINGS_OPEN), kind="CAR"
        ).get()
        self.forwarding = world.project(Until.OFFERED).forwardings.get()
        self.own_account = registry_queries.account_for(world.cast.participant.office, "KE")
        issued = Issuance.objects.filter(project_number=world.project(Until.OFFERED).number)[0]
        self.serial, self.issuance = str(issued.serial), issued.pk

    def _name(self, until: Until) -> str:
        name: str = self.world.project(until).name
        return name

    def _of_programmes(self) -> dict[str, list[object]]:
        made = self.world.components
        first, draft = made["included"], made["draft"]
        name = first.programme.name
        return {
            "components": [name], "component": [name, first.order],
            "participant:components": [name], "participant:component": [name, draft.order],
            "doe:submit_component": [draft.pk], "doe:component": [made["submitted"].pk],
            "doe:renew_component": [first.pk], "board:exclude": [first.pk],
            "board:exclusion": [self.world.exclusion_id], "api:project_components": [name],
        }

    def _of_projects(self) -> dict[str, list[object]]:
        offered = self._name(Until.OFFERED)
        document = Document.objects.filter(
            project=self.world.project(Until.LETTER_REQUESTED), kind="design"
        )[0]
        return {
            "sitemap": ["projects"], "project": [offered],
            "catalogue_export": ["csv"], "stage_times_export": ["csv"], "cover": [offered],
            "tonne": [offered, 1], "tonne_paper": [offered, 1],
            "tonne_readings": [offered, 1, "EG_export"], "cover_wide": [offered],
            "activity": ["7"], "document": [document.pk],
            **self._of_programmes(),
            "notice": [self.world.notice_id], "calendar": [self.world.calendar],
            "rule_change": [self.world.change_id], "rule_change_new": ["reply_days"],
            "cobenefits:report": [offered], "cobenefits:withdraw": [offered],
            "cobenefits:public": [offered], "api:project": [offered],
            "offsets:footprint_questions": ["person"], "offsets:footprint_result": ["person"],
            **{f"cobenefits:{name}": [offered] for name in ("ask", "take_back", "check")},
            "cobenefits:evidence": [self._name(Until.REPORTED)],
            **{f"cobenefits:{name}": [self._name(Until.REPORTED), "jobs"]
               for name in ("section", "typed", "drop_typed")},
            "methodology": ["TOOL04"], "api:methodology": ["ACM0002"],
            "cobenefits:publication": [offered], "cobenefits:comment": [offered],
            "api:co_benefits": [offered], "api:co_benefit_act": [offered, "submit"],
            "api:project_reviews": [offered], "api:request": [self.request.reference],
            "api:act": [self.request.reference, "review"],
            "api:check": [self.request.reference, self.request.checks.all()[0].code],
        }

    def _of_participants(self) -> dict[str, list[object]]:
        draft, offered = self._name(Until.DRAFT), self._name(Until.OFFERED)
        reported = self._name(Until.REPORTED)
        return {
            "participant:project": [draft], "participant:withdraw": [draft],
            "participant:design": [draft], "participant:submit": [draft],
            "participant:version": [offered, 1], "participant:attachments": [draft],
            "participant:detach": [draft, self.world.attachment_id],
            "participant:take_factor": [draft, self.factor.pk],
            "participant:section": [draft, "general"], "participant:new_period": [reported],
            "participant-public:design_version": [offered, 1],
            "participant:typed": [draft, "general"], "participant:drop_typed": [draft, "general"],
            "participant:period": [reported, 1], "participant:template": [reported, 1, "day"],
            "participant:communication": [offered], "participant:propose_statement": [offered],
            "participant:sign_statement": [offered, 1],
            "participant:withdraw_statement": [offered, 1], "participant:forward": [offered],
            "participant:sign_forwarding": [offered, self.forwarding.pk],
            "participant:withdraw_forwarding": [offered, self.forwarding.pk],
            "participant-public:communication": [offered],
            "participant:import_progress": [reported, 1],
            "participant:import_treat": [reported, 1], "participant:import_columns": [reported, 1],
            "participant:calibrations": [reported], "participant:corrections": [reported, 1],
            "participant:events": [reported, 1], "participant:event_list": [reported, 1],
            "participant:event_drop": [reported, 1, 0], "participant:surveys": [reported, 1],
            "participant:survey_end": [reported, 1, "w_CO2"],
            "participant:gaps": [reported, 1], "participant:report": [reported, 1],
            "participant:prior": [draft], "prior:notice": [self.world.prior_notice_id],
            "participant:new_revision": [reported], "participant:revision": [offered, 1],
            "participant:withdraw_revision": [offered, 1], "doe:offer_revision": [offered, 1],
            "doe:revision": [offered, 1], "board:request_revision": [offered, 1],
        }

    def _of_decisions(self) -> dict[str, list[object]]:
        draft, offered = self._name(Until.DRAFT), self._name(Until.OFFERED)
        verifying = self._name(Until.VERIFYING)
        return {
            "board:communication": [offered, 2],
            "dna:authorise_added": [self.letter.pk, self.world.cast.participant.office],
            "board:withdrawal": [self._name(Until.COMMENTS_OPEN)],
            "board:take_back": [self._name(Until.COMMENTS_OPEN)],
            "board:deregistration": [offered], "board:again": [draft],
            "dna:letter": [self.letter.pk], "dna:issue": [self.letter.pk],
            "dna:refuse": [self.letter.pk], "dna:withdraw": [self.letter.pk],
            "dna:ask": [self.letter.pk],
            "dna:request": [self._name(Until.DESIGN_SUBMITTED)],
            "dna:answer": [self.world.question_id],
            "board:request_registration": [self._name(Until.FINDINGS_OPEN)],
            "board:request_issuance": [verifying, 1], "board:request": [self.request.reference],
            "board:check": [self.checked.reference, self.checked.checks.all()[0].code],
            "board:change_meeting": [118], "board-public:meeting": [118],
            "board:act": [self.request.reference, "review"],
            "board:invoice": [self.world.walks[Until.INSTRUCTED].case.reference],
            "reference_list": ["hosts"], "version_dates_new": ["AMS-I.D", "18.0"],
            "reference_entry": ["grid-factors", self.factor.replacements.get().pk],
        }

    def _of_audits(self) -> dict[str, list[object]]:
        comments, findings = self._name(Until.COMMENTS_OPEN), self._name(Until.FINDINGS_OPEN)
        verifying, reported = self._name(Until.VERIFYING), self._name(Until.REPORTED)
        engagement = self.world.project(Until.FINDINGS_OPEN).engagements.get()
        named = {
            "doe:proceeding": [self.world.proceeding_id],
            "doe-public:debt": [self.world.debt_id], "doe:repay": [self.world.debt_id],
            "board:inquiry": [self.world.inquiry_id],
            "doe-public:entity": [self.world.cast.doe.office],
            "doe:engagement": [engagement.pk], "doe:assess": [self.finding.pk],
            "doe:answer": [self.finding.pk],
            "doe:offer": [self._name(Until.DESIGN_SUBMITTED)], "doe:offer_period": [reported, 1],
            "doe:publish": [comments], "doe-public:comments": [comments],
            "doe:explain": [verifying, 1, "estimate"],
        }
        validation = ("findings", "validation", "respond", "raise", "opinion", "terminate")
        verification = (
            "verification", "publish_report", "progress", "recompute", "raise_in_period",
            "certify", "negative", "sample",
        )
        return (
            named
            | {f"doe:{name}": [findings] for name in validation}
            | {f"doe:{name}": [verifying, 1] for name in verification}
        )

    def _dispute(self, attempt: PaymentAttempt) -> int:
        made, _new = Dispute.objects.get_or_create(
            attempt=attempt, reference="taken back", defaults={
                "kind": "chargeback", "amount": 1, "currency": "USD",
                "noted_at": attempt.started_at,
            },
        )
        return made.pk

    def _of_units(self) -> dict[str, list[object]]:
        line = InstructionLine.objects.get(
            project_number=self.world.project(Until.INSTRUCTED).number
        )
        assert self.own_account is not None
        account = self.own_account.pk
        sealed = ["issuance", Issuance.objects.order_by("pk")[0].pk]
        return {
            "registry:serial": [self.serial], "tonne_of_issuance": [self.issuance],
            "registry:release": [line.pk],
            "registry:proposal": [self.world.proposal_id],
            "registry:reject": [self.world.proposal_id],
            "registry:execute": [self.world.proposal_id],
            "api:proposal": [self.world.proposal_id],
            "registry:measure": [self.world.measure_id],
            "registry:measure_reject": [self.world.measure_id],
            "registry:revoke": [Authorisation.objects.order_by("pk")[0].pk],
            "registry:block_freeze": [Block.objects.order_by("pk")[0].pk],
            **{f"registry:account_{name}": [account] for name in ABOUT_AN_ACCOUNT},
            **self._of_requests_for_accounts(), **self._of_bank(),
            "registry:account": [account], "registry:account_cancel": [account],
            "registry:freeze": [account], "registry:statement": [account],
            "api:units": [self.serial], "api:statement": [account],
            "registry:statement_export": [account, "csv"],
            "registry:issuances_export": ["json"], "registry:cancellations_export": ["csv"],
            "offsets:cancellations_export": ["csv"], "offsets:organisation": ["0" * 32],
            "api:organisation": ["0" * 32], "offsets:my_orders": ["no:token"],
            "offsets:my_orders_export": ["no:token", "json"], "offsets:claim": ["no:token"],
            "my_data_export": ["json"],
            "registry:totals_export": ["csv"],
            "transparency:head": [1], "transparency:proof": sealed, "api:proof": sealed,
            "api:tree_head": [1], "api:continuation": [1, 1],
            **self._of_orders(), "admin:view_on_site": [1, 1], "admin:app_list": ["registry"],
        }

    def _of_orders(self) -> dict[str, list[object]]:
        attempt, code = PaymentAttempt.objects.filter(order=self.order)[0], self.certificate.code
        return {
            "offsets:order": [self.order.code], "offsets:hold_again": [self.order.code],
            "offsets:dispute": [self._dispute(attempt)],
            "offsets:pay_otherwise": [self.order.code], "offsets:webhook": ["sandbox"],
            "offsets:go_back": [self.order.code], "offsets:status": [self.order.code],
            "offsets:sandbox": [attempt.uuid], "offsets:certificate_pdf": [code],
            "offsets:certificate": [code], "offsets:verify": [code], "api:certificate": [code],
            "api:order": [self.order.code], "api:order_cancel": [self.order.code],
            "api:offer": [f"off_{self.offer.pk}"],
            "offsets:badge": [code], "offsets:badge_page": [code],
            "offsets:reissue": [self.order.code],
            "offsets:reissue_by_link": [self.order.code, "no:token"],
            "offsets:statement": [2024, "pdf"],
            "offsets:offer_new": [self._name(Until.OFFERED)],
            "offsets:consent_new": [self._name(Until.OFFERED)],
            "offsets:consent": [self.world.consent_id],
            "offsets:offer_price": [self.offer.pk], "offsets:offer_pause": [self.offer.pk],
            "offsets:offer_resume": [self.offer.pk], "offsets:offer_close": [self.offer.pk],
            "account_confirm_email": ["not-a-key"],
            "account_reset_password_from_key": ["1", "not-a-key"],
            "mfa_remove_webauthn": [1], "mfa_edit_webauthn": [1],
        }

    def _of_bank(self) -> dict[str, list[object]]:
        invoice = PaymentAttempt.objects.get(provider="invoice").uuid
        match, refund = BankMatch.objects.get(state="proposed").pk, Refund.objects.get().pk
        payout = Payout.objects.get()
        return {
            "offsets:invoice": [invoice], "offsets:invoice_state": [invoice],
            "offsets:invoice_pdf": [invoice],
            "offsets:credit": [BankEntry.objects.get(amount=3).pk],
            "offsets:match_confirm": [match], "offsets:match_aside": [match],
            "offsets:refund": [refund], "offsets:refund_confirm": [refund],
            "offsets:refund_back": [refund],
            "offsets:payout_new": [payout.seller_id], "offsets:payout": [payout.pk],
            "offsets:payout_confirm": [payout.pk], "offsets:payout_aside": [payout.pk],
        }

    def _of_requests_for_accounts(self) -> dict[str, list[object]]:
        pk = self.world.account_request_id
        file = EvidenceFile.objects.filter(item__request_id=pk)[0].pk
        return {
            "registry:account_request": [pk], "registry:account_request_act": [pk, "refuse"],
            "registry:account_evidence": [file], "api:account_request": [pk],
        }

    def _of_the_admin(self) -> dict[str, list[object]]:
        """The first row of every class that the admin shows."""
        found: dict[str, list[object]] = {}
        for model in admin.site._registry:
            row = model._default_manager.order_by("pk").first()
            label = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            found |= {f"{label}_{act}": [row.pk if row else 0] for act in ON_A_ROW}
            if row is None:
                self.rowless |= {f"{label}_{act}" for act in ON_A_ROW}
        return found

    def paths(self) -> dict[str, str]:
        """The path of every route, by its name."""
        arguments = self._arguments()
        named = {
            name: reverse(name, args=arguments.get(name, []))
            for name in routes() if name not in self.rowless
        }
        return named | self._not_public()

    def paths_to_nothing(self) -> dict[str, str]:
        """The path of every route of ours that names a row, with the name of one that is not."""
        return {
            name: reverse(name, args=[MISSING[type(first)], *others])
            for name, (first, *others) in self._arguments().items()
            if not name.startswith(OTHERS) and type(first) in MISSING
        }

    def _arguments(self) -> dict[str, list[object]]:
        of_works = self._of_projects() | self._of_participants() | self._of_audits()
        return of_works | self._of_decisions() | self._of_units() | self._of_the_admin()

    def _not_public(self) -> dict[str, str]:
        """Public addresses that point at what is not public yet."""
        draft = self._name(Until.DRAFT)
        pages = (
            "project", "cover", "cobenefits:public", "api:project", "api:project_reviews",
            "api:co_benefits",
        )
        attachment = reverse("document", args=[self.world.attachment_id])
        return {
            **{f"{page} (a draft)": reverse(page, args=[draft]) for page in pages},
            "document (of a draft)": attachment,
        }
