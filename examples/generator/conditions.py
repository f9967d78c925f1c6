"""Framework conditions of the eight municipalities: invented, as everything here."""

from __future__ import annotations

import csv
import io

from generator.profiles import PROFILES

COLUMNS = (
    "kommunekode", "kommune", "periode", "indikator", "definition_version", "prisniveau",
    "refusion", "vaerdi", "taeller", "naevner", "partial", "suppressed", "kilde",
    "kontakt", "titel", "enhed",
)  # fmt: skip
PERIOD = "2024"
SOURCE = "KONSTRUERET EKSEMPEL"
VARIABLES = {
    "andel-18-29-aarige": ("18-29-årige", "pct. af 18-66-årige"),
    "beskatningsgrundlag": ("Beskatningsgrundlag", "kr. pr. indbygger"),
    "befolkningstaethed": ("Befolkningstæthed", "indbyggere pr. km²"),
    "uden-uddannelse": ("Voksne uden erhvervsuddannelse", "pct."),
    "foertidspension": ("Førtidspensionister", "pct. af 18-66-årige"),
    "sociooekonomisk-indeks": ("Socioøkonomisk indeks", "1 er landet"),
}
VALUES = {
    "syddjurs": (17.2, 191_400, 63, 21.4, 8.1, 0.86),
    "ikast-brande": (19.6, 186_900, 58, 25.1, 7.6, 0.91),
    "norddjurs": (16.8, 176_300, 52, 25.8, 9.9, 1.08),
    "favrskov": (18.9, 209_700, 91, 18.2, 5.6, 0.62),
    "odder": (17.9, 203_500, 103, 18.9, 6.3, 0.68),
    "skanderborg": (19.8, 226_800, 149, 15.7, 4.9, 0.55),
    "silkeborg": (20.4, 204_100, 118, 19.6, 6.8, 0.79),
    "hedensted": (18.1, 193_200, 88, 22.3, 6.6, 0.74),
}


def conditions() -> bytes:
    """Return the file of framework conditions, a line per municipality and variable."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for profile in sorted(PROFILES, key=lambda p: p.code):
        for (name, (title, unit)), value in zip(
            VARIABLES.items(), VALUES[profile.slug], strict=True
        ):
            writer.writerow([
                f"{profile.code:03}", profile.name, PERIOD, name, 1, "", "", value, "", "", "false",
                "false", SOURCE, "", title, unit,
            ])  # fmt: skip
    return out.getvalue().encode("utf-8")
