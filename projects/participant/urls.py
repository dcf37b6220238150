"""Routes of the participant's desk, under `desk/projects/`; `prior_urlpatterns` stand at the root.
"""

from django.urls import path

from projects.participant import views
from projects.participant.views import (
    communication,
    events,
    instruments,
    prior,
    series,
    surveys,
)

app_name = "participant"
urlpatterns = [
    path("", views.projects, name="projects"),
    path("new/", views.new, name="new"),
    path("<str:reference>/", views.project, name="project"),
    path("<str:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:reference>/prior-consideration/", views.notify, name="prior"),
    path("<str:reference>/design/", views.design_document, name="design"),
    path("<str:reference>/design/submit/", views.submit, name="submit"),
    path("<str:reference>/design/versions/<int:number>/", views.version, name="version"),
    path("<str:reference>/design/attachments/", views.attachments, name="attachments"),
    path("<str:reference>/design/attachments/<int:pk>/remove/", views.detach, name="detach"),
    path(
        "<str:reference>/design/grid-factors/<int:number>/take/", views.take_factor,
        name="take_factor",
    ),
    path("<str:reference>/design/<slug:section>/", views.section, name="section"),
    path(
        "<str:reference>/communication/", communication.communication, name="communication"
    ),
    path(
        "<str:reference>/communication/new/", communication.propose_statement,
        name="propose_statement",
    ),
    path(
        "<str:reference>/communication/<int:number>/sign/", communication.sign_statement,
        name="sign_statement",
    ),
    path(
        "<str:reference>/communication/<int:number>/withdraw/", communication.withdraw_statement,
        name="withdraw_statement",
    ),
    path("<str:reference>/forward/", communication.forward, name="forward"),
    path(
        "<str:reference>/forward/<int:pk>/sign/", communication.sign_forwarding,
        name="sign_forwarding",
    ),
    path(
        "<str:reference>/forward/<int:pk>/withdraw/", communication.withdraw_forwarding,
        name="withdraw_forwarding",
    ),
    path("<str:reference>/revisions/new/", views.new_revision, name="new_revision"),
    path("<str:reference>/revisions/<int:number>/", views.revision, name="revision"),
    path(
        "<str:reference>/revisions/<int:number>/withdraw/", views.withdraw_revision,
        name="withdraw_revision",
    ),
    path("<str:reference>/components/", views.components, name="components"),
    path("<str:reference>/components/<int:order>/", views.component, name="component"),
    path("<str:reference>/design/<slug:section>/typed/", views.typed, name="typed"),
    path(
        "<str:reference>/design/<slug:section>/typed/drop/", views.drop_typed, name="drop_typed"
    ),
    path("<str:reference>/calibrations/", instruments.calibrations, name="calibrations"),
    path("<str:reference>/periods/new/", views.new_period, name="new_period"),
    path("<str:reference>/periods/<int:number>/", views.period, name="period"),
    path(
        "<str:reference>/periods/<int:number>/template-<slug:resolution>.csv",
        views.template, name="template",
    ),
    path("<str:reference>/periods/<int:number>/gaps/", views.gaps, name="gaps"),
    path(
        "<str:reference>/periods/<int:number>/corrections/", instruments.corrections,
        name="corrections",
    ),
    path(
        "<str:reference>/periods/<int:number>/import/", series.progress,
        name="import_progress",
    ),
    path(
        "<str:reference>/periods/<int:number>/import/treat/", series.treat,
        name="import_treat",
    ),
    path(
        "<str:reference>/periods/<int:number>/import/columns/", series.columns,
        name="import_columns",
    ),
    path("<str:reference>/periods/<int:number>/events/", events.events, name="events"),
    path(
        "<str:reference>/periods/<int:number>/events/list/", events.upload, name="event_list"
    ),
    path(
        "<str:reference>/periods/<int:number>/events/<int:pk>/drop/", events.drop,
        name="event_drop",
    ),
    path("<str:reference>/periods/<int:number>/surveys/", surveys.surveys, name="surveys"),
    path(
        "<str:reference>/periods/<int:number>/surveys/<str:symbol>/end/", surveys.end,
        name="survey_end",
    ),
    path("<str:reference>/periods/<int:number>/report/", views.report, name="report"),
]

prior_urlpatterns = [
    path("prior-consideration/", prior.notices, name="notices"),
    path("desk/prior-consideration/", prior.received, name="received"),
    path("desk/prior-consideration/<int:pk>/", prior.notice, name="notice"),
]

public_urlpatterns = [
    path(
        "projects/<str:reference>/modalities-of-communication/", communication.public,
        name="communication",
    ),
    path(
        "projects/<str:reference>/design-documents/<int:number>/", views.design_version,
        name="design_version",
    ),
]
