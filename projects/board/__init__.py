"""Stages 4 and 7: the Executive Board and its secretariat register projects and have CERs issued.

A request goes through two checks of the secretariat and a window of 28 days. If nobody asks for a
review in it, the request is granted by itself. Else it is assessed twice, and what both assessments
propose stands unless a member of the Board objects; otherwise the Board votes, seat by seat.
"""
