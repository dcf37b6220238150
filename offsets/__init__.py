"""The shop: offers of issued CERs, orders, payment, cancellation and the certificate of it."""
