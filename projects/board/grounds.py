"""On which grounds a review can be asked for, by kind of request, with stable codes.

Registration: the validation requirements (decision 3/CMP.1, paragraphs 37 and 40, unverified).
Issuance: fraud, malfeasance or incompetence of the DOE alone (domain, 2.6, unverified).
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
GROUNDS = {"registration": REGISTRATION, "issuance": ISSUANCE}
