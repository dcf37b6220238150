"""What an insider may try on the payouts to sellers.

The state that they attack (`assault` in test_attacks_on_payouts.py): 24.00 earned with one project,
of which 10.00 were paid, 2.00 set aside, and 5.00 wait for a second person; another project.
"""

from __future__ import annotations

from tests.offsets.attacks import OF_RECORD, TRUNCATED, Attack, check, money, put, trigger

WAITS = "(SELECT id FROM offsets_payout WHERE state = 'proposed')"
PAID = "(SELECT id FROM offsets_payout WHERE state = 'paid')"
NEWEST = "(SELECT max(id) FROM offsets_payout)"
SECOND = "(SELECT id FROM identity_person WHERE id <> proposed_by_id LIMIT 1)"
DECIDES = f"decided_by_id = {SECOND}, decided_at = cdm_now()"
KEPT = "a payout stays as it was proposed and decided"
WHOLE = "a payout is the sum of its parts"
SOLD = "(SELECT project_id FROM offsets_offer LIMIT 1)"
OTHER = "(SELECT id FROM projects_project WHERE reference = 'PDD-09999')"


def payout(**changes: str) -> str:
    """A payout past the actions, to the same seller."""
    row = {"seller_id": "seller_id", "amount": "1", "currency": "'USD'",
           "bank_reference": "'OUT-9'", "sent_on": "sent_on", "state": "'proposed'",
           "proposed_by_id": "proposed_by_id", "proposed_name": "''", "proposed_at": "cdm_now()",
           "decided_name": "''", "reason": "''"} | changes
    return (
        f"INSERT INTO offsets_payout ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_payout WHERE id = {PAID}"
    )


def part(**changes: str) -> str:
    """A part of a payout past the actions: of the one that waits, for the other project."""
    row = {"payout_id": WAITS, "project_id": OTHER, "amount": "1"} | changes
    return f"INSERT INTO offsets_payoutpart ({', '.join(row)}) VALUES ({', '.join(row.values())})"


def booked(of: str, amount: str) -> str:
    """An entry for the first part of a payout, past the actions."""
    return money(
        order_id="NULL", debit="'participant'", credit="'paid_out'", amount=amount,
        participant_id="(SELECT max(seller_id) FROM offsets_payout)",
        part_id=f"(SELECT min(id) FROM offsets_payoutpart WHERE payout_id = {of})",
    )


TOO_MUCH = "; ".join((
    payout(amount="14.01"), part(payout_id=NEWEST, project_id=SOLD, amount="14.01"),
    put("payout", f"state = 'paid', {DECIDES}", f"id = {NEWEST}"), booked(NEWEST, "14.01"),
))  # fmt: skip
PAYOUTS: tuple[Attack, ...] = (
    trigger("payout", "of_record", put("payout", "proposed_name = 'x'", f"id = {PAID}"), KEPT),
    trigger("payout", "of_record", put("payout", "bank_reference = 'x'", f"id = {WAITS}"), KEPT),
    trigger("payout", "of_record", "DELETE FROM offsets_payout WHERE state = 'refused'", KEPT,
            "violates foreign key"),
    trigger("payout", "of_record", payout(state="'paid'", decided_by_id=SECOND,
            decided_at="cdm_now()"), "a payout begins as proposed", WHOLE),
    trigger("payout", "of_record_truncate", "TRUNCATE offsets_payout CASCADE",
            f"offsets_payout {TRUNCATED}", TRUNCATED),
    trigger("payout", "payout_is_whole", put("payout", f"state = 'paid', {DECIDES}",
            f"id = {WAITS}"), WHOLE),
    check("payout", "payout_is_positive", payout(amount="0"), WHOLE),
    check("payout", "payout_in_dollars", payout(currency="'EUR'"), WHOLE),
    check("payout", "payout_says_reference", payout(bank_reference="''"), WHOLE),
    check("payout", "payout_sent_once", payout(bank_reference="bank_reference"), WHOLE),
    check("payout", "payout_has_two_persons",
          put("payout", "state = 'paid', decided_by_id = proposed_by_id, decided_at = cdm_now()",
              f"id = {WAITS}"), WHOLE),
    check("payout", "decided_payout_names_who",
          put("payout", "state = 'refused', reason = 'x'", f"id = {WAITS}")),
    check("payout", "payout_set_aside_has_reason",
          put("payout", f"state = 'refused', {DECIDES}", f"id = {WAITS}")),
)  # fmt: skip
PARTS = (
    trigger("payoutpart", "of_record", put("payoutpart", "amount = 9", f"payout_id = {WAITS}"),
            OF_RECORD),
    trigger("payoutpart", "part_is_whole", part(), WHOLE),
    check("payoutpart", "payout_part_is_positive", part(amount="0")),
    check("payoutpart", "payout_part_per_project_once", part(project_id=SOLD), WHOLE),
)  # fmt: skip
MONEY = (
    trigger("moneyentry", "payout_money", booked(WAITS, "5"), "a payout that two persons recorded"),
    trigger("moneyentry", "payout_money", booked(PAID, "9"), "a payout that two persons recorded",
            "offsets_moneyentry_part_id_key"),
    trigger("moneyentry", "payout_money", TOO_MUCH, "nobody is paid more than is due"),
    check("moneyentry", "offsets_moneyentry_part_id_key", booked(PAID, "10")),
    check("moneyentry", "entry_of_order_or_payout", money(credit="'paid_out'")),
)  # fmt: skip
ALL = PAYOUTS + PARTS + MONEY
