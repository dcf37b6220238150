"""The rows of the desks of roles; see access_table."""

from __future__ import annotations

DESKS: dict[str, tuple[str, str]] = {
    # The participant's desk
    "participant:projects": (
        "login 404 participant=200 rival=200",
        "login 404 participant=200 rival=200",
    ),
    "participant:new": (
        "login 404 participant=200 rival=200",
        "login 404 participant=422 rival=422",
    ),
    "participant:project": ("login 404 participant=200", "login 404 participant=200"),
    "participant:withdraw": ("login 404 participant=200", "login 404 participant=422"),
    "participant:prior": ("login 404 participant=200", "login 404 participant=422"),
    "prior:notices": ("200 200", "200 200"),
    "prior:received": (
        "login 404 dna=200 foreign=200 secretariat=200 auditor=200",
        "login 404 dna=200 foreign=200 secretariat=200 auditor=200",
    ),
    "prior:notice": (
        "login 404 dna=200 secretariat=200 auditor=200",
        "login 404 dna=403 foreign=403 secretariat=302 auditor=403",
    ),
    "participant:design": ("login 404 participant=200", "login 404 participant=200"),
    "participant:submit": ("405 405", "login 404 participant=422"),
    "participant:version": ("login 404 participant=200", "login 404 participant=200"),
    "participant:attachments": ("login 404 participant=200", "login 404 participant=422"),
    "participant:detach": ("405 405", "login 404 participant=302"),
    "participant:take_factor": ("405 405", "login 404 participant=302"),
    "participant:section": ("login 404 participant=200", "login 404 participant=302"),
    "participant:new_revision": ("login 404 participant=200", "login 404 participant=422"),
    "participant:revision": ("login 404 participant=200", "login 404 participant=200"),
    "participant:withdraw_revision": ("405 405", "login 404 participant=302"),
    "participant:components": ("login 404 participant=200", "login 404 participant=422"),
    "participant:component": ("login 404 participant=200", "login 404 participant=422"),
    "participant-public:design_version": ("200 200", "200 200"),
    "participant:typed": ("405 405", "login 404 participant=200"),
    "participant:drop_typed": ("405 405", "login 404 participant=302"),
    "participant:new_period": ("login 404 participant=200", "login 404 participant=422"),
    "participant:period": ("login 404 participant=200", "login 404 participant=422"),
    "participant:template": ("login 404 participant=200", "login 404 participant=200"),
    "participant:communication": ("login 404 participant=200", "login 404 participant=200"),
    "participant:propose_statement": ("login 404 participant=200", "login 404 participant=422"),
    "participant:sign_statement": (
        "login 404 participant=405 rival=405", "login 404 participant=409",
    ),
    "participant:withdraw_statement": (
        "login 404 participant=405 rival=405", "login 404 participant=409",
    ),
    "participant:forward": ("login 404 participant=200", "login 404 participant=422"),
    "participant:sign_forwarding": (
        "login 404 participant=405 rival=405", "login 404 participant=409",
    ),
    "participant:withdraw_forwarding": (
        "login 404 participant=405 rival=405", "login 404 participant=409",
    ),
    "participant-public:communication": ("200 200", "200 200"),
    "board:communication": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "dna:authorise_added": ("login 404 dna=405 foreign=405", "login 404 dna=409"),
    "participant:import_progress": ("login 404", "login 404"),
    "participant:import_treat": ("405 405", "login 404"),
    "participant:import_columns": ("405 405", "login 404"),
    "participant:calibrations": ("login 404 participant=200", "login 404 participant=422"),
    "participant:corrections": ("405 405", "login 404 participant=422"),
    "participant:events": ("login 404 participant=200", "login 404 participant=422"),
    "participant:event_list": ("405 405", "login 404 participant=422"),
    "participant:event_drop": ("405 405", "login 404"),
    "participant:surveys": ("login 404 participant=200", "login 404 participant=422"),
    "participant:survey_end": ("405 405", "login 404"),
    "participant:gaps": ("405 405", "login 404 participant=422"),
    "participant:report": ("login 404 participant=200", "login 404 participant=409"),

    # National approval
    "dna:desk": ("login 404 dna=200 foreign=200", "login 404 dna=200 foreign=200"),
    "dna:criteria": ("login 404 dna=200 foreign=200", "login 404 dna=422 foreign=422"),
    "dna:letter": ("login 404 dna=200", "login 404 dna=200"),
    "dna:issue": ("login 404 dna=405 foreign=405", "login 404 dna=422"),
    "dna:refuse": ("login 404 dna=405 foreign=405", "login 404 dna=422"),
    "dna:withdraw": ("login 404 dna=405 foreign=405", "login 404 dna=422"),
    "dna:ask": ("login 404 dna=405 foreign=405", "login 404 dna=422"),
    "dna:request": ("login 404 participant=200", "login 404 participant=422"),
    "dna:answer": ("login 404 participant=405 rival=405", "login 404 participant=422"),

    # Validation and verification
    "doe:desk": (
        "login 404 doe=200 verifier=200 stranger=200",
        "login 404 doe=200 verifier=200 stranger=200",
    ),
    "doe:accreditations": (
        "login 404 doe=200 verifier=200 stranger=200 board=200 secretariat=200 auditor=200",
        "login 404 doe=200 verifier=200 stranger=200 board=200 secretariat=200 auditor=200",
    ),
    "doe:ask": (
        "login 404 doe=200 verifier=200 stranger=200",
        "login 404 doe=422 verifier=422 stranger=422",
    ),
    "doe:relinquish": (
        "login 404 doe=200 verifier=200 stranger=200",
        "login 404 doe=422 verifier=422 stranger=422",
    ),
    "doe:propose": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "doe:exempt": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "doe:proceeding": (
        "login 404 doe=200 board=200 secretariat=200 auditor=200",
        "login 404 doe=422 board=422 secretariat=422 auditor=403",
    ),
    "doe:repay": (
        "login 404 participant=200 rival=200 registry=200",
        "login 404 participant=422 rival=422 registry=422",
    ),
    "doe:engagement": ("login 404 doe=200", "login 404 doe=200"),
    "doe:offer": ("login 404 participant=200", "login 404 participant=422"),
    "doe:offer_revision": ("login 404 participant=200", "login 404 participant=422"),
    "doe:revision": ("login 404 doe=200", "login 404 doe=200"),
    "doe:offer_period": ("login 404 participant=200", "login 404 participant=422"),
    "doe:component": ("login 404 doe=200", "login 404 doe=422"),
    "doe:submit_component": ("login 404 participant=200", "login 404 participant=422"),
    "doe:renew_component": ("login 404 participant=200", "login 404 participant=422"),
    "doe:assess": ("login 404 doe=405 verifier=405 stranger=405", "login 404 doe=422"),
    "doe:answer": ("login 404 participant=405 rival=405", "login 404 participant=422"),
    "doe:findings": ("login 404 participant=200", "login 404 participant=200"),
    "doe:validation": ("login 404 doe=200", "login 404 doe=200"),
    "doe:publish": ("login 404 doe=405 verifier=405 stranger=405", "login 404 doe=422"),
    "doe:respond": ("login 404 doe=200", "login 404 doe=200"),
    "doe:raise": ("login 404 doe=200", "login 404 doe=422"),
    "doe:opinion": ("login 404 doe=200", "login 404 doe=422"),
    "doe:terminate": ("login 404 doe=200", "login 404 doe=422"),
    "doe:verification": ("login 404 verifier=200", "login 404 verifier=200"),
    "doe:publish_report": ("login 404 doe=405 verifier=405 stranger=405", "login 404 verifier=422"),
    "doe:progress": ("login 404 verifier=200", "login 404 verifier=200"),
    "doe:recompute": ("login 404 doe=405 verifier=405 stranger=405", "login 404 verifier=302"),
    "doe:sample": ("login 404 verifier=200", "login 404 verifier=422"),
    "doe:explain": ("login 404 verifier=200", "login 404 verifier=422"),
    "doe:raise_in_period": ("login 404 verifier=200", "login 404 verifier=422"),
    "doe:certify": ("login 404 verifier=200", "login 404 verifier=422"),
    "doe:negative": ("login 404 verifier=200", "login 404 verifier=422"),

    # What a DOE publishes
    "doe-public:comments": ("200 200", "422 403 buyer=422 dna=422 foreign=422 superuser=422"),
    "doe-public:directory": ("200 200", "200 200"),
    "doe-public:entity": ("200 200", "200 200"),
    "doe-public:debts": ("200 200", "200 200"),
    "doe-public:debt": ("200 200", "200 200"),

    # Requests: secretariat and Board
    "board:desk": (
        "login 200 buyer=404 registry=404 superuser=404",
        "login 200 buyer=404 registry=404 superuser=404",
    ),
    "board:request_registration": ("login 404 doe=200", "login 404 doe=422"),
    "board:request_revision": ("login 404 doe=200", "login 404 doe=422"),
    "board:request_issuance": ("login 404 verifier=200", "login 404 verifier=422"),
    "board:request": (
        "login 404 participant=200 dna=200 doe=200 board=200 rit=200 secretariat=200 auditor=200",
        "login 404 participant=200 dna=200 doe=200 board=200 rit=200 secretariat=200 auditor=200",
    ),
    "board:withdrawal": ("login 404 participant=200 doe=200", "login 404 participant=422 doe=422"),
    "board:take_back": ("405 405", "login 404 participant=302"),
    "board:deregistration": (
        "login 404 participant=200 board=200 secretariat=200 auditor=200",
        "login 404 participant=422 board=422 secretariat=403 auditor=403",
    ),
    "board:again": ("login 404 participant=200", "login 404 participant=422"),
    "board:meetings": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "board:change_meeting": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "board-public:calendar": ("200 200", "200 200"),
    "board-public:meeting": ("200 200", "200 200"),
    "board:money": (
        "login 404 participant=200 rival=200 doe=200 verifier=200 stranger=200"
        " secretariat=200 registry=200 auditor=200",
        "login 404 participant=200 rival=200 doe=200 verifier=200 stranger=200"
        " secretariat=200 registry=200 auditor=200",
    ),
    "board:invoice": (
        "login 404 participant=200 verifier=200 secretariat=200 registry=200 auditor=200",
        "login 404 participant=200 verifier=200 secretariat=200 registry=200 auditor=200",
    ),
    "board:check": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "board:act": (
        "login 405 buyer=404 registry=404 superuser=404",
        "login 404 participant=403 doe=403 rit=403 secretariat=403 auditor=403 dna=422 board=422",
    ),
    "board:exclude": (
        "login 404 board=200 secretariat=200", "login 404 board=422 secretariat=422",
    ),
    "board:inquiries": (
        "login 404 doe=200 verifier=200 stranger=200 board=200 secretariat=200 auditor=200",
        "login 404 doe=200 verifier=200 stranger=200 board=200 secretariat=200 auditor=200",
    ),
    "board:inquire": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "board:inquiry": (
        "login 404 stranger=200 board=200 secretariat=200 auditor=200",
        "login 404 stranger=422 board=422 secretariat=403 auditor=403",
    ),
    "board:exclusion": (
        "login 404 board=200 secretariat=200 auditor=200",
        "login 404 board=422 secretariat=403 auditor=403",
    ),
    # Holding accounts: asked for, and where they stand
    "registry:account_requests": (
        "login 404 participant=200 rival=200 registry=200 auditor=200",
        "login 404 participant=200 rival=200 registry=200 auditor=200",
    ),
    "registry:account_request_new": (
        "login 404 participant=200 rival=200",
        "login 404 participant=422 rival=422",
    ),
    "registry:account_request": (
        "login 404 participant=200 registry=200 auditor=200",
        "login 404 participant=200 registry=200 auditor=200",
    ),
    "registry:account_request_act": ("405 405", "login 404 participant=403 registry=422"),
    "registry:account_evidence": (
        "login 404 participant=200 registry=200 auditor=200",
        "login 404 participant=200 registry=200 auditor=200",
    ),
    "registry:account_restrict": ("login 404 registry=200", "login 404 registry=422"),
    "registry:account_lift": ("login 404 registry=200", "login 404 registry=422"),
    "registry:account_closure": (
        "login 404 participant=200 registry=200",
        "login 404 participant=422 registry=422",
    ),
    "api:accounts": (
        "403 404 participant=200 rival=200 registry=200 auditor=200 superuser=403", "405 405",
    ),
    "api:account_requests": (
        "403 404 participant=200 rival=200 registry=200 auditor=200 superuser=403", "405 405",
    ),
    "api:account_request": (
        "403 404 participant=200 registry=200 auditor=200 superuser=403", "405 405",
    ),
}

COBENEFITS: dict[str, tuple[str, str]] = {
    # A report section by section, its check by a DOE, the list of indicators, the comparison
    "cobenefits:section": ("login 404 participant=200", "login 404 participant=302"),
    "cobenefits:typed": ("405 405", "login 404 participant=200"),
    "cobenefits:drop_typed": ("405 405", "login 404 participant=302"),
    "cobenefits:evidence": ("login 404 participant=200", "login 404 participant=422"),
    "cobenefits:ask": ("login 404 participant=200", "login 404 participant=422"),
    "cobenefits:take_back": ("405 405", "login 404 participant=302"),
    "cobenefits:check": ("login 404 doe=200", "login 404 doe=302"),
    "cobenefits:indicators": (
        "login 404 secretariat=200 auditor=200", "login 404 secretariat=422 auditor=403",
    ),
    "cobenefits:compare": ("200 200", "200 200"),
    "cobenefits:compare_csv": ("200 200", "200 200"),
    "cobenefits:asked": ("200 200", "200 200"),
}

MONEY: dict[str, tuple[str, str]] = {
    "offsets:bank": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "offsets:credit": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "offsets:match_confirm": ("login 404 secretariat=405", "login 404 secretariat=302"),
    "offsets:match_aside": ("login 404 secretariat=405", "login 404 secretariat=422"),
    "offsets:refund": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "offsets:refund_confirm": ("login 404 secretariat=405", "login 404 secretariat=302"),
    "offsets:refund_back": ("login 404 secretariat=405", "login 404 secretariat=302"),
    "offsets:payouts": ("login 404 secretariat=200", "login 404 secretariat=405"),
    "offsets:payout_new": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "offsets:payout": ("login 404 secretariat=200", "login 404 secretariat=405"),
    "offsets:payout_confirm": ("login 404 secretariat=405", "login 404 secretariat=302"),
    "offsets:payout_aside": ("login 404 secretariat=405", "login 404 secretariat=422"),
    "offsets:offers": (
        "login 404 participant=200 rival=200",
        "login 404 participant=200 rival=200",
    ),
    "offsets:sales": (
        "login 404 participant=200 rival=200",
        "login 404 participant=405 rival=405",
    ),
    "offsets:sales_export": (
        "login 404 participant=200 rival=200",
        "login 404 participant=405 rival=405",
    ),
    "offsets:revenue_export": (
        "login 404 participant=200 rival=200",
        "login 404 participant=405 rival=405",
    ),
    "offsets:payouts_export": (
        "login 404 participant=200 rival=200",
        "login 404 participant=405 rival=405",
    ),
}
