"""Programmes of activities and their components, which three roles write together.

The coordinating/managing entity drafts a component, a DOE includes it, the Board excludes it: the
record stands on the landing. `projects.models` imports it for Django.
"""
