"""Every route: one include per app, in storey order."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from cdm_portal import api
from cdm_portal.pages import (
    activities,
    agenda,
    clock,
    components,
    desk,
    documents,
    health,
    home,
    methodologies,
    notices,
    parameters,
    permissions,
    project,
    rulebook,
    search,
    static_pages,
    styleguide,
    times,
    tonne,
)
from projects.board import urls as board_urls
from projects.doe import urls as doe_urls
from projects.participant import urls as participant_urls

urlpatterns = [
    path("", home.home, name="home"),
    path("projects.<str:form>", home.export, name="catalogue_export"),
    path("projects/", home.catalogue, name="catalogue"),
    path("projects/<str:reference>/", project.project, name="project"),
    path("projects/<str:reference>/components/", components.components, name="components"),
    path(
        "projects/<str:reference>/components/<int:order>/", components.component, name="component"
    ),
    path("projects/<str:reference>/periods/<int:number>/", tonne.tonne, name="tonne"),
    path(
        "projects/<str:reference>/periods/<int:number>/calculation.pdf", tonne.paper,
        name="tonne_paper",
    ),
    path(
        "projects/<str:reference>/periods/<int:number>/readings/<str:symbol>/", tonne.readings,
        name="tonne_readings",
    ),
    path("registry/issuances/<int:pk>/calculation/", tonne.of_issuance, name="tonne_of_issuance"),
    path("projects/<str:reference>/cover.svg", project.cover, name="cover"),
    path("projects/<str:reference>/cover-wide.svg", project.cover_wide, name="cover_wide"),
    path("stage-times/", times.stage_times, name="stage_times"),
    path("stage-times.<str:form>", times.export, name="stage_times_export"),
    path("activities/", activities.activities, name="activities"),
    path("activities/<str:reference>/", activities.activity, name="activity"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("desk/", desk.desk, name="desk"),
    path("desk/clock/", clock.advance, name="clock-advance"),
    path("desk/notices/", notices.notices, name="notices"),
    path("desk/notices/choices/", notices.choices, name="notice_choices"),
    path("desk/notices/<int:pk>/", notices.notice, name="notice"),
    path("desk/calendar/", agenda.agenda, name="agenda"),
    path("calendar/<uuid:secret>.ics", agenda.calendar, name="calendar"),
    path("how-it-works/", static_pages.how_it_works, name="how-it-works"),
    path("accessibility/", static_pages.accessibility, name="accessibility"),
    path("data/", static_pages.data, name="data"),
    path("privacy/", static_pages.privacy, name="privacy"),
    path("terms/", static_pages.terms, name="terms"),
    path("methodologies/", methodologies.methodologies, name="methodologies"),
    path("methodologies/<str:code>/", methodologies.methodology, name="methodology"),
    path("parameters/", parameters.parameters, name="parameters"),
    path("permissions/", permissions.permissions, name="permissions"),
    path("desk/parameters/", rulebook.changes, name="rule_changes"),
    path("desk/parameters/<slug:name>/new/", rulebook.propose, name="rule_change_new"),
    path("desk/parameters/<int:pk>/", rulebook.change, name="rule_change"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("healthz", health.healthz, name="healthz"),
    path("", include("cdm_portal.identity.urls")),
    path("registry/blocks/", search.search, name="search"),
    path("", include("registry.urls")),
    path("", include("registry.transparency.urls")),
    path("desk/projects/", include("projects.participant.urls")),
    path("", include((participant_urls.prior_urlpatterns, "prior"))),
    # Public pages are apps of their own: a page looks names up in its own app first, so that in one
    # app with the desks "doe:repay" was no address on doe-public:debt; its button went nowhere.
    path("", include((participant_urls.public_urlpatterns, "participant-public"))),
    path("desk/letters/", include("projects.dna.urls")),
    path("desk/audits/", include("projects.doe.urls")),
    path("", include((doe_urls.public_urlpatterns, "doe-public"))),
    path("desk/requests/", include("projects.board.urls")),
    path("", include((board_urls.public_urlpatterns, "board-public"))),
    path("", include("cobenefits.urls")),
    path("", include("offsets.urls")),
    path("api/v1/", include((api.urlpatterns, "api"))),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", static_pages.api_docs, name="api_docs"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
]
