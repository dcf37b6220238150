"""Routes of the participant's desk, under `desk/projects/`."""

from django.urls import path

from projects.participant import views

app_name = "participant"
urlpatterns = [
    path("", views.projects, name="projects"),
    path("new/", views.new, name="new"),
    path("<str:reference>/", views.project, name="project"),
    path("<str:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:reference>/design/", views.design_document, name="design"),
    path("<str:reference>/design/submit/", views.submit, name="submit"),
    path("<str:reference>/design/versions/<int:number>/", views.version, name="version"),
    path("<str:reference>/design/attachments/", views.attachments, name="attachments"),
    path("<str:reference>/design/attachments/<int:pk>/remove/", views.detach, name="detach"),
    path("<str:reference>/design/<slug:section>/", views.section, name="section"),
    path("<str:reference>/design/<slug:section>/typed/", views.typed, name="typed"),
    path(
        "<str:reference>/design/<slug:section>/typed/drop/", views.drop_typed, name="drop_typed"
    ),
    path("<str:reference>/periods/new/", views.new_period, name="new_period"),
    path("<str:reference>/periods/<int:number>/", views.period, name="period"),
    path(
        "<str:reference>/periods/<int:number>/template-<slug:resolution>.csv",
        views.template, name="template",
    ),
    path("<str:reference>/periods/<int:number>/gaps/", views.gaps, name="gaps"),
    path("<str:reference>/periods/<int:number>/report/", views.report, name="report"),
]

public_urlpatterns = [
    path(
        "projects/<str:reference>/design-documents/<int:number>/", views.design_version,
        name="design_version",
    ),
]
