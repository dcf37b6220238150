"""Accreditations of DOEs and the proceedings about them."""
