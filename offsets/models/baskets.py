"""What a browser has put together to buy, before it is an order."""

from django.db import models
from django.db.models import Q

from offsets.models.offers import Offer
from offsets.models.orders import Order


class BasketItem(models.Model):
    """Tonnes of one offer in the basket of a browser (`buyer_key`); nothing is held for it.

    It keeps no price: what it costs is always the offer's present price. `amount` in USD is what
    the buyer said who chose by money. `order` is the order that was begun with it: once that is
    paid, the item is in the basket no more. `added_key` tells a repeated click from a second wish.
    """

    buyer_key = models.CharField(max_length=40)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="basket_items")
    quantity = models.BigIntegerField("tonnes")
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    added_key = models.UUIDField(null=True)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, related_name="basket_items"
    )
    changed_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["buyer_key", "offer"], name="basket_offer_once"),
            models.CheckConstraint(condition=~Q(buyer_key=""), name="basket_is_somebodys"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=10_000_000), name="basket_quantity_whole"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="basket_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} t of offer {self.offer_id}"
