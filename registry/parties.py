"""Parties as the registry knows them: facts carried over, with their source and confidence. Pure.

Host Parties: the 113 Parties that host activities in the UNFCCC database of project activities,
edition of 30 November 2021. The flags for least developed countries and small island developing
States are as of that edition and UNVERIFIED against the UN lists: Bhutan, for one, left the list of
least developed countries in 2023, and Nigeria, which the edition marks, is not marked here, since
it is not known ever to have been on it. Annex I Parties take part as investors and never host;
Cyprus and Malta hosted before they joined Annex I. The list of Annex I Parties is UNVERIFIED, from
general knowledge.
"""

AS_OF = "30 November 2021, unverified"


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())

LDC = _codes("""
    AO BD BF BI BT CD ET GM GQ HT KH LA LR LS MG ML MM MW MZ NE NP RW SD SL SN TG TZ UG VU YE ZM
""")

SIDS = _codes("BB BS BZ CU CV DO FJ GY HT JM MU PG SG TT VU")

ANNEX_I = _codes("""
    AT AU BE BG BY CA CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT JP LI LT LU LV MC MT NL NO NZ
    PL PT RO RU SE SI SK TR UA US
""")

_BY_REGION = {
    "Africa": """
        AO Angola; BF Burkina Faso; BI Burundi; CD Democratic Republic of the Congo; CI Côte
        d’Ivoire; CM Cameroon; CV Cabo Verde; DZ Algeria; EG Egypt; ET Ethiopia; GA Gabon; GH
        Ghana; GM Gambia; GQ Equatorial Guinea; KE Kenya; LR Liberia; LS Lesotho; LY Libya; MA
        Morocco; MG Madagascar; ML Mali; MU Mauritius; MW Malawi; MZ Mozambique; NA Namibia; NE
        Niger; NG Nigeria; RW Rwanda; SD Sudan; SL Sierra Leone; SN Senegal; SZ Eswatini; TG Togo;
        TN Tunisia; TZ United Republic of Tanzania; UG Uganda; ZA South Africa; ZM Zambia; ZW
        Zimbabwe""",
    "Americas": """
        AR Argentina; BB Barbados; BO Bolivia; BR Brazil; BS Bahamas; BZ Belize; CA Canada; CL
        Chile; CO Colombia; CR Costa Rica; CU Cuba; DO Dominican Republic; EC Ecuador; GT
        Guatemala; GY Guyana; HN Honduras; HT Haiti; JM Jamaica; MX Mexico; NI Nicaragua; PA
        Panama; PE Peru; PY Paraguay; SV El Salvador; TT Trinidad and Tobago; US United States of
        America; UY Uruguay""",
    "Asia": """
        AE United Arab Emirates; AM Armenia; AZ Azerbaijan; BD Bangladesh; BT Bhutan; CN China; CY
        Cyprus; GE Georgia; ID Indonesia; IL Israel; IN India; IQ Iraq; IR Islamic Republic of
        Iran; JO Jordan; JP Japan; KG Kyrgyzstan; KH Cambodia; KP Democratic People’s Republic of
        Korea; KR Republic of Korea; KW Kuwait; LA Lao People’s Democratic Republic; LB Lebanon; LK
        Sri Lanka; MM Myanmar; MN Mongolia; MY Malaysia; NP Nepal; OM Oman; PH Philippines; PK
        Pakistan; QA Qatar; SA Saudi Arabia; SG Singapore; SY Syrian Arab Republic; TH Thailand; TJ
        Tajikistan; TM Turkmenistan; TR Türkiye; UZ Uzbekistan; VN Viet Nam; YE Yemen""",
    "Europe": """
        AL Albania; AT Austria; BA Bosnia and Herzegovina; BE Belgium; BG Bulgaria; BY Belarus; CH
        Switzerland; CZ Czechia; DE Germany; DK Denmark; EE Estonia; ES Spain; FI Finland; FR
        France; GB United Kingdom; GR Greece; HR Croatia; HU Hungary; IE Ireland; IS Iceland; IT
        Italy; LI Liechtenstein; LT Lithuania; LU Luxembourg; LV Latvia; MC Monaco; MD Republic of
        Moldova; ME Montenegro; MK North Macedonia; MT Malta; NL Netherlands; NO Norway; PL Poland;
        PT Portugal; RO Romania; RS Serbia; RU Russian Federation; SE Sweden; SI Slovenia; SK
        Slovakia; UA Ukraine""",
    "Oceania": """
        AU Australia; FJ Fiji; NZ New Zealand; PG Papua New Guinea; VU Vanuatu""",
}

PARTIES: tuple[tuple[str, str, str], ...] = tuple(
    (entry[:2], entry[3:], region)
    for region, entries in _BY_REGION.items()
    for entry in " ".join(entries.split()).split("; ")
)
"""Code, name and region of every Party."""
