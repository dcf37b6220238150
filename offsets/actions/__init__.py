"""The shop's verbs, one file each for selling, baskets, buying, paying, fulfilling and so on."""

from offsets.actions.banking import (
    confirm_match,
    import_statement,
    propose_match,
    refuse_match,
)
from offsets.actions.basketing import change_basket, drop_baskets, put_in_basket
from offsets.actions.buying import (
    cancel_order,
    check_out,
    expire_orders,
    give_details,
    hold_again,
    order_items,
    start_order,
)
from offsets.actions.consents import (
    ask_consent,
    give_consent,
    refuse_consent,
    take_back_consent,
)
from offsets.actions.disputing import close_dispute
from offsets.actions.erasing import erase_orders, forget_payers, purge
from offsets.actions.fulfilling import fulfil, fulfil_paid
from offsets.actions.keys import make_key, revoke_key, use_key
from offsets.actions.linking import (
    ask_data_link,
    ask_order_link,
    claim_orders,
    send_data_links,
)
from offsets.actions.ordering import place_order
from offsets.actions.paying import (
    apply_status,
    begin_payment,
    pay_otherwise,
    poll_payments,
    receive_event,
    watch_payments,
)
from offsets.actions.paying_out import confirm_payout, propose_payout, refuse_payout
from offsets.actions.printing import make_certificate, make_certificates, reissue, reissue_by_link
from offsets.actions.refunding import refund_owed
from offsets.actions.repaying import confirm_refund, propose_refund, take_back_refund
from offsets.actions.selling import change_price, close_offer, list_offer, pause, resume
from offsets.actions.telling import send_receipts, send_refund_notes

__all__ = [
    "apply_status", "ask_consent", "ask_data_link", "ask_order_link", "begin_payment",
    "cancel_order", "change_basket", "change_price", "check_out", "claim_orders", "close_dispute",
    "close_offer", "confirm_match", "confirm_payout", "confirm_refund", "drop_baskets",
    "erase_orders", "expire_orders", "forget_payers", "fulfil", "fulfil_paid", "give_consent",
    "give_details", "hold_again", "import_statement", "list_offer", "make_certificate",
    "make_certificates", "make_key", "order_items", "pause", "pay_otherwise", "place_order",
    "poll_payments", "propose_match", "propose_payout", "propose_refund", "purge", "put_in_basket",
    "receive_event", "refund_owed", "refuse_consent", "refuse_match", "refuse_payout", "reissue",
    "reissue_by_link", "resume", "revoke_key", "send_data_links", "send_receipts",
    "send_refund_notes", "start_order", "take_back_consent", "take_back_refund", "use_key",
    "watch_payments",
]  # fmt: skip
