"""Routes of the co-benefits."""

from django.urls import path

from cobenefits import views

app_name = "cobenefits"
urlpatterns = [
    path("desk/cobenefits/<str:reference>/", views.report, name="report"),
    path("desk/cobenefits/<str:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("projects/<str:reference>/cobenefits/", views.public, name="public"),
]
