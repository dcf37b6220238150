"""What an insider may try on the consents of the focal points to an offer.

The state that they attack (`assault` in test_attacks_on_consents.py): one offer from before anybody
was named beside the seller; since then a consent that served an offer, one given, one refused and
one that is asked for, all for the second commitment period.
"""

from __future__ import annotations

from tests.offsets.attacks import OF_RECORD, TRUNCATED, Attack, check, put, trigger

GIVEN = "state = 'given' AND offer_id IS NULL"
SERVED_OFFER = "(SELECT offer_id FROM offsets_offerconsent WHERE offer_id IS NOT NULL)"
OTHER_OFFER = f"(SELECT id FROM offsets_offer WHERE id <> {SERVED_OFFER})"
DECIDED = "a consent stays as it was decided"


def consent(**changes: str) -> str:
    """A consent asked for past the actions: as the one that is, but for the first period."""
    row = {"project_id": "project_id", "statement_id": "statement_id", "seller_id": "seller_id",
           "commitment_period": "1", "quantity": "100", "lowest_price": "4", "state": "'asked'",
           "asked_by_id": "asked_by_id", "asked_at": "cdm_now()", "reason": "''",
           "decided_at": "NULL::timestamptz", "offer_id": "NULL::bigint"} | changes
    return (
        f"INSERT INTO offsets_offerconsent ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_offerconsent WHERE state = 'asked'"
    )


def offer(**changes: str) -> str:
    """An offer past the actions, to which nobody consented."""
    row = {"project_id": "project_id", "seller_id": "seller_id", "commitment_period": "2",
           "quantity": "100", "price": "4", "currency": "'USD'", "price_version": "1",
           "state": "'listed'", "listed_at": "cdm_now()"} | changes
    return (
        f"INSERT INTO offsets_offer ({', '.join(row)})"
        f" SELECT {', '.join(row.values())} FROM offsets_offerconsent WHERE {GIVEN}"
    )


ALL: tuple[Attack, ...] = (
    trigger("offerconsent", "of_record",
            put("offerconsent", "state = 'given'", "state = 'refused'"), DECIDED),
    trigger("offerconsent", "of_record", put("offerconsent", "lowest_price = 1", GIVEN), DECIDED),
    trigger("offerconsent", "of_record",
            "DELETE FROM offsets_offerconsent WHERE state = 'refused'", DECIDED),
    trigger("offerconsent", "of_record", consent(state="'given'", decided_at="cdm_now()"),
            "a consent begins as asked for"),
    trigger("offerconsent", "of_record_truncate", "TRUNCATE offsets_offerconsent CASCADE",
            f"offsets_offerconsent {TRUNCATED}", f"offsets_consentsignature {TRUNCATED}"),
    trigger("consentsignature", "of_record", "DELETE FROM offsets_consentsignature", OF_RECORD),
    trigger("offer", "offer_consented", offer(), "have not consented to this offer"),
    check("offerconsent", "consent_says_how_much", consent(quantity="0")),
    check("offerconsent", "consent_says_how_much", consent(lowest_price="0")),
    check("offerconsent", "consent_decided_with_date",
          put("offerconsent", "state = 'refused'", "state = 'asked'")),
    check("offerconsent", "consent_given_before_offer", consent(offer_id=OTHER_OFFER)),
    check("offerconsent", "offsets_offerconsent_commitment_period_check",
          consent(commitment_period="-1")),
    check("offerconsent", "one_consent_asked", consent(commitment_period="2")),
    check("offerconsent", "offsets_offerconsent_offer_id_key",
          put("offerconsent", f"offer_id = {SERVED_OFFER}", GIVEN)),
    check("consentsignature", "consent_signed_once",
          "INSERT INTO offsets_consentsignature (consent_id, organisation_id, person_id, at)"
          " SELECT consent_id, organisation_id, person_id, at FROM offsets_consentsignature"),
)  # fmt: skip
