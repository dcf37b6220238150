"""The pages of requests and of the meetings of the Board."""
