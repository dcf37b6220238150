"""Routes of the co-benefits."""

from django.urls import path

from cobenefits.views import checking, comparing, listing, reporting, sections

app_name = "cobenefits"
OWN = "desk/cobenefits/<str:reference>/"
urlpatterns = [
    path("desk/cobenefit-indicators/", listing.indicators, name="indicators"),
    path(OWN, reporting.report, name="report"),
    path(f"{OWN}withdraw/", reporting.withdraw, name="withdraw"),
    path(f"{OWN}publication/", reporting.publication, name="publication"),
    path(f"{OWN}comment/", reporting.comment, name="comment"),
    path(f"{OWN}evidence/", sections.evidence, name="evidence"),
    path(f"{OWN}ask/", checking.ask, name="ask"),
    path(f"{OWN}take-back/", checking.take_back, name="take_back"),
    path(f"{OWN}check/", checking.check, name="check"),
    path(f"{OWN}section/<str:section>/", sections.section, name="section"),
    path(f"{OWN}section/<str:section>/typed/", sections.typed, name="typed"),
    path(f"{OWN}section/<str:section>/drop/", sections.drop_typed, name="drop_typed"),
    path("projects/<str:reference>/cobenefits/", reporting.public, name="public"),
    path("cobenefits/compare/", comparing.compare, name="compare"),
    path("cobenefits/compare.csv", comparing.compare_csv, name="compare_csv"),
    path("cobenefits/asked/", comparing.asked, name="asked"),
]
