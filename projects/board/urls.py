"""Routes of Board and secretariat; `public_urlpatterns` stand at the root, for everybody."""

from django.urls import path

from projects.board.views import ends, exclusions, inquiries, meetings, requests

app_name = "board"
urlpatterns = [
    path("", requests.desk_page, name="desk"),
    path(
        "registration/<str:reference>/", requests.request_registration,
        name="request_registration",
    ),
    path(
        "issuance/<str:reference>/<int:number>/", requests.request_issuance,
        name="request_issuance",
    ),
    path("withdrawal/<str:reference>/", ends.withdrawal, name="withdrawal"),
    path("withdrawal/<str:reference>/take-back/", ends.take_back, name="take_back"),
    path("deregistration/<str:reference>/", ends.deregistration, name="deregistration"),
    path("again/<str:reference>/", ends.revision, name="again"),
    path(
        "revision/<str:reference>/<int:number>/", requests.request_revision, name="request_revision"
    ),
    path("meetings/", meetings.plan, name="meetings"),
    path("meetings/<int:number>/", meetings.change, name="change_meeting"),
    path("money/", requests.money, name="money"),
    path(
        "communication/<str:reference>/<int:number>/", requests.communication, name="communication"
    ),
    path("components/<int:pk>/exclude/", exclusions.exclude, name="exclude"),
    path("exclusions/<int:pk>/", exclusions.exclusion, name="exclusion"),
    path("inquiries/", inquiries.inquiries, name="inquiries"),
    path("inquiries/open/", inquiries.inquire, name="inquire"),
    path("inquiries/<int:pk>/", inquiries.inquiry, name="inquiry"),
    path("<str:reference>/", requests.request_page, name="request"),
    path("<str:reference>/check/<slug:code>/", requests.check, name="check"),
    path("<str:reference>/invoice.pdf", requests.invoice, name="invoice"),
    path("<str:reference>/do/<slug:slug>/", requests.act, name="act"),
]

public_urlpatterns = [
    path("meetings/", meetings.calendar, name="calendar"),
    path("meetings/<int:number>/", meetings.meeting, name="meeting"),
]
