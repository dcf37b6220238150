"""The demonstration: fictional people and projects, brought to their stages by the product's own
actions. Nothing here is needed to run the portal.
"""
