"""Methodologies, their tools and their readings as pure arithmetic: no Django, no clock.

`catalogue` is the way in; `base` says what a methodology is; one file each for a methodology or a
tool; `periods` splits time at the borders of the commitment periods; `readings` turns an uploaded
table into numbers, with every fault named row by row.
"""
