"""Providers: the departments that give the services, own ones and others'."""

from __future__ import annotations

from dataclasses import dataclass

from generator.catalogue import OTHER, OWN, PARAGRAPHS, PRIVATE, REGION
from generator.draws import Draws
from generator.profiles import Profile

# fmt: off
PREFIXES = {
    "85": "Støttekorpset", "95": "Hjælperkontoret", "96": "Assistancen", "97": "Følgesvenden",
    "101": "Rusklinikken", "102": "Klinikken", "103": "Værkstedet", "104": "Samværshuset",
    "107": "Opgangen", "108": "Botilbuddet", "109": "Krisecentret", "110": "Herberget",
    "ABL-105": "Bofællesskabet",
}
OWNERS = {
    "85": (OWN, OWN, OTHER, PRIVATE, PRIVATE), "95": (OWN,), "96": (OWN, PRIVATE, PRIVATE),
    "97": (OWN, PRIVATE), "101": (OWN, OTHER, PRIVATE), "102": (OTHER, REGION, PRIVATE),
    "103": (OWN, OTHER), "104": (OWN, OWN, OTHER, PRIVATE),
    "107": (OWN, OWN, OTHER, REGION, PRIVATE, PRIVATE, PRIVATE),
    "108": (OWN, OWN, OTHER, REGION, PRIVATE, PRIVATE, PRIVATE),
    "109": (OTHER, PRIVATE), "110": (OTHER, PRIVATE), "ABL-105": (OWN, OWN, OTHER, PRIVATE),
}
PLACES = (
    "Agerhønen", "Birkekæret", "Blåklokken", "Brombærvej", "Elledammen", "Enebærren",
    "Fyrreklitten", "Glentevang", "Gyvelbakken", "Hedelyngen", "Hejrekilden", "Humleranken",
    "Hybenhegnet", "Isfuglen", "Kamillevang", "Kodriveren", "Kornblomsten", "Kvækerfinken",
    "Kæruldsmosen", "Lindebuen", "Lupinmarken", "Mirabellen", "Mosekonen", "Natsværmeren",
    "Pilefløjten", "Pindsvinet", "Porsekæret", "Ravnsholten", "Ribesbusken", "Rugskellet",
    "Rørsangeren", "Rønnebærret", "Sivkanten", "Slåenhækken", "Solsorten", "Spurveskjul",
    "Stenbroen", "Svaleklinten", "Syrenhegnet", "Tagrenden", "Takstræet", "Tjørnebakken",
    "Tranebærmosen", "Tyttebærlyngen", "Vandhullet", "Vibeengen", "Violstien", "Vårsolen",
)
# fmt: on


@dataclass(frozen=True)
class Provider:
    """A department that gives one paragraph's services, and how dear it is (1 = ordinary).

    Most prices are agreed for two years at a time: `regulated` holds the years of new ones.
    """

    name: str
    paragraph: str
    owner: str
    factor: float
    regulated: tuple[int, ...]


def build_providers(draws: Draws) -> list[Provider]:
    """All providers that the municipality uses, own ones first within a paragraph."""
    names = iter(draws.sample(PLACES, sum(len(OWNERS[paragraph]) for paragraph in PARAGRAPHS)))
    return [
        Provider(
            f"{PREFIXES[paragraph]} {next(names)}",
            paragraph,
            owner,
            draws.between(0.94, 1.06) + (0.03 if owner == PRIVATE else 0.0),
            draws.pick(((2022, 2024), (2023, 2025))),
        )
        for paragraph in PARAGRAPHS
        for owner in OWNERS[paragraph]
    ]


def choose_provider(
    draws: Draws, profile: Profile, providers: list[Provider], paragraph: str
) -> Provider:
    """A provider of the paragraph; the owner first, as the profile's shares say."""
    known = [provider for provider in providers if provider.paragraph == paragraph]
    rest = 1 - profile.own_share - profile.private_share
    shares = {
        OWN: profile.own_share,
        PRIVATE: profile.private_share,
        OTHER: rest * 0.7,
        REGION: rest * 0.3,
    }
    owners = list(dict.fromkeys(provider.owner for provider in known))
    owner = draws.weighted([(owner, shares[owner]) for owner in owners])
    return draws.pick([provider for provider in known if provider.owner == owner])
