"""The line to Stripe, and what is made there. Loaded only where cards are taken."""
