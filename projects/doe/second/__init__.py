"""The second way: every methodology and tool once more, with exact fractions, for the DOE.

Nothing here calls `projects.methodologies`. Formulas, defaults and the sizes of units are written a
second time; of the numbers of the rules those that are rule parameters are read from there, which
both ways share. One file for each methodology or tool with `needs` (what is read) and `steps`
(symbol to value); `paths` lists them, `comparison` names the first step that differs. Formulas and
values: unverified, from general knowledge of the published methodologies and tools.
"""
