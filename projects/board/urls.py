"""Routes of Board and secretariat."""

from django.urls import path

from projects.board.views import ends
from projects.board.views import requests as views

app_name = "board"
urlpatterns = [
    path("", views.desk_page, name="desk"),
    path("registration/<str:reference>/", views.request_registration, name="request_registration"),
    path(
        "issuance/<str:reference>/<int:number>/", views.request_issuance, name="request_issuance"
    ),
    path("withdrawal/<str:reference>/", ends.withdrawal, name="withdrawal"),
    path("withdrawal/<str:reference>/take-back/", ends.take_back, name="take_back"),
    path("deregistration/<str:reference>/", ends.deregistration, name="deregistration"),
    path("again/<str:reference>/", ends.revision, name="again"),
    path(
        "revision/<str:reference>/<int:number>/", views.request_revision, name="request_revision"
    ),
    path("money/", views.money, name="money"),
    path(
        "communication/<str:reference>/<int:number>/", views.communication, name="communication"
    ),
    path("<str:reference>/", views.request_page, name="request"),
    path("<str:reference>/check/<slug:code>/", views.check, name="check"),
    path("<str:reference>/invoice.pdf", views.invoice, name="invoice"),
    path("<str:reference>/do/<slug:slug>/", views.act, name="act"),
]
