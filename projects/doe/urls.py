"""Routes of the DOEs' work. `public_urlpatterns` stand at the root: no sign-in is needed there."""

from django.urls import path

from projects.doe.views import (
    components,
    debts,
    engagements,
    evidence,
    findings,
    public,
    register,
    revisions,
    validation,
    verification,
)

app_name = "doe"

urlpatterns = [
    path("", engagements.desk_page, name="desk"),
    path("accreditations/", register.accreditations, name="accreditations"),
    path("accreditations/ask/", register.ask, name="ask"),
    path("accreditations/relinquish/", register.relinquish, name="relinquish"),
    path("accreditations/propose/", register.propose, name="propose"),
    path("accreditations/exempt/", register.exempt, name="exempt"),
    path("accreditations/<int:pk>/", register.proceeding, name="proceeding"),
    path("debts/<int:pk>/repay/", debts.repay, name="repay"),
    path("engagements/<int:pk>/", engagements.engagement, name="engagement"),
    path("offer/<str:reference>/", engagements.offer, name="offer"),
    path("offer/<str:reference>/<int:number>/", engagements.offer_period, name="offer_period"),
    path(
        "offer/<str:reference>/revisions/<int:number>/", revisions.offer_revision,
        name="offer_revision",
    ),
    path("<str:reference>/revisions/<int:number>/", revisions.revision, name="revision"),
    path("components/<int:pk>/", components.component, name="component"),
    path("components/<int:pk>/submit/", components.submit, name="submit_component"),
    path("components/<int:pk>/renew/", components.renew, name="renew_component"),
    path("findings/<int:pk>/assess/", findings.assess, name="assess"),
    path("findings/<int:pk>/answer/", findings.answer, name="answer"),
    path("<str:reference>/findings/", findings.findings, name="findings"),
    path("<str:reference>/validation/", validation.validation, name="validation"),
    path("<str:reference>/validation/publish/", validation.publish, name="publish"),
    path("<str:reference>/validation/comments/", validation.respond, name="respond"),
    path("<str:reference>/validation/raise/", findings.raise_finding, name="raise"),
    path("<str:reference>/validation/opinion/", validation.opinion, name="opinion"),
    path("<str:reference>/validation/end/", validation.terminate, name="terminate"),
    path("<str:reference>/<int:number>/", verification.verification, name="verification"),
    path("<str:reference>/<int:number>/publish/", verification.publish, name="publish_report"),
    path("<str:reference>/<int:number>/progress/", verification.progress, name="progress"),
    path("<str:reference>/<int:number>/recompute/", verification.recompute, name="recompute"),
    path("<str:reference>/<int:number>/sample/", evidence.sample, name="sample"),
    path(
        "<str:reference>/<int:number>/checks/<str:code>/", evidence.explain, name="explain",
    ),
    path("<str:reference>/<int:number>/raise/", findings.raise_in_period, name="raise_in_period"),
    path("<str:reference>/<int:number>/certify/", verification.certify, name="certify"),
    path("<str:reference>/<int:number>/negative/", verification.negative, name="negative"),
]

public_urlpatterns = [
    path("projects/<str:reference>/comments/", public.comments, name="comments"),
    path("operational-entities/", public.directory, name="directory"),
    path("operational-entities/debts/", debts.debts, name="debts"),
    path("operational-entities/debts/<int:pk>/", debts.debt, name="debt"),
    path("operational-entities/<int:pk>/", public.entity, name="entity"),
]
