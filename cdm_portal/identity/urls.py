"""Routes of identity."""

from django.urls import path

from cdm_portal.identity import views

app_name = "identity"
urlpatterns = [path("act-as/", views.act_as, name="act_as")]
