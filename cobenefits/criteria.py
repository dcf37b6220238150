"""The 12 criteria in their three categories, in the words of the mission text (domain, 0 and 7).

The indicators are unverified (they resemble the published tool); the mapping to Sustainable
Development Goals is this portal's own.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its key and label, the sentence that defines it, indicators, nearest goals."""

    key: str
    category: str
    label: str
    text: str
    indicators: tuple[str, ...]
    goals: tuple[int, ...]


CATEGORIES = (
    ("environmental", "Environmental"), ("social", "Social"), ("economic", "Economic"),
)

CRITERIA: tuple[Criterion, ...] = (
    Criterion("air", "environmental", "Air", "Improved air quality",
              ("SOx", "NOx", "fly ash", "dust", "NMVOC", "odour", "noise"), (3, 11)),
    Criterion("land", "environmental", "Land", "Improved soil quality or avoided pollution",
              ("avoided soil pollution", "soil quality", "compost", "irrigation",
               "reduced landfill"), (15, 2, 12)),
    Criterion("water", "environmental", "Water", "Improved water quality or access",
              ("pollution avoided", "conservation", "supply or access", "purification"), (6, 14)),
    Criterion("natural_resources", "environmental", "Natural resources",
              "Depletable natural resources protection or enhancement",
              ("minerals or fossil fuels saved", "forests", "biodiversity", "plant life"),
              (12, 15, 14)),
    Criterion("education", "social", "Education",
              "Education, research, awareness raising or distribution of information",
              ("job training", "public education", "research", "dissemination"), (4,)),
    Criterion("health_and_safety", "social", "Health and safety", "Improved health and safety",
              ("disease", "accidents", "indoor air", "sanitation", "health services"), (3,)),
    Criterion("jobs", "social", "Jobs", "Job or income generation",
              ("long-term jobs", "short-term jobs", "new sources of income"), (8, 1)),
    Criterion("welfare", "social", "Welfare", "Improved social welfare (community upliftment)",
              ("working conditions", "rural welfare", "poverty", "women's empowerment",
               "infrastructure"), (1, 5, 10, 11)),
    Criterion("energy", "economic", "Energy", "Improved energy availability or access",
              ("access", "reliability", "affordability", "availability"), (7,)),
    Criterion("growth", "economic", "Growth", "Support to economic development or stability",
              ("investment", "industrial activity", "public revenue", "productivity"), (8, 9)),
    Criterion("balance_of_payments", "economic", "Balance of payments",
              "Improvement of the country's trade balance",
              ("less fuel imported", "less of other imports", "exports"), (17, 8)),
    Criterion("technology", "economic", "Technology", "Technology transfer or diffusion",
              ("imported technology", "local adaptation", "first of its kind", "know-how"),
              (9, 17)),
)

BY_KEY = {criterion.key: criterion for criterion in CRITERIA}
