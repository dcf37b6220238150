"""What a DOE owes: CERs to be acquired and cancelled, and the bookings that repay them."""
