"""Routes of Board and secretariat."""

from django.urls import path

from projects.board import views
from projects.board.pages import exclusions

app_name = "board"
urlpatterns = [
    path("", views.desk_page, name="desk"),
    path("registration/<str:reference>/", views.request_registration, name="request_registration"),
    path(
        "issuance/<str:reference>/<int:number>/", views.request_issuance, name="request_issuance"
    ),
    path("money/", views.money, name="money"),
    path("components/<int:pk>/exclude/", exclusions.exclude, name="exclude"),
    path("exclusions/<int:pk>/", exclusions.exclusion, name="exclusion"),
    path("<str:reference>/", views.request_page, name="request"),
    path("<str:reference>/check/<slug:code>/", views.check, name="check"),
    path("<str:reference>/invoice.pdf", views.invoice, name="invoice"),
    path("<str:reference>/do/<slug:slug>/", views.act, name="act"),
]
