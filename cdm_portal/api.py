"""The API's roof: routes of `/api/v1/`, cursor lists and problems (RFC 9457)."""

import math
from typing import Any

from django.http import Http404
from django.urls import URLPattern, path
from rest_framework.exceptions import APIException, NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from cdm_portal.pages import (
    api_accounts,
    api_acts,
    api_audits,
    api_calculations,
    api_cases,
    api_cobenefits,
    api_components,
    api_debts,
    api_desk,
    api_footprints,
    api_offers,
    api_orders,
    api_proofs,
    api_proposals,
    api_record,
    api_reference,
    api_registry,
    api_requests,
    api_reviews,
    api_times,
    api_views,
)
from cdm_portal.refusals import Invalid, Refused

__all__ = ["CursorPagination", "problem", "urlpatterns"]


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer every refusal as `application/problem+json`; leave faults to Django."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, Refused):
        status, code, detail = int(error.status), error.code, error.message
    elif isinstance(error, APIException):
        status, code, detail = error.status_code, str(error.default_code), str(error.detail)
    else:
        return None
    request: Request | None = context.get("request")
    body = {
        "type": "about:blank", "title": code.replace("_", " ").capitalize(), "status": status,
        "detail": detail, "code": code, "instance": request.path if request else "",
    }
    if isinstance(error, Invalid):
        body["errors"] = error.errors
    if isinstance(error, Refused) and error.check:
        body["check"] = error.check
    headers = dict(getattr(error, "headers", {}))
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return Response(
        body, status=status, headers=headers, content_type="application/problem+json"
    )


urlpatterns: list[URLPattern] = [
    path("projects/", api_views.Projects.as_view(), name="projects"),
    path("projects/<str:name>/", api_views.ProjectDetail.as_view(), name="project"),
    path(
        "projects/<str:name>/reviews/", api_reviews.ProjectReviews.as_view(),
        name="project_reviews",
    ),
    path(
        "projects/<str:name>/components/", api_components.Components.as_view(),
        name="project_components",
    ),
    path(
        "projects/<str:name>/co-benefits/", api_cobenefits.CoBenefits.as_view(),
        name="co_benefits",
    ),
    path(
        "projects/<str:name>/co-benefits/acts/<slug:slug>/",
        api_cobenefits.CoBenefitAct.as_view(), name="co_benefit_act",
    ),
    path("offers/", api_offers.Offers.as_view(), name="offers"),
    path("offers/<str:name>/", api_offers.OfferDetail.as_view(), name="offer"),
    path("quotes/", api_orders.Quotes.as_view(), name="quotes"),
    path("orders/", api_orders.Orders.as_view(), name="orders"),
    path("orders/<str:code>/", api_orders.OrderDetail.as_view(), name="order"),
    path("orders/<str:code>/cancel/", api_orders.OrderCancel.as_view(), name="order_cancel"),
    path("stage-times/", api_times.StageTimes.as_view(), name="stage_times"),
    path("issuances/", api_views.Issuances.as_view(), name="issuances"),
    path("cancellations/", api_views.Cancellations.as_view(), name="cancellations"),
    path("record/", api_record.Record.as_view(), name="record"),
    path(
        "record/organisations/<str:key>/", api_record.Organisation.as_view(), name="organisation"
    ),
    path("requests/", api_acts.Requests.as_view(), name="requests"),
    path("requests/<str:reference>/", api_requests.RequestDetail.as_view(), name="request"),
    path("requests/<str:reference>/acts/<slug:slug>/", api_acts.Act.as_view(), name="act"),
    path(
        "requests/<str:reference>/checks/<slug:code>/", api_acts.CheckItem.as_view(),
        name="check",
    ),
    path("meetings/", api_requests.Meetings.as_view(), name="meetings"),
    path("entities/", api_audits.Entities.as_view(), name="entities"),
    path("debts/", api_debts.Debts.as_view(), name="debts"),
    path("validations/", api_audits.Validations.as_view(), name="validations"),
    path("verifications/", api_audits.Verifications.as_view(), name="verifications"),
    path("findings/", api_audits.Findings.as_view(), name="findings"),
    path("letters/", api_cases.Letters.as_view(), name="letters"),
    path("documents/", api_cases.Documents.as_view(), name="documents"),
    path("comments/", api_cases.Comments.as_view(), name="comments"),
    path("monitoring-periods/", api_cases.Periods.as_view(), name="periods"),
    path("parameters/", api_desk.Parameters.as_view(), name="parameters"),
    path("permissions/", api_desk.Permissions.as_view(), name="permissions"),
    path("deadlines/", api_desk.Deadlines.as_view(), name="deadlines"),
    path("registry/units/<str:number>/", api_registry.Units.as_view(), name="units"),
    path("registry/blocks/", api_registry.Blocks.as_view(), name="blocks"),
    path("registry/transactions/", api_registry.Transactions.as_view(), name="transactions"),
    path("registry/accounts/", api_accounts.Accounts.as_view(), name="accounts"),
    path(
        "registry/account-requests/", api_accounts.AccountRequests.as_view(),
        name="account_requests",
    ),
    path(
        "registry/account-requests/<int:pk>/", api_accounts.AccountRequestDetail.as_view(),
        name="account_request",
    ),
    path(
        "registry/accounts/<int:pk>/statement/", api_registry.Statement.as_view(),
        name="statement",
    ),
    path("registry/proposals/", api_proposals.Proposals.as_view(), name="proposals"),
    path(
        "registry/proposals/<int:pk>/", api_proposals.ProposalDetail.as_view(), name="proposal"
    ),
    path("methodologies/", api_calculations.Methodologies.as_view(), name="methodologies"),
    path(
        "methodologies/<str:code>/", api_calculations.MethodologyDetail.as_view(),
        name="methodology",
    ),
    path("grid-factors/", api_reference.GridFactors.as_view(), name="grid_factors"),
    path("potentials/", api_reference.Potentials.as_view(), name="potentials"),
    path("calculations/", api_calculations.Calculations.as_view(), name="calculations"),
    path("footprints/", api_footprints.Footprints.as_view(), name="footprints"),
    path("tree-heads/", api_proofs.TreeHeads.as_view(), name="tree_heads"),
    path("tree-heads/latest/", api_proofs.LatestTreeHead.as_view(), name="latest_tree_head"),
    path("tree-heads/<int:number>/", api_proofs.TreeHead.as_view(), name="tree_head"),
    path(
        "tree-heads/<int:first>/continued-by/<int:second>/",
        api_proofs.Continuation.as_view(), name="continuation",
    ),
    path("proofs/<str:kind>/<int:pk>/", api_proofs.ProofDetail.as_view(), name="proof"),
    path("certificates/<str:code>/", api_views.CertificateDetail.as_view(), name="certificate"),
]
