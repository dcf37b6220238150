"""The pages of Designated Operational Entities."""

