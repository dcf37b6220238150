"""The shop's addresses."""

from django.urls import path, re_path

from offsets.views import buying, certificates, consents, paying, selling

app_name = "offsets"

urlpatterns = [
    path("orders/new/", buying.order_new, name="order_new"),
    path("orders/<str:code>/", buying.order, name="order"),
    path("orders/<str:code>/hold/", buying.hold_again, name="hold_again"),
    path("orders/<str:code>/back/", buying.go_back, name="go_back"),
    path("orders/<str:code>/status/", buying.status, name="status"),
    path("pay/sandbox/webhook", paying.webhook, name="webhook"),
    path("pay/sandbox/<uuid:reference>/", paying.sandbox, name="sandbox"),
    path("certificates/<str:code>.pdf", certificates.pdf, name="certificate_pdf"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("v/", certificates.verify_form, name="verify_form"),
    re_path(r"^v/(?P<code>[^/]+)/?$", certificates.verify, name="verify"),
    path("cancellations/", certificates.cancellations, name="cancellations"),
    path("cancellations.csv", certificates.cancellations_csv, name="cancellations_csv"),
    path("desk/offers/", selling.offers, name="offers"),
    path("desk/offers/<str:reference>/new/", selling.offer_new, name="offer_new"),
    path("desk/offers/<str:reference>/consent/", consents.consent_new, name="consent_new"),
    path("desk/offers/consents/<int:pk>/", consents.consent, name="consent"),
    path("desk/offers/<int:pk>/price/", selling.price, name="offer_price"),
    path("desk/offers/<int:pk>/pause/", selling.pause, name="offer_pause"),
    path("desk/offers/<int:pk>/resume/", selling.resume, name="offer_resume"),
    path("desk/offers/<int:pk>/close/", selling.close, name="offer_close"),
]
