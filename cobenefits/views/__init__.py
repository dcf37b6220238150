"""Pages of the co-benefits."""
