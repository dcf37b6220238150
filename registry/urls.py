"""Routes of the registry: what everybody may read, and the desk of its administrators."""

from django.urls import path

from registry.views import (
    accounts,
    care,
    desk,
    governance,
    opening,
    proposals,
    public,
    standing,
    statements,
)

app_name = "registry"

urlpatterns = [
    path("registry/", public.overview, name="overview"),
    path("registry/issuances/", public.issuances, name="issuances"),
    path("registry/issuances.<str:form>", public.issuances_export, name="issuances_export"),
    path("registry/cancellations/", public.cancellations, name="cancellations"),
    path(
        "registry/cancellations.<str:form>", public.cancellations_export,
        name="cancellations_export",
    ),
    path("registry/totals/", public.totals, name="totals"),
    path("registry/totals.<str:form>", public.totals_export, name="totals_export"),
    path("registry/checks/", governance.checks_page, name="checks"),
    path("registry/blocks/<str:number>/", public.serial, name="serial"),
    path("desk/registry/", desk.desk, name="desk"),
    path("desk/registry/reconcile/", desk.reconcile, name="reconcile"),
    path("desk/registry/instructions/<int:pk>/", desk.release, name="release"),
    path("desk/registry/stop/", governance.stop, name="stop"),
    path("desk/registry/authorisations/", governance.authorisations, name="authorisations"),
    path("desk/registry/authorisations/<int:pk>/end/", governance.revoke, name="revoke"),
    path("desk/registry/forward/", proposals.forward, name="forward"),
    path("desk/registry/proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("desk/registry/proposals/<int:pk>/reject/", proposals.reject, name="reject"),
    path("desk/registry/proposals/<int:pk>/execute/", proposals.execute, name="execute"),
    path("desk/registry/measures/<int:pk>/", proposals.measure, name="measure"),
    path("desk/registry/measures/<int:pk>/reject/", proposals.measure_reject,
         name="measure_reject"),
    path("desk/registry/blocks/<int:pk>/freeze/", care.block_freeze, name="block_freeze"),
    path("desk/registry/accounts/", accounts.accounts, name="accounts"),
    path("desk/registry/accounts/new/", accounts.account_new, name="account_new"),
    path("desk/registry/accounts/<int:pk>/", accounts.account, name="account"),
    path(
        "desk/registry/accounts/<int:pk>/statement/", statements.statement, name="statement"
    ),
    path(
        "desk/registry/accounts/<int:pk>/statement.<str:form>", statements.statement_export,
        name="statement_export",
    ),
    path("desk/registry/accounts/<int:pk>/cancel/", accounts.cancel, name="account_cancel"),
    path("desk/registry/accounts/<int:pk>/transfer/", accounts.transfer, name="account_transfer"),
    path("desk/registry/accounts/<int:pk>/close/", accounts.close, name="account_close"),
    path("desk/registry/accounts/<int:pk>/trusted/", care.trusted, name="account_trusted"),
    path("desk/registry/accounts/<int:pk>/representatives/", care.representatives,
         name="account_representatives"),
    path("desk/registry/accounts/<int:pk>/freeze/", care.freeze, name="freeze"),
    path("desk/registry/accounts/<int:pk>/restrict/", standing.restrict, name="account_restrict"),
    path("desk/registry/accounts/<int:pk>/lift/", standing.lift, name="account_lift"),
    path("desk/registry/accounts/<int:pk>/closure/", standing.closure, name="account_closure"),
    path("desk/registry/account-requests/", opening.account_requests, name="account_requests"),
    path("desk/registry/account-requests/new/", opening.account_request_new,
         name="account_request_new"),
    path("desk/registry/account-requests/<int:pk>/", opening.account_request,
         name="account_request"),
    path("desk/registry/account-requests/<int:pk>/acts/<slug:slug>/", opening.account_request_act,
         name="account_request_act"),
    path("desk/registry/account-evidence/<int:pk>/", opening.account_evidence,
         name="account_evidence"),
]
