"""Municipalities are found by code and every spelling; what is none is told apart."""

from __future__ import annotations

import pytest

from styring.errors import InputError
from styring.places import (
    disagreement,
    find_place,
    is_no_municipality,
    place_of,
    places,
    region_named,
)


def test_there_are_ninety_eight_municipalities_in_five_regions() -> None:
    """Each with a code of three digits."""
    assert len(places()) == 98
    assert len({p.region for p in places().values()}) == 5
    assert all(len(code) == 3 and code.isdigit() for code in places())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("751", "751"),
        ("Aarhus", "751"),
        ("Århus", "751"),
        ("ÅRHUS KOMMUNE", "751"),
        ("Høje Taastrup", "169"),
        ("Høje-Tåstrup", "169"),
        ("Lyngby-Taarbæk", "173"),
        ("Ikast Brande", "756"),
        ("Aabenraa", "580"),
        ("Åbenrå", "580"),
        ("Ærø", "492"),
        ("aeroe", "492"),
        ("Nordfyns", "480"),
        ("København", "101"),
        ("0751", "751"),
        ("751 Aarhus", "751"),
        ("751 Århus Kommune", "751"),
        ("Høje-Taastrup", "169"),
        ("HOJE TAASTRUP".replace("O", "Ø", 1), "169"),
        ("Vesthimmerland", "820"),
        ("Vesthimmerlands Kommune", "820"),
        ("Brønderslev-Dronninglund", "810"),
        ("Faaborg Midtfyn", "430"),
        ("A\u030ab" + "enraa", "580"),
    ],
)
def test_a_municipality_is_found_under_every_spelling(text: str, code: str) -> None:
    """Double a, hyphens and written-out letters do not matter."""
    found = place_of(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("text", "code"), [("Københavns Kommune", "101"), ("Bornholms Regionskommune", "400")]
)
def test_a_municipality_is_found_under_its_official_name(text: str, code: str) -> None:
    """The authority's own name has an s that the place has not."""
    found = place_of(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "Kommune", "Andeby", "999", "Region Midtjylland"])
def test_what_is_no_municipality_is_not_found(text: str) -> None:
    """Nothing close is taken for it."""
    assert place_of(text) is None


def test_every_municipality_is_found_by_its_code_and_by_its_name() -> None:
    """And by both together."""
    for code, place in places().items():
        for text in (code, f"0{code}", place.name, f"{place.name} Kommune", f"{code} {place.name}"):
            assert place_of(text) == place, text


def test_a_code_and_a_name_that_disagree_are_no_municipality() -> None:
    """751 is Aarhus, not Odense."""
    assert place_of("751 Odense") is None
    two = disagreement("751 Odense")
    assert two is not None
    assert [p.name for p in two] == ["Aarhus", "Odense"]


@pytest.mark.parametrize("text", ["751 Aarhus", "751", "Odense", "000 Hele landet", "751 Andeby"])
def test_a_code_and_a_name_that_do_not_disagree_say_nothing(text: str) -> None:
    """Nor does half of a pair that nobody knows."""
    assert disagreement(text) is None


@pytest.mark.parametrize(
    "text",
    ["Hele landet", "000 Hele landet", "000", "Region Midtjylland", "084 Region Hovedstaden",
     "1082", "Landsdel Byen København", "Kommunegruppe 3", "Hovedstadskommuner", "Landkommuner",
     "910", "Christiansø", "411", "I alt", "081", "85", "1081", "1085", "900", "960", "0"],
)  # fmt: skip
def test_totals_and_groups_are_told_from_municipalities(text: str) -> None:
    """They are left out of an import, and are no slip of the pen."""
    assert is_no_municipality(text)
    assert place_of(text) is None


@pytest.mark.parametrize("text", ["Aarhus", "751", "Andeby", "751 Odense", "Syddjus", "Helesingør"])
def test_municipalities_and_slips_of_the_pen_are_no_totals(text: str) -> None:
    """A misspelt municipality is asked about, never left out."""
    assert not is_no_municipality(text)


def test_an_unknown_name_suggests_the_nearest() -> None:
    """The error says what was probably meant."""
    with pytest.raises(InputError) as caught:
        find_place("Syddjus")
    assert "Syddjurs" in str(caught.value.hint)


def test_regions_are_found_with_or_without_the_word() -> None:
    """In any case; an unknown one is refused."""
    assert region_named("Region midtjylland") == region_named("Midtjylland") == "Midtjylland"
    with pytest.raises(InputError):
        region_named("Skåne")
