"""The projects of the demonstration. All are invented; so are their figures."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum


class Until(IntEnum):
    """How far a project has come: each value includes all that lie before it."""

    DRAFT = 1
    DESIGN_SUBMITTED = 2
    LETTER_REQUESTED = 3
    COMMENTS_OPEN = 4
    FINDINGS_OPEN = 5
    REGISTRATION_CHECKS = 6
    REGISTRATION_WINDOW = 7
    UNDER_REVIEW = 8
    REGISTERED = 9
    REPORTED = 10
    VERIFYING = 11
    ISSUANCE_WINDOW = 12
    INSTRUCTED = 13
    ISSUED = 14
    OFFERED = 15


Said = tuple[str, str, str]
"""What is declared about a criterion: level, figure, words."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One project: what its design document says, and how far it has come.

    Capacity in MW, yearly generation in MWh, margins in tCO2/MWh, price in USD per tonne.
    """

    key: str
    title: str
    owner: str
    host: str
    place: str
    latitude: str
    longitude: str
    sector: str
    technology: str
    capacity_mw: str
    annual_mwh: int
    operating_margin: str
    build_margin: str
    until: Until
    summary: str
    price: str = ""
    sales: tuple[tuple[str, str, int, bool], ...] = ()
    benefits: dict[str, Said] = field(default_factory=dict)
    reservoir_km2: str = ""
    criteria: tuple[str, ...] = ()
    """What a component must meet, for a programme of activities; none for an activity."""

    @property
    def small(self) -> bool:
        """Whether it is within the small-scale limit."""
        return Decimal(self.capacity_mw) <= 15


ZIWA, PAVAN, SOLEIL = (
    "Ziwa Nne Energy Co-operative", "Pavan Ridge Wind Limited", "Kër Soleil SA",
)
QUIMERA, SONGLA = "Energía Quimera SpA", "Sông Lá Power JSC"

ORGANISATIONS = {"Lakeside School": "School year 2025/26", "Harbour Logistics": "Quarter 1"}
"""For which buyers' organisations units are cancelled, and what each calls it in its own books."""

PORTFOLIO: tuple[Sketch, ...] = (
    Sketch(
        "ziwa-solar", "Ziwa Nne solar park, 12 MW", ZIWA, "KE", "Nakuru County", "-0.30310",
        "36.08000", "solar", "solar", "12", 21_900, "0.6120", "0.4250", Until.OFFERED,
        "Twelve megawatts of panels on dry grazing land near the lakes feed the national grid at "
        "noon, when oil-fired sets used to run. Sheep keep the grass short.",
        price="4.80",
        sales=(("Amina Otieno", "Our family's flights and home energy", 12, True),
               ("A reader", "", 3, False),
               ("Lakeside School", "Our school year, neutral for the climate", 40, True)),
        benefits={
            "air": ("moderate", "6 oil-fired sets", "run less at noon in the town nearby"),
            "education": ("slight", "14 apprentices", "trained in wiring and safe climbing"),
            "jobs": ("moderate", "22 full-time jobs", "half of them held by women from the area"),
            "welfare": ("slight", "1 clinic", "gets a part of the land rent for medicines"),
            "energy": ("high", "21 900 MWh a year", "at hours in which load was shed before"),
            "technology": ("slight", "", "trackers assembled and maintained by local workshops"),
        },
    ),
    Sketch(
        "pavan-wind", "Pavan Ridge wind farm, 63 MW", PAVAN, "IN", "Dhule district, Maharashtra",
        "20.90420", "74.77490", "wind", "wind", "63", 148_000, "0.9660", "0.8690", Until.OFFERED,
        "Thirty turbines on a bare ridge deliver to the western grid, which burns mostly coal.",
        price="1.95",
        sales=(("Harbour Logistics", "Deliveries in the first quarter", 850, True),),
        benefits={
            "air": ("high", "", "less coal burnt in the region's power stations"),
            "jobs": ("moderate", "61 jobs", "in operation and security, hired from six villages"),
            "energy": ("high", "148 000 MWh a year", "fed into the western grid"),
            "growth": ("moderate", "", "land rent and road building stay in the district"),
        },
    ),
    Sketch(
        "soleil-park", "Kër Soleil solar park, 20 MWp", SOLEIL, "SN", "Thiès region", "14.79100",
        "-16.92560", "solar", "solar", "20", 34_100, "0.6830", "0.5240", Until.OFFERED,
        "The park feeds the grid that Dakar draws upon and replaces heavy fuel oil.",
        price="3.10", sales=(("Amina Otieno", "Two return flights", 5, True),),
        benefits={
            "air": ("moderate", "", "less heavy fuel oil burnt at the coast"),
            "jobs": ("slight", "18 jobs", "in upkeep and cleaning"),
            "balance_of_payments": ("high", "7 600 t of fuel oil", "not imported each year"),
            "energy": ("moderate", "34 100 MWh a year", "for the grid of the capital"),
        },
    ),
    Sketch(
        "quimera-hydro", "Río Quimera run-of-river hydropower, 14 MW", QUIMERA, "CL",
        "Los Ríos region", "-39.81420", "-72.40000", "hydro", "hydro", "14", 74_200,
        "0.6540", "0.3980", Until.OFFERED,
        "Water is diverted over three kilometres and returned; there is no reservoir.",
        price="1.60",
        benefits={
            "air": ("slight", "", "less wood smoke where electric heating became affordable"),
            "jobs": ("slight", "9 jobs", "for operators from the valley"),
            "growth": ("slight", "", "a road that stays open in winter"),
            "energy": ("moderate", "74 200 MWh a year", "with fewer winter outages"),
        },
    ),
    Sketch(
        "nube-hydro", "Nube Alta mini-hydro, 9 MW", QUIMERA, "HN", "La Paz department",
        "14.31670", "-87.68330", "hydro", "hydro", "9", 41_300, "0.6710", "0.5120",
        Until.ISSUED,
        "Two turbines below a cloud forest; the forest is protected because the water depends on "
        "it.",
        benefits={
            "air": ("slight", "", "less diesel burnt in the evening"),
            "water": ("moderate", "3 springs", "fenced and tested twice a year"),
            "education": ("slight", "2 schools", "visit the plant and plant trees"),
            "natural_resources": ("high", "410 ha", "of cloud forest guarded by the community"),
        },
    ),
    Sketch(
        "rift-steam", "Menengai East geothermal unit, 35 MW", ZIWA, "KE", "Nakuru County",
        "-0.20050", "36.09890", "geothermal", "geothermal", "35", 268_000, "0.6120", "0.4250",
        Until.INSTRUCTED,
        "One unit on wells already drilled runs day and night and lets oil-fired sets stand still.",
    ),
    Sketch(
        "songla-dam", "Sông Lá hydropower, 48 MW", SONGLA, "VN", "Lai Châu province", "22.39640",
        "103.45820", "reservoir", "hydro", "48", 176_000, "0.8154", "0.5402",
        Until.ISSUANCE_WINDOW,
        "A small reservoir of six square kilometres, eight watts for each square metre of water.",
        benefits={"energy": ("high", "176 000 MWh a year", "for the northern grid"),
                  "growth": ("moderate", "", "a bridge and 14 km of road")},
        reservoir_km2="6",
    ),
    Sketch(
        "zghapari-wind", "Zghapari Ridge wind farm, 40 MW", PAVAN, "GE", "Shida Kartli",
        "41.98890", "44.10860", "wind", "wind", "40", 104_000, "0.3380", "0.4120",
        Until.VERIFYING,
        "Twelve turbines where the valley narrows, strongest in winter when rivers are low.",
        benefits={"jobs": ("slight", "16 jobs", "for technicians trained in Gori"),
                  "technology": ("moderate", "", "blades repaired locally for the first time")},
    ),
    Sketch(
        "nabwiga-solar", "Nabwiga solar plant, 10 MW", ZIWA, "UG", "Soroti district", "1.71460",
        "33.61110", "solar", "solar", "10", 17_400, "0.5490", "0.2860", Until.REPORTED,
        "The first plant of its size in the district; it lowers the voltage drop at the end of a "
        "long line.",
        benefits={"energy": ("moderate", "17 400 MWh a year", "at the end of a weak line"),
                  "welfare": ("slight", "1 borehole", "for two villages beside the plant")},
    ),
    Sketch(
        "lagoon-tide", "Yasawa channel tidal plant, 6 MW", SOLEIL, "FJ", "Western Division",
        "-17.06000", "177.25000", "tidal", "tidal", "6", 15_300, "0.7210", "0.5540",
        Until.REGISTERED,
        "Six turbines on the bed of a channel replace diesel on the main island's grid.",
        benefits={"balance_of_payments": ("moderate", "3 900 t of diesel", "not imported")},
    ),
    Sketch(
        "kupepea-wind", "Kupepea Plateau wind farm, 48 MW", ZIWA, "KE", "Marsabit County",
        "2.51200", "36.80800", "wind", "wind", "48", 171_600, "0.6120", "0.4250",
        Until.REGISTRATION_WINDOW,
        "Steady winds from the lake turn sixteen machines on a plateau without trees.",
    ),
    Sketch(
        "jua-solar", "Jua Kubwa solar park, 55 MW", ZIWA, "KE", "Garissa County", "-0.45320",
        "39.64610", "solar", "solar", "55", 97_200, "0.6120", "0.4250", Until.FINDINGS_OPEN,
        "A large park in a dry county that had no power station of its own.",
    ),
    Sketch(
        "teesta-solar", "Narmada canal-top solar, 8 MW", PAVAN, "IN", "Vadodara district, Gujarat",
        "22.30720", "73.18120", "solar", "solar", "8", 13_900, "0.9660", "0.8690",
        Until.UNDER_REVIEW,
        "Panels over an irrigation canal save land and keep water from evaporating.",
        benefits={"water": ("moderate", "90 000 m³ a year", "kept from evaporating")},
    ),
    Sketch(
        "muwa-wind", "Muwa coast wind farm, 24 MW", SOLEIL, "SN", "Louffa coast", "15.40000",
        "-16.75000", "wind", "wind", "24", 71_000, "0.6830", "0.5240", Until.REGISTRATION_CHECKS,
        "Eight machines behind the dunes, on land that salt had taken from farming.",
    ),
    Sketch(
        "cerro-solar", "Cerro Claro solar, 11 MW", QUIMERA, "CL", "Atacama region", "-27.36680",
        "-70.33230", "solar", "solar", "11", 29_800, "0.6540", "0.3980", Until.COMMENTS_OPEN,
        "Panels in the clearest air on earth, beside a line that a mine no longer needs.",
    ),
    Sketch(
        "bahari-wind", "Bahari wind farm, 30 MW", ZIWA, "KE", "Lamu County", "-2.27170",
        "40.90200", "wind", "wind", "30", 92_000, "0.6120", "0.4250", Until.LETTER_REQUESTED,
        "Ten machines on the mainland coast; the letter of approval has been asked for.",
    ),
    Sketch(
        "mto-hydro", "Mto Baridi run-of-river hydropower, 5 MW", ZIWA, "KE", "Meru County",
        "0.05000", "37.65000", "hydro", "hydro", "5", 24_000, "0.6120", "0.4250",
        Until.DRAFT,
        "A stream from the mountain, a weir and five kilometres of pipe. The document is being "
        "written.",
    ),
)
