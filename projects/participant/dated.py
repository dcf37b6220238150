"""Which global warming potentials a part of a monitoring period has, in words, and what decides it.
"""

from django.utils.translation import gettext as _

from cdm_portal import formats, parameters
from cdm_portal.values import Period
from projects.methodologies import gwp


def reach(number: int) -> str:
    """The days on which a set of potentials holds, such as "from 1 January 2021 on"."""
    first, last = gwp.days(number)
    if last is None:
        return _("from %(first)s on") % {"first": formats.day(first)}
    if number == min(parameters.DAY_WITHIN):
        return _("up to %(last)s") % {"last": formats.day(last)}
    shown = {"first": formats.day(first), "last": formats.day(last)}
    return _("from %(first)s to %(last)s") % shown


def said(number: int | None, period: Period) -> str:
    """Which set the reductions of some days have, from where, and which days decide it; nothing
    without a set.
    """
    if number is None:
        return ""
    rule = parameters.shipped(f"gwp_{gwp.Gas.CH4}", parameters.DAY_WITHIN[number])
    source = rule.source if rule.verified else _("unverified, from %(s)s") % {"s": rule.source}
    return _(
        "Global warming potentials: those for reductions %(reach)s (%(source)s). The days of the "
        "reductions decide, not the day of the report: %(first)s – %(last)s."
    ) % {
        "reach": reach(number), "source": source,
        "first": formats.day(period.first), "last": formats.day(period.last),
    }

