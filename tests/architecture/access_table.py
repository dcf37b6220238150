"""Who gets which answer where: every URL × every member of the cast × GET and POST.

Each row names a route and says, for GET and then for POST with an empty form, what a visitor is
answered, what every member of the cast is answered, and who is answered otherwise. `login` is the
way to the sign-in; 302 any other redirect; 422 a form shown again with what is missing; 409 what
the stage of the case does not allow. What one may not know of is 404 (decisions, 18); 405 says
only that a route has no such method. Each row was read against the permission matrix (domain, 4).

The cast: buyer, participant (who owns every project of the world), rival (another participant),
dna (of the host), foreign (another Party's), doe (validates), verifier (verifies), stranger (a
third DOE without accreditation), board, rit (expert of the Registration and Issuance Team),
secretariat, registry, auditor, superuser (staff, no role).
"""

from __future__ import annotations

from tests.architecture.access_table_desks import DESKS

CAST = (
    "buyer", "participant", "rival", "dna", "foreign", "doe", "verifier", "stranger", "board",
    "rit", "secretariat", "registry", "auditor", "superuser",
)

ACCESS: dict[str, tuple[str, str]] = DESKS | {
    # Pages that belong to nobody's desk
    "home": ("200 200", "200 200"),
    "catalogue_export": ("200 200", "200 200"),
    "catalogue": ("200 200", "200 200"),
    "project": ("200 200", "200 200"),
    "components": ("200 200", "200 200"),
    "component": ("200 200", "200 200"),
    "stage_times": ("200 200", "200 200"),
    "stage_times_export": ("200 200", "200 200"),
    "cover": ("200 200", "200 200"),
    "tonne": ("200 200", "200 200"),
    "tonne_paper": ("200 200", "200 200"),
    "tonne_readings": ("200 200", "200 200"),
    "tonne_of_issuance": ("302 302", "302 302"),
    "cover_wide": ("200 200", "200 200"),
    "activities": ("200 200", "200 200"),
    "activity": ("200 200", "200 200"),
    "document": (
        "404 404 participant=200 dna=200 auditor=200",
        "404 404 participant=200 dna=200 auditor=200",
    ),
    "desk": ("login 200", "login 200"),
    "notices": ("login 200 superuser=404", "login 302 superuser=404"),
    "notice_choices": ("login 200 superuser=404", "login 422 superuser=404"),
    "notice": ("login 404 dna=200", "login 404 dna=302"),
    "agenda": ("login 200 superuser=404", "login 302 superuser=404"),
    "calendar": ("200 200", "405 405"),
    "clock-advance": ("login 405", "login 404"),
    "how-it-works": ("200 200", "200 200"),
    "accessibility": ("200 200", "200 200"),
    "data": ("200 200", "200 200"),
    "privacy": ("200 200", "200 200"),
    "terms": ("200 200", "200 200"),
    "methodologies": ("200 200", "200 200"),
    "methodology": ("200 200", "200 200"),
    "parameters": ("200 200", "200 200"),
    "permissions": ("200 200", "200 200"),
    "rule_changes": (
        "login 404 board=200 secretariat=200 auditor=200",
        "login 404 board=200 secretariat=200 auditor=200",
    ),
    "rule_change_new": ("login 404 secretariat=200", "login 404 secretariat=422"),
    "rule_change": (
        "login 404 board=200 secretariat=200 auditor=200",
        "login 404 board=422 secretariat=422 auditor=403",
    ),
    "styleguide": ("200 200", "200 200"),
    "healthz": ("503 503", "503 503"),
    "schema": ("200 200", "405 405"),
    "api_docs": ("200 200", "200 200"),

    # Choosing a role
    "identity:act_as": ("login 405", "login 404"),

    # The registry: what all may read, then its administration
    "registry:overview": ("200 200", "200 200"),
    "registry:issuances": ("200 200", "200 200"),
    "registry:issuances_export": ("200 200", "200 200"),
    "registry:cancellations": ("200 200", "200 200"),
    "registry:cancellations_export": ("200 200", "200 200"),
    "registry:totals": ("200 200", "200 200"),
    "registry:totals_export": ("200 200", "200 200"),
    "search": ("200 200", "200 200"),
    "registry:serial": ("200 200", "200 200"),
    "registry:desk": (
        "login 404 secretariat=200 registry=200 auditor=200",
        "login 404 secretariat=200 registry=200 auditor=200",
    ),
    "registry:reconcile": (
        "login 404 secretariat=405 registry=405",
        "login 404 secretariat=302 registry=302",
    ),
    "registry:release": (
        "login 404 secretariat=200 registry=200",
        "login 404 secretariat=302 registry=302",
    ),
    "registry:proposal": (
        "login 404 participant=200 registry=200 auditor=200",
        "login 404 participant=422 registry=422 auditor=403",
    ),
    "registry:reject": (
        "login 404 participant=200 registry=200",
        "login 404 participant=422 registry=422",
    ),
    "registry:execute": ("login 404 registry=405", "login 404 registry=409"),
    "registry:measure": (
        "login 404 registry=200 auditor=200", "login 404 registry=422 auditor=403"
    ),
    "registry:measure_reject": ("login 404 registry=200", "login 404 registry=422"),
    "registry:stop": ("login 404 registry=200", "login 404 registry=422"),
    "registry:authorisations": (
        "login 404 secretariat=200 registry=200",
        "login 404 secretariat=422 registry=422",
    ),
    "registry:revoke": ("login 404 registry=200", "login 404 registry=422"),
    "registry:block_freeze": ("login 404 registry=200", "login 404 registry=422"),
    "registry:checks": ("200 200", "200 200"),
    "registry:forward": ("login 404 registry=200", "login 404 registry=422"),
    "registry:accounts": (
        "login 404 participant=200 rival=200 board=200 secretariat=200 registry=200 auditor=200",
        "login 404 participant=200 rival=200 board=200 secretariat=200 registry=200 auditor=200",
    ),
    "registry:account_new": ("login 404 registry=200", "login 404 registry=422"),
    "registry:account": (
        "login 404 participant=200 board=200 secretariat=200 registry=200 auditor=200",
        "login 404 participant=200 board=200 secretariat=200 registry=200 auditor=200",
    ),
    "registry:statement": (
        "login 404 participant=200 board=200 secretariat=200 registry=200 auditor=200",
        "login 404 participant=200 board=200 secretariat=200 registry=200 auditor=200",
    ),
    "registry:statement_export": (
        "login 404 participant=200 board=200 secretariat=200 registry=200 auditor=200",
        "login 404 participant=200 board=200 secretariat=200 registry=200 auditor=200",
    ),
    "registry:account_cancel": (
        "login 404 participant=200 registry=200",
        "login 404 participant=422 registry=422",
    ),
    "registry:account_transfer": (
        "login 404 participant=200 registry=200",
        "login 404 participant=422 registry=422",
    ),
    "registry:account_trusted": (
        "login 404 participant=200 registry=200",
        "login 404 participant=422 registry=422",
    ),
    "registry:account_close": ("login 404 registry=200", "login 404 registry=422"),
    "registry:account_representatives": ("login 404 registry=200", "login 404 registry=422"),
    "registry:freeze": ("login 404 registry=200", "login 404 registry=422"),

    # The sealed log
    "transparency:integrity": ("200 200", "405 405"),
    "transparency:log": ("200 200", "405 405"),
    "transparency:heads_file": ("200 200", "405 405"),
    "transparency:verifier": ("200 200", "405 405"),
    "transparency:head": ("200 200", "405 405"),
    "transparency:proof": ("200 200", "405 405"),

    # Co-benefits
    "cobenefits:report": ("login 404 participant=200", "login 404 participant=422"),
    "cobenefits:withdraw": ("405 405", "login 404 participant=422"),
    "cobenefits:publication": (
        "login 404 secretariat=200 auditor=200", "login 404 secretariat=422 auditor=403",
    ),
    "cobenefits:comment": ("login 404 dna=200 foreign=403", "login 404 dna=422 foreign=403"),
    "cobenefits:public": ("200 200", "200 200"),

    # The shop
    "offsets:order_new": ("404 404", "404 404 registry=403 auditor=403"),
    "offsets:order": ("200 200", "403 403"),
    "offsets:hold_again": ("405 405", "403 403"),
    "offsets:go_back": ("405 405", "403 403"),
    "offsets:status": ("200 200", "405 405"),
    "offsets:webhook": ("405 405", "400 400"),
    "offsets:sandbox": ("200 200", "422 422"),
    "offsets:certificate_pdf": ("200 200", "405 405"),
    "offsets:certificate": ("200 200", "405 405"),
    "offsets:verify_form": ("200 200", "405 405"),
    "offsets:verify": ("200 200", "405 405"),
    "offsets:cancellations": ("200 200", "405 405"),
    "offsets:cancellations_csv": ("200 200", "405 405"),
    "offsets:offers": (
        "login 404 participant=200 rival=200",
        "login 404 participant=200 rival=200",
    ),
    "offsets:offer_new": ("login 404 participant=200", "login 404 participant=422"),
    "offsets:consent_new": ("login 404 participant=200", "login 404 participant=422"),
    "offsets:consent": ("login 404 participant=200", "login 404 participant=302"),
    "offsets:offer_price": ("login 404 participant=200", "login 404 participant=422"),
    "offsets:offer_pause": ("login 404 participant=405 rival=405", "login 404 participant=302"),
    "offsets:offer_resume": ("login 404 participant=405 rival=405", "login 404 participant=302"),
    "offsets:offer_close": ("login 404 participant=405 rival=405", "login 404 participant=302"),

    # The API: read only
    "api:projects": ("200 200", "405 405"),
    "api:stage_times": ("200 200", "405 405"),
    "api:project": ("200 200", "405 405"),
    "api:project_reviews": ("200 200", "405 405"),
    "api:requests": ("200 200", "403 403 doe=422 verifier=422 stranger=422"),
    "api:request": ("200 200", "405 405"),
    "api:co_benefits": ("200 200", "405 405"),
    "api:co_benefit_act": ("405 405", "403 403 participant=409 rival=404"),
    "api:act": (
        "405 405",
        "403 403 rival=404 foreign=404 verifier=404 stranger=404 dna=422 board=422",
    ),
    "api:check": ("405 405", "403 403 secretariat=422"),
    "api:meetings": ("200 200", "405 405"),
    "api:project_components": ("200 200", "405 405"),
    "api:issuances": ("200 200", "405 405"),
    "api:cancellations": ("200 200", "405 405"),
    "api:certificate": ("200 200", "405 405"),
    "api:entities": ("200 200", "405 405"),
    "api:debts": ("200 200", "405 405"),
    "api:validations": ("200 200", "405 405"),
    "api:verifications": ("200 200", "405 405"),
    "api:findings": ("200 200", "405 405"),
    "api:letters": ("200 200", "405 405"),
    "api:documents": ("200 200", "405 405"),
    "api:comments": ("200 200", "405 405"),
    "api:periods": ("200 200", "405 405"),
    "api:parameters": ("200 200", "405 405"),
    "api:permissions": ("200 200", "405 405"),
    "api:methodologies": ("200 200", "405 405"),
    "api:methodology": ("200 200", "405 405"),
    "api:calculations": ("405 405", "415 415"),
    "api:deadlines": ("403 200 superuser=403", "405 405"),
    "api:units": ("200 200", "405 405"),
    "api:blocks": ("200 200", "405 405"),
    "api:transactions": ("200 200", "405 405"),
    "api:statement": (
        "403 404 participant=200 board=200 secretariat=200 registry=200 auditor=200 superuser=403",
        "405 405",
    ),
    "api:proposals": ("405 405", "403 403 participant=400 rival=400 registry=400"),
    "api:proposal": ("403 404 participant=200 registry=200 auditor=200 superuser=403", "405 405"),
    "api:tree_heads": ("200 200", "405 405"),
    "api:latest_tree_head": ("200 200", "405 405"),
    "api:tree_head": ("200 200", "405 405"),
    "api:continuation": ("200 200", "405 405"),
    "api:proof": ("200 200", "405 405"),

    # Signing in, and one's own second factors
    "account_login": ("200 302", "200 302"),
    "account_logout": ("302 200", "302 302"),
    "account_inactive": ("200 200", "405 405"),
    "account_signup": ("200 302", "200 302"),
    "account_reauthenticate": ("login 200", "login 200"),
    "account_email": ("login 200", "login 302"),
    "account_email_verification_sent": ("200 200", "405 405"),
    "account_change_password": ("login 200", "login 200"),
    "account_set_password": ("login 302", "login 302"),
    "account_reset_password": ("200 200", "200 200"),
    "account_confirm_login_code": ("login 302", "login 302"),
    "account_confirm_email": ("200 200", "404 404"),
    "account_reset_password_from_key_done": ("200 200", "405 405"),
    "account_reset_password_from_key": ("200 200", "200 200"),
    "account_reset_password_done": ("200 200", "405 405"),
    "mfa_index": ("login 200", "login 405"),
    "mfa_authenticate": ("login 302", "login 302"),
    "mfa_reauthenticate": ("login 302", "login 302"),
    "mfa_activate_totp": ("login 302", "login 302"),
    "mfa_deactivate_totp": ("login 404", "login 404"),
    "mfa_view_recovery_codes": ("login 404", "login 405"),
    "mfa_generate_recovery_codes": ("login 302", "login 302"),
    "mfa_download_recovery_codes": ("login 404", "login 404"),
    "mfa_list_webauthn": ("login 200", "login 405"),
    "mfa_add_webauthn": ("login 302", "login 302"),
    "mfa_reauthenticate_webauthn": ("login 302", "login 302"),
    "mfa_remove_webauthn": ("login 302", "login 302"),
    "mfa_edit_webauthn": ("login 302", "login 302"),

    # What is not public yet
    "project (a draft)": (
        "404 404 participant=200 auditor=200",
        "404 404 participant=200 auditor=200",
    ),
    "cover (a draft)": (
        "404 404 participant=200 auditor=200",
        "404 404 participant=200 auditor=200",
    ),
    "cobenefits:public (a draft)": (
        "404 404 participant=200 auditor=200",
        "404 404 participant=200 auditor=200",
    ),
    "api:co_benefits (a draft)": ("404 404 participant=200 auditor=200", "405 405"),
    "api:project (a draft)": ("404 404", "405 405"),
    "api:project_reviews (a draft)": ("404 404", "405 405"),
    "document (of a draft)": (
        "404 404 participant=200 auditor=200",
        "404 404 participant=200 auditor=200",
    ),

    # The admin: a window for staff. Whoever else is signed in may not know of it
    "admin:index": ("302 404 auditor=200 superuser=200", "302 404 auditor=200 superuser=200"),
    "admin:app_list": ("302 404 auditor=200 superuser=200", "302 404 auditor=200 superuser=200"),
    "admin:login": ("login login", "login login"),
    "admin:logout": ("302 404 auditor=405 superuser=405", "302 404 auditor=302 superuser=302"),
    "admin:password_change": (
        "302 404 auditor=302 superuser=302",
        "302 404 auditor=302 superuser=302",
    ),
    "admin:password_change_done": (
        "302 404 auditor=200 superuser=200",
        "302 404 auditor=405 superuser=405",
    ),
    "admin:autocomplete": (
        "302 404 auditor=403 superuser=403",
        "302 404 auditor=405 superuser=405",
    ),
    "admin:jsi18n": ("302 404 auditor=200 superuser=200", "302 404 auditor=405 superuser=405"),
    "admin:view_on_site": ("302 404", "302 404"),
    "admin:*_changelist": (
        "302 404 auditor=200 superuser=200",
        "302 404 auditor=200 superuser=200",
    ),
    "admin:*_add": ("302 404 auditor=403 superuser=403", "302 404 auditor=403 superuser=403"),
    "admin:*_change": ("302 404 auditor=200 superuser=200", "302 404 auditor=403 superuser=403"),
    "admin:*_delete": ("302 404 auditor=403 superuser=403", "302 404 auditor=403 superuser=403"),
    "admin:*_history": ("302 404 auditor=200 superuser=200", "302 404 auditor=200 superuser=200"),
}
