"""What distinguishes one municipality from another: one table."""

from __future__ import annotations

from dataclasses import dataclass

from generator.draws import Draws


@dataclass(frozen=True)
class Means:
    """The mean score that each centre gives a statement."""

    strategic: float
    economic: float
    professional: float


@dataclass(frozen=True)
class Profile:
    """The parameters of one invented municipality.

    Tuples of five follow the years 2021-2025, tuples of three the follow-ups of a year
    (31 March, 30 June, 30 September). Shares are fractions: 0.05 is five per cent.
    """

    # Who it is. Inhabitants are rounded and drawn together, so that workbooks of a handy size
    # still give expenditures per inhabitant that can be compared.
    code: int
    name: str
    slug: str
    seed: int
    inhabitants: int
    citizens: int

    # Services and prices, relative to the catalogue. Few citizens mean chance: what a unit price
    # comes out at depends on the seed as well, and is checked when the workbooks are written.
    residential: float = 1.0  # weight of residential services among the citizens
    price_level: float = 1.0
    residential_price: float = 1.0  # extra, §§ 107 and 108 only
    price_drift: float = 0.0  # yearly, on top of the price index, §§ 107 and 108 only
    private_share: float = 0.25
    own_share: float = 0.50

    # Practice in the cases.
    follow_up: float = 0.75
    plan_offered: float = 0.75
    below_level: float = 0.05  # grants decided one or two levels lower than the price suggests
    case_time: float = 1.0
    reversal_share: float = 0.30
    transitions: int = 28
    transition_plans: float = 0.65
    occupancy: float = 0.95

    # Budgets, forecasts, investments.
    original_deviation: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)  # accounts over budget
    supplement: tuple[float, ...] = (0.004, 0.004, 0.004, 0.004, 0.004)  # of the original budget
    forecast_error: tuple[float, ...] = (-0.015, -0.010, -0.005)
    transfers: bool = False  # has rows of omplacering and overførsel
    corrected_rows: bool = False  # prints korrigeret budget itself
    investment_share: float = 0.010  # of the accounts

    # The answers to the statements.
    practice: Means = Means(3.6, 3.4, 3.3)
    statement_means: tuple[tuple[str, Means], ...] = ()
    full_texts: bool = False  # answers name the statement by its text instead of its id
    respondents: tuple[int, int, int] = (4, 4, 5)
    overdue_actions: int = 2

    def draws(self, stream: int) -> Draws:
        """A stream of its own for each part, so that a change in one leaves the others alone."""
        return Draws((self.code * 100 + self.seed) * 100 + stream)


# fmt: off
PROFILES: tuple[Profile, ...] = (
    Profile(
        code=706, name="Syddjurs", slug="syddjurs", seed=12, inhabitants=43_600, citizens=365,
        residential_price=1.125, price_drift=0.008, private_share=0.48, own_share=0.30,
        follow_up=0.46, plan_offered=0.38, below_level=0.22, case_time=1.35, reversal_share=0.42,
        transitions=29, transition_plans=0.45, occupancy=0.93,
        original_deviation=(0.041, 0.058, 0.077, 0.074, 0.061),
        supplement=(0.012, 0.018, 0.024, 0.022, 0.016),
        forecast_error=(-0.052, -0.036, -0.017), investment_share=0.009,
        practice=Means(3.8, 3.3, 3.0),
        statement_means=(
            ("visitation-arbejdsgang", Means(4.5, 3.3, 2.2)),
            ("leder-oekonomi", Means(4.4, 3.1, 2.1)),
            ("pris-kendt-ved-valg", Means(4.4, 3.0, 2.1)),
            ("myndighed-udfoerer", Means(3.4, 3.0, 1.8)),
            ("tid-til-opfoelgning", Means(3.0, 2.8, 1.9)),
        ),
        full_texts=True, respondents=(5, 4, 6),
    ),
    Profile(
        code=756, name="Ikast-Brande", slug="ikast-brande", seed=5, inhabitants=42_400,
        citizens=365, price_level=0.98, private_share=0.20, own_share=0.58,
        follow_up=0.90, plan_offered=0.90, below_level=0.02, case_time=0.80, reversal_share=0.22,
        transitions=34, transition_plans=0.27, occupancy=0.97,
        original_deviation=(0.004, -0.006, 0.007, 0.005, 0.004),
        supplement=(0.002, -0.002, 0.003, 0.002, 0.002),
        forecast_error=(-0.006, 0.004, 0.002), investment_share=0.003,
        practice=Means(4.1, 4.0, 4.0),
        statement_means=(
            ("barn-voksen-samarbejde", Means(2.5, 2.4, 2.0)),
            ("overgang-barn-voksen", Means(2.4, 2.5, 2.1)),
        ),
        respondents=(4, 4, 5), overdue_actions=1,
    ),
    Profile(
        code=707, name="Norddjurs", slug="norddjurs", seed=5, inhabitants=37_200, citizens=355,
        price_level=0.97, private_share=0.30, own_share=0.44, follow_up=0.62, plan_offered=0.66,
        below_level=0.12, case_time=1.20, reversal_share=0.36, transition_plans=0.58,
        original_deviation=(0.021, 0.034, 0.046, 0.038, 0.030),
        supplement=(0.008, 0.011, 0.016, 0.012, 0.010),
        forecast_error=(-0.030, -0.018, -0.008), transfers=True, investment_share=0.008,
        practice=Means(3.5, 3.2, 3.0),
    ),
    Profile(
        code=710, name="Favrskov", slug="favrskov", seed=2, inhabitants=49_000, citizens=360,
        price_level=1.01, follow_up=0.78, plan_offered=0.80, case_time=0.95, reversal_share=0.28,
        transition_plans=0.74, original_deviation=(-0.012, 0.004, 0.013, 0.009, 0.008),
        forecast_error=(0.012, 0.008, 0.004), corrected_rows=True, investment_share=0.011,
        practice=Means(3.7, 3.7, 3.5), respondents=(4, 4, 4),
    ),
    Profile(
        code=727, name="Odder", slug="odder", seed=7, inhabitants=30_400, citizens=350,
        residential=0.85, price_level=1.02, private_share=0.32, own_share=0.38, follow_up=0.57,
        plan_offered=0.60, below_level=0.15, case_time=1.15, reversal_share=0.34, transitions=26,
        transition_plans=0.55, occupancy=0.92,
        original_deviation=(0.030, 0.018, 0.041, 0.048, 0.035),
        supplement=(0.006, 0.005, 0.010, 0.014, 0.008),
        forecast_error=(-0.034, -0.021, -0.011), investment_share=0.007,
        practice=Means(3.4, 3.0, 3.2), respondents=(4, 4, 4),
    ),
    Profile(
        code=746, name="Skanderborg", slug="skanderborg", seed=1, inhabitants=54_500, citizens=360,
        residential=1.20, price_level=1.03, private_share=0.22, own_share=0.55, follow_up=0.84,
        plan_offered=0.83, below_level=0.03, case_time=0.85, reversal_share=0.25,
        transition_plans=0.82, occupancy=0.96,
        original_deviation=(0.006, -0.009, 0.012, 0.016, 0.010), transfers=True,
        forecast_error=(-0.010, -0.006, -0.003), investment_share=0.012,
        practice=Means(3.9, 3.8, 3.6), respondents=(5, 4, 5),
    ),
    Profile(
        code=740, name="Silkeborg", slug="silkeborg", seed=12, inhabitants=66_000, citizens=355,
        residential=1.30, price_level=0.99, private_share=0.18, own_share=0.62, follow_up=0.72,
        plan_offered=0.70, case_time=1.05, reversal_share=0.31, transitions=32,
        transition_plans=0.70, occupancy=0.97,
        original_deviation=(-0.020, -0.014, -0.006, -0.018, -0.010),
        supplement=(-0.004, -0.003, 0.002, -0.005, -0.002),
        forecast_error=(0.020, 0.012, 0.005), corrected_rows=True, investment_share=0.010,
        practice=Means(3.7, 3.6, 3.4), respondents=(5, 5, 6),
    ),
    Profile(
        code=766, name="Hedensted", slug="hedensted", seed=4, inhabitants=47_300, citizens=360,
        price_level=1.00, follow_up=0.68, plan_offered=0.72, below_level=0.08, case_time=1.10,
        reversal_share=0.33, transition_plans=0.62, occupancy=0.94,
        original_deviation=(0.012, 0.022, 0.027, 0.024, 0.020),
        supplement=(0.006, 0.009, 0.010, 0.008, 0.007),
        forecast_error=(-0.022, -0.013, -0.006), investment_share=0.009,
        practice=Means(3.6, 3.4, 3.2),
    ),
)
# fmt: on
