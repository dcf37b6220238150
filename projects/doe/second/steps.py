"""Steps of the second way: a value for every path of symbols, such as `BE/BE_CH4_SWDS/C_y`.

In the order in which a person reckons: what makes a step stands before it, below its path.
"""

from collections.abc import Sequence
from fractions import Fraction

Steps = dict[str, Fraction]
ZERO = Fraction(0)


def step(symbol: str, value: Fraction, *parts: Steps) -> Steps:
    """One step after those that made it."""
    below = {f"{symbol}/{path}": found for part in parts for path, found in part.items()}
    return {**below, symbol: value}


def result(steps: Steps) -> Fraction:
    """What the last of the steps came to."""
    return next(reversed(steps.values()))


def renamed(steps: Steps, symbol: str) -> Steps:
    """The same steps, the last of them and all below it under another symbol."""
    last = next(reversed(steps))
    return {symbol + path.removeprefix(last): value for path, value in steps.items()}


def total(symbol: str, *terms: Steps) -> Steps:
    """The sum of terms, which stand below it."""
    return step(symbol, sum((result(term) for term in terms), ZERO), *terms)


def ending(
    baseline: Sequence[Steps],
    project: Sequence[Steps] = (),
    leakage: Sequence[Steps] = (),
    ceilings: Sequence[Steps] = (),
) -> Steps:
    """BE, PE, LE and ER = BE − PE − LE, held to the lowest ceiling, all in tCO2e."""
    terms = [total("BE", *baseline), total("PE", *project), total("LE", *leakage)]
    gross, emitted, leaked = (result(each) for each in terms)
    most = [gross - emitted - leaked, *(result(each) for each in ceilings)]
    return {**terms[0], **terms[1], **terms[2], **step("ER", min(most), *ceilings)}
