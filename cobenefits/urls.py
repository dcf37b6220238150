"""Routes of the co-benefits."""

from django.urls import path

from cobenefits import views

app_name = "cobenefits"
urlpatterns = [
    path("desk/cobenefits/<str:reference>/", views.report, name="report"),
    path("desk/cobenefits/<str:reference>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/cobenefits/<str:reference>/publication/", views.publication, name="publication"),
    path("desk/cobenefits/<str:reference>/comment/", views.comment, name="comment"),
    path("projects/<str:reference>/cobenefits/", views.public, name="public"),
]
