"""Pictures drawn on the server as SVG: pure functions, no script, no style attribute.

Colours come from the design system's classes, but for the covers, which are paintings of their own.
"""
