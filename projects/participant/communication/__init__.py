"""Modalities of communication: who speaks for a project, in which scope, and how they sign."""
