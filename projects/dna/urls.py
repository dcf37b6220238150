"""Routes of the national approval."""

from django.urls import path

from projects.dna import views

app_name = "dna"
urlpatterns = [
    path("", views.desk_page, name="desk"),
    path("criteria/", views.criteria, name="criteria"),
    path("<int:pk>/", views.letter, name="letter"),
    path("<int:pk>/issue/", views.issue, name="issue"),
    path("<int:pk>/refuse/", views.refuse, name="refuse"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/authorise/<int:entity>/", views.authorise_added, name="authorise_added"),
    path("<int:pk>/question/", views.ask, name="ask"),
    path("request/<str:reference>/", views.request_letter, name="request"),
    path("answer/<int:pk>/", views.answer, name="answer"),
]
