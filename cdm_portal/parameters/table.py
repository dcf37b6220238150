"""The numbers themselves: every row with its unit, days and source, and which may be changed."""


from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

UNVERIFIED = "general knowledge of the published procedure"
METHODOLOGIES = "general knowledge of the published methodologies"
TOOL = "general knowledge of the published TOOL07"
REPORTS = "general knowledge of the IPCC's assessment reports"
OWN = "this portal's own rule"
SAMPLING = "general knowledge of the standard for sampling and surveys (EB 65 annex 2)"

START = date(2005, 2, 16)
BORDER = date(2012, 12, 31)
AFTER_BORDER = date(2013, 1, 1)
TEMPORARY = date(2021, 1, 1)
BEFORE_TEMPORARY = date(2020, 12, 31)
DAY_WITHIN = {1: BORDER, 2: AFTER_BORDER, 3: TEMPORARY}
LOWEST = "the lowest of the second, fourth and fifth (EB 108, temporary measures)"

Value = Decimal | Fraction | date


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the rules with the days on which it holds (`valid_to` None: still does).

    A share that no decimal number can write is a fraction; a deadline of the calendar is a day.
    """

    name: str
    value: Value
    unit: str
    label: str
    source: str
    verified: bool
    valid_from: date = START
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether this row is the one in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def _row(
    name: str, value: str | Fraction | date, unit: str, label: str, source: str = UNVERIFIED, *,
    verified: bool = False, valid_from: date = START, valid_to: date | None = None,
) -> Parameter:
    given = Decimal(value) if isinstance(value, str) else value
    return Parameter(name, given, unit, label, source, verified, valid_from, valid_to)


def _own(name: str, value: str, unit: str, label: str) -> Parameter:
    return _row(name, value, unit, label, OWN, verified=True)


def _potentials(
    gas: str, unit: str, shown: str, second: str, fourth: str, lowest: str
) -> tuple[Parameter, ...]:
    label = f"Global warming potential of {shown}, for reductions then"
    return (
        _row(f"gwp_{gas}", second, unit, label, f"{REPORTS} (second)", valid_to=BORDER),
        _row(f"gwp_{gas}", fourth, unit, label, f"{REPORTS} (fourth)",
             valid_from=AFTER_BORDER, valid_to=BEFORE_TEMPORARY),
        _row(f"gwp_{gas}", lowest, unit, label, f"{REPORTS}: {LOWEST}", valid_from=TEMPORARY),
    )


TABLE: tuple[Parameter, ...] = (
    _row("gsc_days", "30", "days", "Public comments on a project design document",
         "cdmrulebook.org/421 (EB 50), not compared with the published text"),
    _row("prior_consideration_days", "180", "days",
         "Notice of prior consideration, after the start date of a project activity",
         "EB 48 annex 61, not compared with the published text"),
    _row("prior_consideration_from", date(2008, 8, 2), "day",
         "First start date for which prior consideration has to be notified",
         "EB 48 annex 61, not compared with the published text"),
    _row("completeness_days", "7", "days", "Completeness check of a request",
         "cdm.unfccc.int, how to register, not compared with the published text"),
    _row("information_days", "23", "days", "Information and reporting check of a request",
         "cdm.unfccc.int, how to register, not compared with the published text"),
    _row("registration_review_days", "28", "days",
         "Window for requesting a review of a request for registration"),
    _row("issuance_review_days", "28", "days",
         "Window for requesting a review of a request for issuance",
         "cdmrulebook.org/738 (EB 64 annex 4), not compared with the published text"),
    _row("renewal_review_days", "28", "days",
         "Window for requesting a review of a request for renewal of a crediting period"),
    _row("change_review_days", "28", "days",
         "Window for requesting a review of a request for a post-registration change"),
    _row("renewal_earliest_days", "270", "days",
         "Earliest before the expiry that the renewal of a crediting period is prepared"),
    _row("renewal_latest_years", "1", "years",
         "Latest after the expiry that the renewal of a crediting period is requested",
         "CDM project cycle procedure v02.0 (domain, S13), not compared with the published text",
         valid_from=date(2019, 1, 1)),
    _row("review_members", "3", "members", "Board members who together start a review",
         "decision 3/CMP.1, paragraph 41 (cdmrulebook.org/1623), not compared"),
    _row("decision_meetings", "2", "meetings",
         "Meetings after a request for review by the last of which the Board decides",
         "decision 3/CMP.1, paragraph 41 (cdmrulebook.org/1623), not compared"),
    _row("reply_days", "28", "days", "Reply of participants and DOE to a review"),
    _row("assessment_days", "14", "days",
         "Assessments by the secretariat and the Registration and Issuance Team"),
    _row("objection_days", "20", "days",
         "Objection of a Board member to a decision that both assessments propose"),
    _row("board_seats", "10", "seats", "Seats of the Board, each with a member and an alternate",
         "general knowledge of decision 3/CMP.1"),
    _row("ruling_quorum", Fraction(2, 3), "share",
         "Members who must vote, of those who may, for a ruling of the Board",
         "general knowledge of decision 3/CMP.1"),
    _row("ruling_majority", Fraction(3, 4), "share",
         "Majority of the members present and voting, without consensus"),
    _row("fee_low_rate", "0.10", "USD/t", "Registration fee for the first 15,000 t a year",
         "EB 54 annex 29 (cdmrulebook.org/PageId/179), not compared with the published text"),
    _row("fee_high_rate", "0.20", "USD/t", "Registration fee above 15,000 t a year",
         "EB 54 annex 29 (cdmrulebook.org/PageId/179), not compared with the published text"),
    _row("fee_threshold", "15000", "t/year", "Annual average below which no fee is due",
         "EB 54 annex 29 (cdmrulebook.org/PageId/179), not compared with the published text"),
    _row("fee_cap", "350000", "USD", "Most that a registration fee can be"),
    _row("fee_deferred_projects", "10", "projects",
         "Hosts with fewer registered projects pay after the first issuance",
         "EB 54 annex 29 (cdmrulebook.org/PageId/179), not compared with the published text"),
    _row("fee_proof_days", "20", "days",
         "Proof that the registration fee was paid, after the version of the methodology ended",
         "CDM project cycle procedure v9, paragraph 76 (domain, S38), not compared"),
    _row("fee_money_days", "40", "days",
         "Receipt of the registration fee without such proof, after that end",
         "CDM project cycle procedure v9, paragraph 76 (domain, S38), not compared"),
    _row("sop_low_rate", "0.10", "USD/CER",
         "Share of proceeds for administration, first CERs of a project in a calendar year",
         "EB 54 annex 29 (cdmrulebook.org/PageId/179), not compared with the published text"),
    _row("sop_high_rate", "0.20", "USD/CER",
         "Share of proceeds for administration, further CERs of the project in that year",
         "EB 54 annex 29 (cdmrulebook.org/PageId/179), not compared with the published text"),
    _row("sop_threshold", "15000", "CERs/year",
         "CERs of a project in a calendar year up to which the lower share holds",
         "EB 54 annex 29 (cdmrulebook.org/PageId/179), not compared with the published text"),
    _row("sop_instalments", "1", "parts",
         "Parts in which the share for administration may be paid, each releasing its part of the "
         "CERs; 1: all of it before issuance",
         "EB 96 and EB 106 allowed instalments later, not compared with the published texts"),
    _row("sop_instalment_min", "1500", "USD",
         "Smallest instalment of the share for administration, where instalments are taken",
         "EB 96, not compared with the published text"),
    _row("adaptation_share", "0.02", "share", "Share of proceeds to the Adaptation Fund",
         "cdm.unfccc.int/Registry/accounts, not compared with the decision"),
    _row("small_scale_mw", "15", "MW", "Most capacity of a small-scale type I project",
         "decision 1/CMP.2, paragraph 28 (cdmrulebook.org/152), not compared"),
    _row("fixed_crediting_years", "10", "years", "Longest fixed crediting period",
         "cdmrulebook.org/310, not compared with the published text"),
    _row("renewable_crediting_years", "7", "years", "Longest renewable crediting period",
         "cdmrulebook.org/310, not compared with the published text"),
    _row("renewable_crediting_periods", "3", "periods",
         "Most renewable crediting periods of one project", METHODOLOGIES),
    _row("programme_years", "28", "years",
         "Length of a programme of activities, counted here from its registration"),
    _row("sectoral_scopes", "15", "scopes", "Sectoral scopes in which a DOE can be accredited"),
    _row("accreditation_years", "5", "years", "Term of an accreditation"),
    _row("accreditation_hearing_days", "30", "days",
         "Time for a DOE to answer before its accreditation is suspended or withdrawn, or an "
         "excess issuance decided"),
    _row("suspension_most_months", "12", "months",
         "Longest term of a suspension for putting things right"),
    _row("excess_repayment_days", "30", "days",
         "Time for a DOE to acquire and cancel CERs issued in excess, from the end of the review"),
    _row("first_period_ends", BORDER, "day", "Last day of the first commitment period"),
    _row("last_reduction_date", date(2020, 12, 31), "day",
         "Last day whose reductions earn CERs under historic rules; demonstration rules lift it",
         "decision 2/CMP.16, not compared with the text"),
    *_potentials("ch4", "tCO2e/tCH4", "methane", "21", "25", "21"),
    *_potentials("n2o", "tCO2e/tN2O", "nitrous oxide", "310", "298", "265"),
    *_potentials("sf6", "tCO2e/tSF6", "sulphur hexafluoride", "23900", "22800", "22800"),
    *_potentials("hfc23", "tCO2e/tHFC-23", "HFC-23", "11700", "14800", "11700"),
    _row("om_weight_intermittent", "0.75", "share",
         "Weight of the operating margin for wind and solar", TOOL),
    _row("om_weight_first", "0.5", "share",
         "Weight of the operating margin otherwise, first crediting period", TOOL),
    _row("om_weight_later", "0.25", "share",
         "Weight of the operating margin otherwise, later crediting periods", TOOL),
    _row("build_margin_units", "5", "units",
         "Most recent power units that the build margin looks at", TOOL),
    _row("build_margin_share", "0.20", "share",
         "Share of generation that the most recent units of the build margin reach", TOOL),
    _row("reservoir_excluded_up_to", "4", "W/m²",
         "Power density up to which a new reservoir excludes a hydropower plant", METHODOLOGIES),
    _row("reservoir_emits_up_to", "10", "W/m²",
         "Power density up to which a new reservoir counts with emissions", METHODOLOGIES),
    _row("reservoir_factor", "90", "kgCO2e/MWh", "Emission factor of a new reservoir",
         METHODOLOGIES),
    _own("grid_factor_max", "3", "tCO2/MWh", "Highest plausible emission factor of a grid"),
    _own("grid_data_from_year", "1990", "year", "Earliest data of a published grid factor"),
    _own("calorific_value_max", "130", "GJ/t", "Highest plausible net calorific value of a fuel"),
    _own("fuel_factor_max", "0.2", "tCO2/GJ", "Highest plausible emission factor of a fuel"),
    _own("full_load_tolerance", "1.05", "of full load", "Highest plausible reading of a meter"),
    _own("hold_minutes", "20", "minutes", "Units are held this long at checkout"),
    _own("card_hold_minutes", "35", "minutes",
         "Units are held this long once the buyer goes to pay by card: the payment page of Stripe "
         "stays open for half an hour at least"),
    _own("hold_prolongations", "5", "attempts",
         "Most attempts to pay in one way, one after the other, that hold the units of an order "
         "longer"),
    _own("anonymous_hold_share", "0.20", "share",
         "Most of a lot that unpaid orders begun without signing in hold together"),
    _own("invoice_hold_days", "10", "days", "Units of an order that is paid by invoice are held"),
    _own("invoice_guest_tonnes", "100", "t",
         "Most that one order begun without signing in may hold for an invoice"),
    _own("invoice_guest_share", "0.10", "share",
         "Most of a lot that invoices of buyers who did not sign in hold together"),
    _own("payment_watch_days", "120", "days",
         "A settled card payment is asked after once a day this long, for money that went back"),
    _own("bank_statement_max_mb", "2", "MB", "Largest account statement that may be imported"),
    _own("bank_statement_entries", "5000", "entries", "Most entries of one account statement"),
    _own("basket_days", "30", "days", "A basket that nobody changes is kept at most this long"),
    _own("abandoned_order_days", "30", "days",
         "Name, address and reason of an order that nobody paid are kept this long after its units "
         "were last held"),
    _own("data_link_minutes", "30", "minutes",
         "A link to the data of orders works this long"),
    _row("money_records_years", "10", "years",
         "Payments and invoices are kept this long, after an erasure without a name; who paid by "
         "transfer is erased then",
         "general knowledge of bookkeeping law"),
    _own("paid_hold_days", "365", "days",
         "Units of a paid order are kept for it at most this long"),
    _own("order_max_tonnes", "10000000", "t", "Most that one order may ask for"),
    _own("quote_minutes", "15", "minutes", "A quote of the API may be ordered from this long"),
    _own("api_key_days", "365", "days", "Longest life of an API key"),
    _own("api_requests_per_minute", "120", "requests", "Most requests of one API key in a minute"),
    _own("api_open_orders", "20", "orders",
         "Most unpaid orders that the API keys of one organisation hold units for"),
    _own("price_max", "1000000", "USD/t", "Highest price of an offer"),
    _own("reminder_days", "3", "days", "Reminder before a deadline"),
    _own("mail_within_days", "3", "days",
         "An act that is told later than this is told in the portal alone, without a mail"),
    _own("upload_max_mb", "20", "MB", "Largest file that may be uploaded"),
    _own("readings_max_mb", "100", "MB", "Largest file of minute or quarter-hour readings"),
    _row("survey_errors_small", "1.645", "standard errors",
         "Half the interval of 90 per cent confidence in which a survey of a small-scale project "
         "lies", SAMPLING),
    _row("survey_errors_large", "1.96", "standard errors",
         "Half the interval of 95 per cent confidence in which a survey of a large-scale project "
         "lies", SAMPLING),
    _row("survey_precision", "10", "%",
         "Largest half of that interval, relative to the mean, with which the mean counts",
         SAMPLING),
    _row("survey_units_min", "30", "units",
         "Fewest units of a survey that does not ask every unit", SAMPLING),
    _own("readings_gaps_max", "2000", "gaps", "Most separate gaps that one table may have"),
    _own("clock_change_hours", "4", "hours", "Clocks are changed this soon after midnight"),
    _own("outlying_spreads", "10", "interquartile ranges",
         "A reading this far above the upper quartile is shown as outlying"),
    _row("sampling_deviate_small", "1.645", "standard deviations",
         "Confidence of the sample of readings of a DOE, small scale: 90 %", SAMPLING),
    _row("sampling_deviate_large", "1.960", "standard deviations",
         "Confidence of the sample of readings of a DOE, large scale: 95 %", SAMPLING),
    _row("sampling_precision", "0.10", "share", "Precision of that sample, each way", SAMPLING),
    _own("sampling_named_max", "25", "records", "Most outlying or treated records sampled besides"),
    _row("estimate_explained_above", "1", "times the estimate",
         "Achieved reductions above this are explained", f"{UNVERIFIED} (form of the report)"),
    _own("history_explained_beyond", "1.25", "times",
         "Measured amounts a day this far beyond every earlier period are explained"),
    _own("name_max_length", "200", "characters", "Longest name on a certificate"),
    _own("certificate_reissues_max", "3", "reissues",
         "A certificate is printed again under a corrected name at most so often"),
    _own("verify_file_max_mb", "5", "MB", "Largest file that the page of verification reads"),
    _own("reason_max_length", "140", "characters", "Longest reason on a certificate"),
    _row("commitment_period_2_last_year", "2020", "year",
         "Last year of commitment period 2, when tCERs of period 1 expire",
         "general knowledge of decision 5/CMP.1, not compared with the published text"),
    _row("commitment_period_3_last_year", "2030", "year",
         "Last year of what registries code as period 3, when tCERs of period 2 expire",
         "general knowledge of decision 5/CMP.1 and registry codes, not compared"),
    _own("trusted_delay_hours", "24", "hours",
         "A transfer to an account that is not trusted waits this long, and so does new trust"),
    _row("transaction_hours", "24", "hours",
         "A transaction that is not finished after this long is cancelled",
         "practice of a Kyoto registry, not compared with the data exchange standards"),
)


AMENDABLE: frozenset[str] = frozenset({
    "gsc_days", "completeness_days", "information_days", "registration_review_days",
    "issuance_review_days", "renewal_review_days", "change_review_days", "renewal_earliest_days",
    "renewal_latest_years", "review_members", "reply_days", "assessment_days", "objection_days",
    "ruling_quorum", "ruling_majority", "accreditation_years", "accreditation_hearing_days",
    "suspension_most_months", "excess_repayment_days",
    "fee_low_rate", "fee_high_rate", "fee_threshold", "fee_cap", "fee_deferred_projects",
    "fee_proof_days", "fee_money_days",
    "sop_low_rate", "sop_high_rate", "sop_threshold", "sop_instalments", "sop_instalment_min",
    "adaptation_share", "hold_minutes", "anonymous_hold_share", "invoice_hold_days",
    "invoice_guest_tonnes", "invoice_guest_share", "paid_hold_days", "price_max",
    "trusted_delay_hours", "transaction_hours", "reminder_days", "mail_within_days",
})
"""What two persons may change: numbers of procedure and of this portal, which are asked by day."""
