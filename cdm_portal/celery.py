"""The machine room on one screen: queues, the beat's timetable, and which verb wakes which task."""

import os

from celery import Celery
from kombu import Queue

from cdm_portal import jobs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdm_portal.settings")

app = Celery("cdm_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["registry.transparency"])

app.conf.task_default_queue = "housekeeping"
app.conf.task_queues = [
    Queue(name) for name in ("issuance", "verification", "delivery", "housekeeping")
]

ROUTES = {
    "projects.board.tasks.issue_instructed": "issuance",
    "projects.doe.tasks.recompute_waiting": "verification",
    "projects.participant.tasks.import_waiting": "verification",
    "offsets.tasks.fulfil_paid": "issuance",
    "offsets.tasks.make_certificates": "sealing",
    "offsets.tasks.send_receipts": "delivery",
    "offsets.tasks.send_refund_notes": "delivery",
    "offsets.tasks.send_data_links": "delivery",
    "cdm_portal.notices.tasks.tell_waiting": "delivery",
    "cdm_portal.notices.tasks.make_digests": "delivery",
    "registry.transparency.tasks.seal": "sealing",
}
"""Task → queue. Nobody but the signer listens to `sealing`, which needs a key: it stands in no list
of queues, so that a worker that is not told to takes nothing from it."""
app.conf.task_routes = {task: {"queue": queue} for task, queue in ROUTES.items()}

WAKES = {
    "board.confirm_payment": "projects.board.tasks.issue_instructed",
    "registry.release_instruction": "projects.board.tasks.issue_instructed",
    "participant.send_series": "projects.participant.tasks.import_waiting",
    "participant.treat_faults": "projects.participant.tasks.import_waiting",
    "participant.map_columns": "projects.participant.tasks.import_waiting",
    "doe.open_verification": "projects.doe.tasks.recompute_waiting",
    "doe.request_recompute": "projects.doe.tasks.recompute_waiting",
    "registry.cancel": "projects.doe.tasks.close_repaid",
    "offsets.confirm_payment": "offsets.tasks.fulfil_paid",
    "offsets.take_back_payment": "offsets.tasks.refund_owed",
    "offsets.owe_refund": "offsets.tasks.refund_owed",
    "offsets.refund": "offsets.tasks.send_refund_notes",
    "offsets.fulfil": "registry.transparency.tasks.seal",
    "offsets.make_certificate": "offsets.tasks.send_receipts",
    "offsets.ask_data_link": "offsets.tasks.send_data_links",
}
"""Journal verb → the task that it wakes. A task takes every row that waits in its state."""

TIMETABLE = {
    "issue-instructed": ("projects.board.tasks.issue_instructed", 60.0),
    "close-windows": ("projects.board.tasks.close_windows", 60.0),
    "adopt-unopposed": ("projects.board.tasks.adopt_unopposed", 60.0),
    "recompute-waiting": ("projects.doe.tasks.recompute_waiting", 60.0),
    "close-repaid": ("projects.doe.tasks.close_repaid", 300.0),
    "import-waiting": ("projects.participant.tasks.import_waiting", 60.0),
    "fulfil-paid": ("offsets.tasks.fulfil_paid", 15.0),
    "make-certificates": ("offsets.tasks.make_certificates", 5.0),
    "send-receipts": ("offsets.tasks.send_receipts", 60.0),
    "send-refund-notes": ("offsets.tasks.send_refund_notes", 60.0),
    "send-data-links": ("offsets.tasks.send_data_links", 60.0),
    "tell-waiting": ("cdm_portal.notices.tasks.tell_waiting", 30.0),
    "make-digests": ("cdm_portal.notices.tasks.make_digests", 600.0),
    "remind": ("cdm_portal.tasks.remind", 3600.0),
    "poll-payments": ("offsets.tasks.poll_payments", 60.0),
    "watch-payments": ("offsets.tasks.watch_payments", 3600.0),
    "expire-orders": ("offsets.tasks.expire_orders", 30.0),
    "purge": ("offsets.tasks.purge", 3600.0),
    "refund-owed": ("offsets.tasks.refund_owed", 60.0),
    "expire-holds": ("registry.tasks.expire_holds", 30.0),
    "finish-proposals": ("registry.tasks.finish_proposals", 60.0),
    "close-lots": ("registry.tasks.close_lots", 300.0),
    "reconcile": ("registry.tasks.reconcile", 3600.0),
    "seal": ("registry.transparency.tasks.seal", 5.0),
}
app.conf.beat_schedule = {
    name: {"task": task, "schedule": every, "options": {"expires": max(every, 30.0)}}
    for name, (task, every) in TIMETABLE.items()
}
# By name: both are loaded once Django is set up.
app.conf.beat_scheduler = "cdm_portal.pulse:Timetable"
app.steps["worker"].add("cdm_portal.pulse:Pulse")


def _waker(task: str) -> jobs.Waker:
    def wake() -> object:
        return app.send_task(task, queue=ROUTES.get(task, "housekeeping"), retry=False)

    return wake


def listen() -> None:
    """Fill the ground's table of listeners from WAKES."""
    jobs.listeners.update({verb: _waker(task) for verb, task in WAKES.items()})


