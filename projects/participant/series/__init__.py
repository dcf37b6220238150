"""Long series: how a file of readings comes to count, and its readings in blocks."""
