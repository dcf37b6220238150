"""The eight stages in the browser, every role in turn, from an empty form to the verify page."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.journeys.browser.stage_hands import Hands, Stage

MEGAWATT_HOURS = 48  # a day, over a month of thirty days or so


class Story:
    """One project's way. `today` is the portal's date when the story begins."""

    def __init__(self, stage: Stage, today: date, ring: Callable[[str], None]) -> None:
        self.stage, self.today, self.ring = stage, today, ring
        self.name, self.title = "", "Mwanga solar plant, 10 MW"

    def tell(self) -> None:
        """All eight stages."""
        self.design()
        self.approve()
        self.validate()
        self.register()
        self.monitor()
        self.verify()
        self.issue()
        self.offset()

    def advance(self, hands: Hands, days: int, times: int = 1) -> None:
        """Move the demonstration's time by the visible control of the banner."""
        for _ in range(times):
            button = hands.page.locator(f'button[name="days"][value="{days}"]').first
            with hands.page.expect_navigation(wait_until="domcontentloaded"):
                button.click()
        self.today += timedelta(days=days * times)

    def first_day(self) -> date:
        """Crediting begins on the first of a month well after registration."""
        return (self.began + timedelta(days=130)).replace(day=1)

    def design(self) -> None:
        """1 Project design: the task list, section by section."""
        self.began = self.today
        hands = self.stage.as_("participant").go("/desk/").keep("desk-participant")
        hands.go("/desk/projects/new/")
        hands.fill({"title": self.title, "party_code": "KE"}).submit()
        match = re.search(r"/desk/projects/([^/]+)/", hands.page.url)
        assert match, hands.page.url
        self.name = match.group(1)
        for section, values in self.sections().items():
            hands.go(f"/desk/projects/{self.name}/design/{section}/").fill(values).submit()
        hands.go(f"/desk/projects/{self.name}/design/reductions/").keep("expected-reductions")
        hands.go(f"/desk/projects/{self.name}/design/").keep("task-list")
        hands.submit("/submit/")
        hands.go(f"/desk/projects/{self.name}/").sees("Version 1", "National approval")

    def sections(self) -> dict[str, dict[str, str | bool | list[str]]]:
        """What the participant types."""
        return {
            "general": {
                "title": self.title, "summary": "Ten megawatts on dry land.",
                "sector": "solar", "technology": "Panels and inverters.", "installed_mw": "10",
            },
            "location": {
                "location": "Turkana County", "latitude": "3.1", "longitude": "35.6",
            },
            "methodology": {
                "code": "AMS-I.D", "version": "18.0", "scale": "small",
                "additionality": "The tariff does not carry the investment.",
            },
            "parameters": {
                "EF_OM_value": "1.0021", "EF_OM_source": "invented", "EF_BM_value": "0.5940",
                "EF_BM_source": "invented", "monitored": True,
                "monitoring_plan": "Two meters at the substation.",
            },
            "crediting": {
                "start_date": self.first_day().isoformat(),
                "kind": "renewable", "first_date": self.first_day().isoformat(), "years": "7",
            },
            "reductions": {"y1_EG_export": "15580", "y1_EG_import": "0"},
            "consultation": {
                "stakeholder_consultation": "A public meeting; no objection.",
                "environmental_impacts": "Not significant.",
            },
        }

    def approve(self) -> None:
        """2 National approval: asked for, three declarations, a letter."""
        self.stage.as_("participant").go(f"/desk/letters/request/{self.name}/").submit()
        hands = self.stage.as_("dna").go("/desk/").keep("desk-dna")
        hands.follow(hands.page.get_by_text(self.title).first)
        hands.fill({"ratified": True, "voluntary": True, "sustainable_development": True})
        boxes = hands.page.locator('main [name="organisation_ids"]')
        for index in range(boxes.count()):
            boxes.nth(index).check()
        hands.keep("letter").submit("/issue/").sees("LoA-KE")

    def validate(self) -> None:
        """3 Validation: engaged, published, commented, a finding closed, an opinion."""
        participant, doe = self.stage.as_("participant"), self.stage.as_("doe")
        participant.go(f"/desk/audits/offer/{self.name}/")
        participant.page.locator("main label").filter(has_text="Plumb").first.click()
        participant.submit()
        doe.go("/desk/").keep("desk-doe")
        doe.follow(doe.page.get_by_text(self.title).first)
        doe.fill({"no_conflict": True}).submit(button="accept")
        doe.go(f"/desk/audits/{self.name}/validation/").submit("/validation/publish/")
        guest = self.stage.as_("guest").go(f"/projects/{self.name}/comments/")
        guest.fill({"name": "A neighbour", "email": "n@example.org",
                    "text": "Will the road stay open?"}).submit()
        guest.sees("Will the road stay open?").keep("comments")
        doe.go(f"/desk/audits/{self.name}/validation/raise/").fill({
            "kind": "CAR", "subject": "Source of the build margin", "text": "Name the source.",
        })
        doe.page.locator('main select[name="section"]').select_option(index=1)
        doe.submit()
        participant.go(f"/desk/audits/{self.name}/findings/").sees("Source of the build margin")
        participant.fill({"text": "The national list."}).submit("/answer/")
        doe.go(f"/desk/audits/{self.name}/validation/").fill({
            "assessment": "close", "reason": "Checked against the list.",
        }).keep("validation-workspace").submit("/assess/")
        doe.go(f"/desk/audits/{self.name}/validation/comments/").fill(
            {"text": "It stays open, says the participant."}
        ).submit()
        self.say_who_speaks()
        self.advance(doe, 30)
        self.advance(doe, 1)
        doe.go(f"/desk/audits/{self.name}/validation/opinion/").fill({
            "opinion": "positive", "conclusion": "The design meets the requirements.",
        }).submit()

    def say_who_speaks(self) -> None:
        """The participant names itself as sole focal point, and signs."""
        participant = self.stage.as_("participant")
        page = f"/desk/projects/{self.name}/communication/"
        participant.go(f"{page}new/")
        choice = participant.page.locator('main [name="point1_organisation_id"] option').filter(
            has_text="Ziwa Sun Limited"
        ).first
        participant.fill({
            "point1_organisation_id": str(choice.get_attribute("value")),
            "point1_primary": self.stage.sign_ins["participant"][0],
        }).keep("focal-points-form").submit().keep("focal-points-to-sign")
        participant.press("Sign for Ziwa Sun Limited").sees("In force since")

    def checked(self, path: str, name: str) -> None:
        """The secretariat's two checks of a request, item by item."""
        hands = self.stage.as_("secretariat").go("/desk/").keep(f"desk-secretariat-{name}")
        for act, note in (("complete", {}), ("publish", {"publish-note": "Complete."})):
            hands.go(path)
            links = hands.page.locator('main a[href*="/check/"]')
            for url in [link.get_attribute("href") for link in links.all()]:
                hands.go(url)
                if hands.page.locator('main [name="met"]').count():
                    hands.page.locator('main [name="met"]').first.check()
                    hands.submit("")
            hands.go(path).fill(note).submit(f"/do/{act}/")

    def register(self) -> None:
        """4 Registration: requested, checked, the window closes by itself."""
        doe = self.stage.as_("doe")
        doe.go(f"/desk/requests/registration/{self.name}/").submit()
        path = doe.page.url.removeprefix(self.stage.base)
        self.checked(path, "registration")
        board = self.stage.as_("board").go("/desk/").keep("desk-board")
        board.go(path).sees("Review window").keep("review-window")
        self.advance(board, 30)
        self.ring("projects.board.tasks.close_windows")
        guest = self.stage.as_("guest").go(f"/projects/{self.name}/")
        guest.waits_for("Registered").keep("registered")
        number = re.search(r"\b95\d{3}\b", guest.text())
        assert number, guest.text()
        self.name = number.group(0)

    def monitor(self) -> None:
        """5 Monitoring: a period of a month, daily readings, the report frozen."""
        participant = self.stage.as_("participant").go("/desk/")
        first = self.first_day()
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        while self.today <= last:
            self.advance(participant, 30)
        participant.go(f"/desk/projects/{self.name}/periods/new/").fill(
            {"first": first.isoformat(), "last": last.isoformat()}
        ).submit()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        rows = "".join(f"{day.isoformat()},{MEGAWATT_HOURS},0\n" for day in days)
        table = f"timestamp,EG_export [MWh],EG_import [MWh]\n{rows}"
        participant.fill({"resolution": "day"})
        participant.page.locator('main input[type="file"]').first.set_input_files(
            {"name": "month.csv", "mimeType": "text/csv", "buffer": table.encode()}
        )
        participant.press("Upload")
        participant.go(f"/desk/projects/{self.name}/periods/1/report/").keep("monitoring-report")
        participant.submit()
        self.claimed = int(MEGAWATT_HOURS * len(days) * 900_075 // 1_000_000)

    def verify(self) -> None:
        """6 Verification: another DOE, the recalculation, the certified amount."""
        participant, doe = self.stage.as_("participant"), self.stage.as_("doe2")
        participant.go(f"/desk/audits/offer/{self.name}/1/")
        participant.page.locator("main label").filter(has_text="Second Look").first.click()
        participant.submit()
        doe.go("/desk/")
        doe.follow(doe.page.get_by_text(self.title).first)
        doe.fill({"no_conflict": True}).submit(button="accept")
        doe.go(f"/desk/audits/{self.name}/1/").submit("/1/publish/")
        self.ring("projects.doe.tasks.recompute_waiting")
        doe.go(f"/desk/audits/{self.name}/1/").waits_for("agree").keep("verification")
        self.settle(doe)
        doe.go(f"/desk/audits/{self.name}/1/certify/").fill({
            "tonnes_2": str(self.claimed), "statement": "I certify this amount.",
        }).submit()

    def settle(self, doe: Hands) -> None:
        """The sampled records agree; that more was achieved than estimated is explained."""
        doe.go(f"/desk/audits/{self.name}/1/sample/").keep("sampled-records")
        for box in doe.page.locator('main [name^="ok-"]').all():
            box.check()
        doe.submit()
        doe.go(f"/desk/audits/{self.name}/1/checks/estimate/")
        doe.fill({"text": "A month with more sun than usual."}).keep("explain-check").submit()

    def issue(self) -> None:
        """7 CER issuance: window, instruction, release by a second person, forwarding."""
        doe, board = self.stage.as_("doe2"), self.stage.as_("board")
        doe.go(f"/desk/requests/issuance/{self.name}/1/").submit()
        path = doe.page.url.removeprefix(self.stage.base)
        self.checked(path, "issuance")
        self.advance(board, 30)
        self.ring("projects.board.tasks.close_windows")
        board.go(path).waits_for("Instruct the registry").submit("/do/instruct/")
        self.pay(path)
        self.release()

    def pay(self, path: str) -> None:
        """The participant finds the invoice; one person records the payment, another confirms."""
        amount = f"{self.claimed // 10}.{self.claimed % 10}0"  # 0.10 USD for each CER
        participant = self.stage.as_("participant").go("/desk/requests/money/")
        participant.sees(self.title, f"US${amount}").keep("money-owed")
        first, second = self.stage.as_("secretariat"), self.stage.as_("secretariat2")
        first.go(path).fill({
            "amount": amount, "currency": "USD", "payment_reference": "BANK-77",
            "received_on": self.today.isoformat(),
        }).submit("/do/payment/")
        first.sees("Waits for a second person")
        second.go("/desk/").sees("Confirm the payment")
        second.go(path).fill({"confirm-seen": True}).keep("payment-to-confirm")
        second.submit("/do/confirm/")
        second.sees("Received")

    def release(self) -> None:
        """The second person releases; the registry issues; the units are forwarded."""
        registry = self.stage.as_("registry").go("/desk/").keep("desk-registry")
        registry.go("/desk/registry/")
        registry.follow(self.waiting(registry, "/instructions/"))
        registry.submit()
        self.ring("projects.board.tasks.issue_instructed")
        guest = self.stage.as_("guest").go(f"/projects/{self.name}/")
        guest.waits_for("In the pending account").keep("issued")
        self.forward()

    def waiting(self, hands: Hands, path: str) -> Any:
        """The link of a queue that leads to this project's case."""
        links = hands.page.locator(f'main a[href*="{path}"]').all()
        for link in links:
            item = link.locator("xpath=ancestor::li[1]")
            if item.count() and self.name in item.first.inner_text():
                return link
        raise AssertionError(f"{hands.who} finds no {path} of {self.name}: {hands.text()}")

    def forward(self) -> None:
        """The focal point asks to forward the units to its holding account; the registry approves.
        """
        participant, second = self.stage.as_("participant"), self.stage.as_("registry2")
        participant.go(f"/desk/projects/{self.name}/forward/").fill({
            "quantity": str(self.claimed - round(self.claimed / 50)), "commitment_period": "2",
        })
        choice = participant.page.locator('main [name="to_account_id"] option').filter(
            has_text="KE-121"
        ).first
        participant.fill({"to_account_id": str(choice.get_attribute("value"))})
        participant.keep("forward-form").submit().sees("Waiting for a second person")
        second.go("/desk/registry/")
        second.follow(self.waiting(second, "/proposals/"))
        second.keep("second-pair-of-eyes").press("Approve")

    def offset(self) -> None:
        """8 Offsetting: offered, bought by a guest, cancelled, certified, verified."""
        participant = self.stage.as_("participant")
        participant.go(f"/desk/offers/{self.name}/new/").fill(
            {"quantity": "500", "price": "4.80"}
        ).submit()
        guest = self.stage.as_("guest").go(f"/projects/{self.name}/").keep("project-on-offer")
        guest.fill({"quantity": "12"}).submit("/orders/new/")
        guest.fill({
            "name": "Amina Otieno", "email": "amina@example.org", "reason": "Our winter",
            "public": True,
        }).keep("checkout").press("Pay US$57.60")
        guest.keep("sandbox").submit(button="pay")
        self.ring("offsets.tasks.fulfil_paid")
        guest.waits_for("Certificate")
        self.ring("offsets.tasks.make_certificates")
        guest.follow(guest.page.locator('main a[href*="/certificates/"]').first)
        guest.sees("Amina Otieno", "12").keep("certificate")
        guest.follow(guest.page.locator('main a[href*="/v/"]').first)
        guest.sees("Genuine: 12 tonnes", "KE-5-").keep("verify")
