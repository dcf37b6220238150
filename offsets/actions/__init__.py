"""The shop's verbs, one file each for selling, buying, paying, fulfilling and telling."""

from offsets.actions.buying import (
    cancel_order,
    check_out,
    expire_orders,
    give_details,
    hold_again,
    start_order,
)
from offsets.actions.consents import (
    ask_consent,
    give_consent,
    refuse_consent,
    take_back_consent,
)
from offsets.actions.fulfilling import fulfil, fulfil_paid, make_certificate, make_certificates
from offsets.actions.paying import apply_status, begin_payment, receive_event, refund_owed
from offsets.actions.selling import change_price, close_offer, list_offer, pause, resume
from offsets.actions.telling import send_receipts

__all__ = [
    "apply_status", "ask_consent", "begin_payment", "cancel_order", "change_price", "check_out",
    "close_offer", "expire_orders", "fulfil", "fulfil_paid", "give_consent", "give_details",
    "hold_again", "list_offer", "make_certificate", "make_certificates", "pause", "receive_event",
    "refund_owed", "refuse_consent", "resume", "send_receipts", "start_order", "take_back_consent",
]  # fmt: skip
