"""Routes of the sealed log and of the integrity page: for everybody, without sign-in."""

from django.urls import path

from registry.transparency import views

app_name = "transparency"

urlpatterns = [
    path("integrity/", views.integrity, name="integrity"),
    path("transparency/", views.log, name="log"),
    path("transparency/heads.jsonl", views.heads_file, name="heads_file"),
    path("transparency/verify.py", views.verifier, name="verifier"),
    path("transparency/heads/<int:number>/", views.head, name="head"),
    path("transparency/proofs/<str:kind>/<int:pk>/", views.proof, name="proof"),
]
