"""The admin as this portal has it: a window onto the records, with no door of its own.

Only classes that show are taken: what a library would register for editing (groups, addresses,
second factors) is left out, since whoever edits a sign-in could act as somebody else.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cdm_portal.readonly_admin import ReadOnlyAdmin


class Window(admin.AdminSite):
    """An admin site of read-only classes, entered by the portal's one way to sign in."""

    site_header = site_title = "Ledger, journal and cases"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[Any] | None = None,
        **options: Any,
    ) -> None:
        """Take a class that only shows; leave any other out."""
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Who is signed in and is not staff may not know of the admin: 404 (decisions, 18)."""
        inner = super().admin_view(view, *args, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *parts: Any, **named: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *parts, **named)

        return guarded

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One way to sign in, the admin included (reliability, A9)."""
        wanted = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """One way to change a password too."""
        return redirect("account_change_password")
