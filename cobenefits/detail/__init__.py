"""What a report says indicator by indicator."""
