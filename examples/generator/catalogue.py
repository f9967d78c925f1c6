"""What the invented municipalities have in common: dates, functions, services, statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

AS_OF = date(2025, 9, 30)
YEARS = (2021, 2022, 2023, 2024, 2025)
CURRENT_YEAR = 2025
LAST_FINISHED_YEAR = 2024
PERIOD_START = date(2021, 1, 1)
YEAR_END = date(2025, 12, 31)

PRICE_INDEX = {
    2020: 100.0,
    2021: 102.1,
    2022: 104.6,
    2023: 108.0,
    2024: 111.5,
    2025: 114.9,
    2026: 118.0,
}

ADVICE_FUNCTION = "5.38.40"
REFUND_FUNCTION = "5.22.07"
SUPPORT_FUNCTION = "5.38.38"
FUNCTIONS = {
    "5.22.07": "Den centrale refusionsordning",
    "5.38.38": "Personlig støtte og pasning af personer med handicap mv.",
    "5.38.40": "Rådgivning og rådgivningsinstitutioner",
    "5.38.42": "Botilbud for personer med særlige sociale problemer",
    "5.38.45": "Behandling af stofmisbrugere",
    "5.38.50": "Botilbud for længerevarende ophold",
    "5.38.51": "Botilbudslignende tilbud",
    "5.38.52": "Botilbud til midlertidigt ophold",
    "5.38.53": "Kontaktperson- og ledsageordninger",
    "5.38.58": "Beskyttet beskæftigelse",
    "5.38.59": "Aktivitets- og samværstilbud",
}

# Yearly cost of one person above which the state refunds a part, and the part (2022).
# Other years follow PRICE_INDEX here: a construction, not the regulated amounts.
REFUND_STEPS_2022 = ((860_000, 0.25), (1_680_000, 0.25), (2_120_000, 0.25))
REFUND_BELOW_AGE = 67

OWN, OTHER, REGION, PRIVATE = "egen", "anden kommune", "region", "privat"
RESIDENTIAL = ("107", "108", "ABL-105")
SELF_REFERRAL = ("109", "110")


@dataclass(frozen=True)
class Service:
    """A service as it is granted: what it is called, what it costs, who gets it, for how long."""

    key: str
    paragraph: str
    title: str
    function: str
    unit: str
    price: float  # kr. per unit, 2021
    ages: tuple[int, int]
    target_groups: tuple[str, ...]
    stock: float  # weight among citizens on 1 January 2021
    inflow: float  # weight among new citizens
    months: int  # mean length of a stay, or of what is left of it
    case_days: int  # usual days from application to decision
    quantity: tuple[int, int] = (1, 1)  # units per week or month, hours for example
    spread: float = 0.15
    yearly: bool = False  # regulated every January; otherwise every other January
    ends_at_67: bool = False
    move: float = 0.0  # chance that a stay is followed by one in `successors`
    successors: tuple[str, ...] = ()
    returns: float = 0.0  # chance of coming back to the same service later


DISABILITY = ("udviklingshæmning", "autisme og ADHD", "erhvervet hjerneskade")
MENTAL = ("sindslidelse", "autisme og ADHD")
# fmt: off
SERVICES: tuple[Service, ...] = (
    Service("85", "85", "Socialpædagogisk støtte", "5.38.38", "uge", 470,
            ages=(18, 66), target_groups=(*MENTAL, *MENTAL, *DISABILITY),
            stock=24, inflow=23, months=58, case_days=45, quantity=(2, 7),
            ends_at_67=True, move=0.2, successors=("107", "ABL-105", "85+")),
    Service("85+", "85", "Socialpædagogisk støtte, intensiv", "5.38.38", "uge", 440,
            ages=(18, 66), target_groups=(*MENTAL, *DISABILITY),
            stock=4, inflow=2, months=34, case_days=50, quantity=(9, 16),
            ends_at_67=True, move=0.45, successors=("107", "ABL-105", "85")),
    Service("95", "95", "Kontant tilskud til ansættelse af hjælpere", "5.38.38", "måned", 61_000,
            ages=(20, 60), target_groups=("fysisk handicap",),
            stock=2.8, inflow=0.8, months=200, case_days=70, spread=0.2),
    Service("96", "96", "Borgerstyret personlig assistance", "5.38.38", "måned", 112_000,
            ages=(20, 60), target_groups=("fysisk handicap", "erhvervet hjerneskade"),
            stock=3.4, inflow=0.9, months=200, case_days=85, spread=0.22),
    Service("97", "97", "Ledsageordning", "5.38.53", "måned", 238,
            ages=(20, 62), target_groups=("fysisk handicap", "udviklingshæmning", "synshandicap"),
            stock=4, inflow=2.5, months=80, case_days=40, quantity=(12, 15), spread=0.06,
            ends_at_67=True),
    Service("101", "101", "Stofmisbrugsbehandling, ambulant", "5.38.45", "måned", 6_900,
            ages=(19, 55), target_groups=("misbrug",),
            stock=5, inflow=11, months=22, case_days=12,
            returns=0.4, move=0.12, successors=("101d", "85")),
    Service("101d", "101", "Stofmisbrugsbehandling, døgn", "5.38.45", "døgn", 1_980,
            ages=(19, 55), target_groups=("misbrug",),
            stock=0.5, inflow=1.0, months=4, case_days=14,
            returns=0.15, move=0.5, successors=("101", "107")),
    Service("102", "102", "Behandling af særlig karakter", "5.38.38", "uge", 1_120,
            ages=(20, 62), target_groups=("autisme og ADHD", "erhvervet hjerneskade"),
            stock=3.4, inflow=3.6, months=44, case_days=60, quantity=(1, 3)),
    Service("103", "103", "Beskyttet beskæftigelse", "5.38.58", "år", 112_000,
            ages=(19, 62), target_groups=("udviklingshæmning", "sindslidelse"),
            stock=5, inflow=3, months=90, case_days=40, spread=0.12,
            ends_at_67=True),
    Service("104", "104", "Aktivitets- og samværstilbud", "5.38.59", "år", 196_000,
            ages=(19, 64), target_groups=("udviklingshæmning", "sindslidelse"),
            stock=3, inflow=2, months=100, case_days=40, spread=0.18),
    Service("104+", "104", "Aktivitets- og samværstilbud, udvidet", "5.38.59", "måned", 24_500,
            ages=(19, 64), target_groups=DISABILITY,
            stock=0.8, inflow=0.6, months=100, case_days=45, spread=0.18),
    Service("107", "107", "Midlertidigt botilbud", "5.38.52", "døgn", 2_890,
            ages=(18, 60), target_groups=(*MENTAL, "udviklingshæmning", "misbrug"),
            stock=10, inflow=14, months=38, case_days=75, spread=0.24,
            move=0.55, successors=("108", "ABL-105", "ABL-105", "85", "85", "107")),
    Service("108", "108", "Længerevarende botilbud", "5.38.50", "døgn", 3_780,
            ages=(21, 68), target_groups=DISABILITY,
            stock=15, inflow=5, months=220, case_days=95, spread=0.22,
            yearly=True, move=0.18, successors=("108",)),
    Service("109", "109", "Ophold på krisecenter", "5.38.42", "døgn", 1_790,
            ages=(19, 50), target_groups=("voldsudsat",),
            stock=1.2, inflow=5, months=5, case_days=0,
            returns=0.35, move=0.1, successors=("85",)),
    Service("110", "110", "Ophold på herberg", "5.38.42", "døgn", 1_410,
            ages=(20, 62), target_groups=("hjemløshed",),
            stock=2.8, inflow=7, months=10, case_days=0,
            returns=0.6, move=0.15, successors=("85", "107")),
    Service("ABL-105", "ABL-105", "Støtte i botilbudslignende bolig", "5.38.51", "døgn", 2_040,
            ages=(20, 66), target_groups=(*DISABILITY, "sindslidelse"),
            stock=10, inflow=5, months=110, case_days=80, spread=0.2,
            move=0.25, successors=("108", "ABL-105")),
)
# fmt: on
SERVICE = {service.key: service for service in SERVICES}
PARAGRAPHS = tuple(dict.fromkeys(service.paragraph for service in SERVICES))
FUNCTION_OF = {service.paragraph: service.function for service in SERVICES}

STRATEGIC, ECONOMIC, PROFESSIONAL = "strategisk-politisk", "oekonomisk-finansiel", "socialfaglig"
CENTRES = (STRATEGIC, ECONOMIC, PROFESSIONAL)
ROLES = {
    STRATEGIC: (
        "udvalgsformand",
        "udvalgsmedlem",
        "direktør",
        "kommunaldirektør",
        "socialpolitisk konsulent",
    ),
    ECONOMIC: (
        "økonomichef",
        "controller",
        "økonomikonsulent",
        "budgetansvarlig",
        "regnskabskonsulent",
    ),
    PROFESSIONAL: (
        "myndighedschef",
        "visitator",
        "myndighedsrådgiver",
        "tilbudsleder",
        "faglig koordinator",
        "afdelingsleder, bostøtte",
    ),
}
STATEMENTS = {
    "opgaver-ansvar": "Opgaver og ansvar mellem politik, økonomi og faglighed er klart fordelt",
    "beslutningskompetence": "Jeg ved, hvem der må træffe afgørelse i en sag",
    "leder-oekonomi": "Lederne har den økonomiske viden, opgaven kræver",
    "tid-til-opfoelgning": "Medarbejderne har tid til at følge op på de sager, de har ansvar for",
    "overgang-barn-voksen": "Overgangen fra barn til voksen planlægges i god tid",
    "barn-voksen-samarbejde": "Samarbejdet mellem børneområdet og voksenområdet fungerer godt",
    "myndighed-udfoerer": "Myndighed og udfører drøfter jævnligt, om støtten passer",
    "psykiatri": "Samarbejdet med behandlingspsykiatrien fungerer",
    "visitation-arbejdsgang": "Visitationen følger samme arbejdsgang i alle sager",
    "indsatsmaal-i-opfoelgning": "Indsatsmål i handleplanen bruges, når der følges op",
    "flere-tilbud-sammenlignes": "Flere egnede tilbud sammenlignes, før et botilbud vælges",
    "pris-forhandles": "Prisen på et tilbud forhandles, når støttebehovet ændrer sig",
    "pris-kendt-ved-valg": "Prisen er kendt, når der vælges mellem egnede tilbud",
    "budget-antal-pris": "Budgettet bygger på den aktivitet og de priser, vi kender",
    "investeringer-i-budget": "Investeringer og forebyggelse indgår i den årlige budgetlægning",
    "afvigelser-forklares": "Afvigelser i økonomien bliver forklaret med faglige årsager",
    "maanedligt-billede": "Ledelsen får hver måned et samlet billede af aktivitet og økonomi",
    "prognoser-til-at-stole-paa": "Prognoserne for årets forbrug er til at stole på",
    "borgernes-maal": "Ledelsen ved, om borgerne når deres mål",
    "udvalgets-opfoelgning": "Udvalget får en opfølgning, det kan handle på",
    "politiske-maal": "De politiske mål kan måles",
    "serviceniveau-i-visitationen": "Det vedtagne serviceniveau bruges i visitationen",
    "tilbudsvifte-plan": "Tilbudsviften følger en politisk vedtaget plan",
    "handling-ved-afvigelse": "Merforbrug i prognosen fører til beslutninger",
}
OWN_STATEMENT = "dyre-sager-gennemgaas"
OWN_STATEMENT_TEXT = "De dyreste sager gennemgås i fællesskab hvert halve år"
