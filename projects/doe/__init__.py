"""Designated Operational Entities: accreditation, validation, verification, certification."""
