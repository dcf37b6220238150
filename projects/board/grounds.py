"""On which grounds a review can be asked for, by kind of request, with stable codes.

Registration: the validation requirements (decision 3/CMP.1, paragraphs 37 and 40, unverified).
Issuance: fraud, malfeasance or incompetence of the DOE alone (domain, 2.6, unverified).
Renewal and post-registration change: what the DOE validated (domain, 2.7, unverified).
"""

REGISTRATION = {
    "additionality": "Additionality",
    "baseline": "Baseline",
    "monitoring_plan": "Monitoring plan",
    "local_consultation": "Local consultation",
    "environmental_impacts": "Environmental impacts",
    "approval": "Approval",
}
ISSUANCE = {
    "fraud": "Fraud of the DOE",
    "malfeasance": "Malfeasance of the DOE",
    "incompetence": "Incompetence of the DOE",
}
RENEWAL = {
    "baseline": "Baseline, its validity or its update",
    "estimate": "Estimated reductions",
    "monitoring_plan": "Monitoring plan",
    "methodology": "Version of the methodology",
}
CHANGE = {
    "applicability": "Applicability of the methodology",
    "additionality": "Additionality",
    "scale": "Scale",
    "monitoring_plan": "Monitoring plan",
}
GROUNDS = {
    "registration": REGISTRATION, "issuance": ISSUANCE, "renewal": RENEWAL, "change": CHANGE,
}
