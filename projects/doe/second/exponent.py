"""e to a negative power, to far more digits than a tonne can show.

The series of e^x with x above zero, whose terms are all positive, is added up in whole numbers of
10^-80 and inverted: the relative error is below 10^-70, while the engine has fifty digits. Neither
the engine's exponential nor a binary fraction is involved.
"""

from fractions import Fraction
from functools import lru_cache

SCALE = 10**80


@lru_cache(maxsize=4096)
def decayed(power: Fraction) -> Fraction:
    """e^(−power) for a power that is not negative. Raises ValueError for a negative one."""
    if power < 0:
        raise ValueError("only what decays is reckoned here")
    total, term, count = 0, SCALE, 0
    while term:
        total += term
        count += 1
        term = term * power.numerator // (power.denominator * count)
    return Fraction(SCALE, total)
