"""Places are found or refused with proposals; nothing is guessed."""

import re

import pytest
from geopy.geocoders.base import Geocoder
from travel import read_shared

from mobility.carbon.assets import read_table
from mobility.carbon.countries import find_country
from mobility.carbon.distances import distance_m
from mobility.carbon.gazetteer import Gazetteer, find_cities, fold_name, load_names
from mobility.carbon.place import InvalidPlace, Place
from mobility.carbon.places import check_coordinates, parse_place
from mobility.carbon.resolution import resolve_places

UNIVERSITY_CITIES = (
    "Uppsala, SE", "Lund, SE", "Stockholm, SE", "Gothenburg, SE", "Oslo, NO",
    "Bergen, NO", "Copenhagen, DK", "Aarhus, DK", "Helsinki, FI", "Tartu, EE",
    "Riga, LV", "Vilnius, LT", "Warsaw, PL", "Kraków, PL", "Prague, CZ", "Vienna, AT",
    "Graz, AT", "Zürich, CH", "Geneva, CH", "Munich, DE", "Heidelberg, DE",
    "Göttingen, DE", "Leuven, BE", "Ghent, BE", "Utrecht, NL", "Leiden, NL",
    "Paris, FR", "Lyon, FR", "Montpellier, FR", "Bologna, IT", "Padova, IT",
    "Salamanca, ES", "Barcelona, ES", "Coimbra, PT", "Lisbon, PT", "Oxford, GB",
    "Cambridge, GB", "Edinburgh, GB", "Dublin, IE", "Athens, GR", "Istanbul, TR",
    "Cairo, EG", "Kampala, UG", "Nairobi, KE", "Addis Ababa, ET", "Accra, GH",
    "Ibadan, NG", "Dakar, SN", "Cape Town, ZA", "Johannesburg, ZA", "Mumbai, IN",
    "Dhaka, BD", "Bangkok, TH", "Hanoi, VN", "Kyoto, JP", "São Paulo, BR",
    "Bogotá, CO", "Lima, PE", "Boston, US", "Springfield, US",
)  # fmt: skip


def refusal_of(text: str) -> str:
    with pytest.raises(InvalidPlace) as refusal:
        parse_place(text)
    return "\n".join(refusal.value.problems)


def place_or_refusal(text: str) -> Place | str:
    try:
        return parse_place(text)
    except InvalidPlace as refusal:
        return str(refusal)


def proposals_in(sentence: str) -> list[str]:
    return re.findall(r"'([^']+)'", sentence.partition("did you mean")[2])


def test_sixty_university_cities_are_found_or_ambiguous_with_proposals() -> None:
    assert len(UNIVERSITY_CITIES) == 60
    ambiguous = []
    for text in UNIVERSITY_CITIES:
        found = place_or_refusal(text)
        if isinstance(found, str):
            assert len(proposals_in(found)) >= 2, text
            ambiguous.append(text)
        else:
            assert (found.country, found.entered) == (text[-2:], text)
    assert ambiguous == ["Springfield, US"]


@pytest.mark.parametrize("text", ["Springfield, US", "San José, CR"])
def test_every_proposal_for_an_ambiguous_name_is_accepted(text: str) -> None:
    proposals = proposals_in(refusal_of(text))
    keys = {parse_place(proposal).key for proposal in proposals}
    assert len(keys) == len(proposals) >= 2


def test_a_district_of_another_city_is_not_meant_where_a_city_is() -> None:
    """Salamanca is a city, and a district of Madrid by GeoNames' code PPLX."""
    assert round(parse_place("Salamanca, ES").latitude_udeg / 1e6, 1) == 41.0
    names = load_names("ES").primary["salamanca"]
    assert sorted(city.is_section for city in names) == [False, True]


@pytest.mark.slow
def test_a_district_is_found_where_no_city_has_its_name() -> None:
    found = [
        city
        for country in ("GB", "DE", "ES")
        for cities in load_names(country).primary.values()
        for city in cities
        if len(cities) == 1 and city.is_section
    ]
    assert len(found) > 50
    for city in found[:5]:
        assert parse_place(f"{city.name}, {city.country}").name == city.name


def test_many_places_end_in_two_lists_with_proposals() -> None:
    """Dana pastes a column of cities."""
    texts = [
        "Uppsala, SE", "Springfield, US", "Nairobii, KE", "Uppsala, SE", "0,0", "Lyon",
    ]  # fmt: skip
    resolution = resolve_places(texts)
    assert list(resolution.places) == ["Uppsala, SE"]
    assert not resolution.is_complete
    (open_place,) = resolution.ambiguous
    assert open_place.entered == "Springfield, US"
    assert len(open_place.proposals) > 2
    names = [place.entered for place in resolution.unresolved]
    assert names == ["Nairobii, KE", "0,0", "Lyon"]
    assert "Lyon, FR" in resolution.unresolved[-1].proposals
    for place in (*resolution.ambiguous, *resolution.unresolved):
        assert resolve_places(place.proposals).is_complete
    assert resolve_places(["Uppsala, SE"]).is_complete


def test_no_school_of_the_demo_world_needs_manual_work() -> None:
    schools = read_table("demo/schools.csv")
    assert len(schools) == 60
    for school in schools:
        position = (int(school["latitude_udeg"]), int(school["longitude_udeg"]))
        found = check_coordinates(school["city"], school["country"], *position)
        assert found == []


def test_the_biggest_place_does_not_win() -> None:
    assert "ambiguous" in refusal_of("New Haven, US")
    region = parse_place("New Haven, Connecticut, US")
    assert region.key == parse_place("New Haven, CT, US").key


def test_names_of_one_place_a_few_kilometres_apart_are_one_place() -> None:
    for text in UNIVERSITY_CITIES:
        name, country = text.split(", ")
        found = find_cities(name, country)
        if len(found) > 1 and text != "Springfield, US":
            ends = [
                Place("", country, c.latitude_udeg, c.longitude_udeg) for c in found
            ]
            assert all(distance_m(ends[0], end) <= 25_000 for end in ends)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("zurich, ch", "Zürich"),
        ("ZÜRICH, CH", "Zürich"),
        ("  Sao   Paulo ,BR", "São Paulo"),
        ("München, DE", "Munich"),
        ("Asyut, EG", "Assiut"),
        ("St. Gallen, CH", "Sankt Gallen"),
        ("London, UK", "London"),
        ("Athens, EL", "Athens"),
    ],
)
def test_accents_case_other_names_and_usual_codes_are_understood(
    text: str, name: str
) -> None:
    assert parse_place(text).name == name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "write 'City, CC'"),
        (" , ", "write 'City, CC'"),
        ("Nairobi", "the country is missing; did you mean Nairobi, KE?"),
        ("Nairobi, ", "the country is missing"),
        ("Nairobi, KEN", "did you mean KE (Kenya)?"),
        ("Nairobi, Kenya", "did you mean KE (Kenya)?"),
        ("Nairobi, Kenia", "did you mean KE (Kenya)"),
        ("Nairobi, XX", "country 'XX' is unknown"),
        ("Nairobii, KE", "did you mean 'Nairobi, Nairobi Area, KE'?"),
        ("Uppsala, DE", "did you mean 'Uppsala, SE'?"),
        ("Springfield, Utopia, US", "no such place in region Utopia"),
        ("Peradeniya, LK", "give its latitude and longitude"),
        ("0,0", "stands for missing coordinates"),
        ("103.8,1.3", "did you mean 1.3,103.8?"),
        ("91,181", "longitude 181.0 is not from -180 to 180"),
        ("nan,3", "latitude nan is not from -90 to 90"),
        ("3,inf", "longitude inf is not from -180 to 180"),
        ("-30,-30", "is at sea"),
        ("17.6,-30", "is at sea"),
    ],
)
def test_a_bad_place_is_refused_with_a_proposal(text: str, sentence: str) -> None:
    assert sentence in refusal_of(text)


def test_swapped_coordinates_at_sea_are_proposed_the_right_way_round() -> None:
    assert "did you mean -1.28333,36.81667" not in refusal_of("-30,-30")
    assert "did you mean 51.5,-0.1" in refusal_of("-0.1,51.5")


def test_exact_coordinates_are_kept_to_a_millionth() -> None:
    place = parse_place("0.316281,32.582191")
    assert (place.latitude_udeg, place.longitude_udeg) == (316_281, 32_582_191)
    assert (place.country, place.resolved_by) == ("UG", "exact")
    assert place.key == "316281,32582191,UG"


def test_stored_coordinates_are_checked_against_the_country() -> None:
    def problems(latitude: float, longitude: float, country: str = "KE") -> str:
        place = (round(latitude * 1e6), round(longitude * 1e6))
        return "\n".join(check_coordinates("Nairobi", country, *place))

    assert problems(-1.28333, 36.81667) == ""
    assert "swapped: did you mean -1.28333,36.81667?" in problems(36.81667, -1.28333)
    assert "they seem to be missing" in problems(0, 0)
    outside = problems(51.5, 0.1)
    assert "51.50000,0.10000 is not in KE; did you mean -1.28333,36.81667?" in outside
    assert "is not in KE" in problems(95, 36.8)
    assert problems(4.93333, -52.33333, "GF") == ""


def test_every_medical_school_lies_in_its_country() -> None:
    """Within 0.3 degrees of the coarse border, as the check allows everywhere."""
    schools = read_shared("institutions/medical_schools_seed.csv")
    problems = [
        problem
        for school in schools
        for problem in check_coordinates(
            school["city"],
            find_country(school["country_iso2"]),
            round(float(school["lat"]) * 1e6),
            round(float(school["lon"]) * 1e6),
        )
    ]
    assert len(schools) > 200
    assert problems == []


@pytest.mark.slow
def test_every_medical_schools_city_is_found_or_refused_with_a_way_out() -> None:
    for school in read_shared("institutions/medical_schools_seed.csv"):
        text = f"{school['city']}, {school['country_iso2']}"
        latitude, longitude = float(school["lat"]), float(school["lon"])
        listed = Place("", "", round(latitude * 1e6), round(longitude * 1e6))
        found = place_or_refusal(text)
        if isinstance(found, str):
            assert re.search("did you mean|latitude and longitude", found), text
        else:
            assert distance_m(found, listed) < 30_000, text


def test_the_gazetteer_is_a_geocoder() -> None:
    gazetteer = Gazetteer()
    assert isinstance(gazetteer, Geocoder)
    location = gazetteer.geocode("Uppsala, SE")
    assert (round(location.latitude, 2), round(location.longitude, 2)) == (59.86, 17.64)
    assert location.raw["country"] == "SE"
    assert len(gazetteer.geocode("Springfield, US", exactly_one=False)) > 2
    assert gazetteer.geocode("Atlantis, GR") is None


def test_folding_leaves_letters_only() -> None:
    assert fold_name("  Saint-Étienne-du-Rouvray ") == "saint etienne du rouvray"
    assert fold_name("Weißenfels") == "weissenfels"
