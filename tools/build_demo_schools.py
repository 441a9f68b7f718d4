"""Write the demo world's schools: facts carried over from three public lists.

Called as `python tools/build_demo_schools.py DATA_FOLDER`; the folder holds
`institutions/` and `geo/`. The output is committed with its README.
"""

import csv
import sys
from pathlib import Path
from urllib.parse import urlsplit

TARGET = Path(__file__).parents[1] / "mobility" / "assets" / "demo" / "schools.csv"

DEVELOPED_REGIONS = (
    "Northern America",
    "Northern Europe",
    "Western Europe",
    "Southern Europe",
    "Eastern Europe",
    "Australia and New Zealand",
)
DEVELOPED_COUNTRIES = ("IL", "JP", "KR")
BLOCK_SOURCE = "UNCTAD developed/developing, derived by rule from UN M49 sub-regions"
BLOCK_DATE = "2026-11-22"

FROM_ERASMUS_LIST = {
    "MED150": "S STOCKHO03",
    "MED151": "S LINKOPI01",
    "MED152": "S UPPSALA01",
    "MED154": "N BERGEN01",
    "MED155": "N TRONDHE01",
    "MED157": "DK KOBENHA01",
    "MED158": "SF HELSINK01",
    "MED159": "EE TARTU02",
    "MED168": "A GRAZ23",
    "MED172": "NL MAASTRI01",
    "MED176": "B ANTWERP01",
    "MED179": "F STRASBO48",
    "MED182": "E GRANADA01",
    "MED184": "P LISBOA109",
    "MED190": "I BRESCIA01",
    "MED193": "CZ PRAHA07",
    "MED198": "HU BUDAPES08",
    "MED201": "PL KRAKOW01",
    "MED214": "IRLDUBLIN01",
}
"""Number in the compiled list -> Erasmus code, for schools with an Erasmus charter."""

BY_HAND = {
    "MED001": "mak.ac.ug",
    "MED004": "uonbi.ac.ke",
    "MED005": "mu.ac.ke",
    "MED007": "muhas.ac.tz",
    "MED010": "kuhes.ac.mw",
    "MED011": "ur.ac.rw",
    "MED012": "wits.ac.za",
    "MED013": "uct.ac.za",
    "MED021": "unam.edu.na",
    "MED023": "knust.edu.gh",
    "MED025": "ui.edu.ng",
    "MED030": "aau.edu.et",
    "MED035": "cu.edu.eg",
    "MED042": "utm.rnu.tn",
    "MED047": "ucad.sn",
    "MED049": "uy1.uninet.cm",
    "MED055": "cmch-vellore.edu",
    "MED063": "aku.edu",
    "MED069": "tu.edu.np",
    "MED072": "cmb.ac.lk",
    "MED074": "mahidol.ac.th",
    "MED080": "ugm.ac.id",
    "MED084": "hmu.edu.vn",
    "MED101": "aub.edu.lb",
    "MED109": "usp.br",
    "MED119": "cayetano.edu.pe",
    "MED124": "unam.mx",
    "MED129": "uwi.edu",
    "MED149": "fnu.ac.fj",
    "MED227": "kaznmu.kz",
    "MED095": "kyoto-u.ac.jp",
    "MED131": "utoronto.ca",
    "MED138": "iu.edu",
    "MED140": "umn.edu",
    "MED143": "sydney.edu.au",
    "MED147": "auckland.ac.nz",
    "MED160": "charite.de",
    "MED171": "unige.ch",
    "MED178": "univ-lyon1.fr",
    "MED221": "dundee.ac.uk",
    "MED222": "bristol.ac.uk",
}
"""Number in the compiled list -> web domain of the university."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return a CSV file's rows; Namibia's code stays `NA`."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def to_host(website: str) -> str:
    """Return the host of a web address without `www.`."""
    address = website if "//" in website else f"//{website}"
    return (urlsplit(address).hostname or "").removeprefix("www.")


def to_udeg(degrees: str) -> int:
    """Return a coordinate in millionths of a degree; the lists give five decimals."""
    return round(float(degrees) * 1_000_000)


def find_block(country: str, region: str, stated: str) -> str:
    """Return the block by the named rule; stop where the compiled list disagrees."""
    is_north = region in DEVELOPED_REGIONS or country in DEVELOPED_COUNTRIES
    block = "north" if is_north else "south"
    if block != stated.casefold():
        sys.exit(f"{country}: the rule says {block}, the compiled list says {stated}")
    return block


def to_school(
    row: dict[str, str], website_by_code: dict[str, str]
) -> dict[str, object]:
    """Return one line of the asset."""
    number, country = row["id"], row["country_iso2"]
    code = FROM_ERASMUS_LIST.get(number, "")
    if code:
        hei_id, source = to_host(website_by_code[code]), "Erasmus charter list, website"
    else:
        hei_id, source = BY_HAND[number], "web domain, entered by hand"
    return {
        "hei_id": hei_id,
        "hei_id_source": source,
        "name": row["name"],
        "city": row["city"],
        "country": country,
        "region": row["un_region"],
        "latitude_udeg": to_udeg(row["lat"]),
        "longitude_udeg": to_udeg(row["lon"]),
        "block": find_block(country, row["un_region"], row["north_south"]),
        "block_source": BLOCK_SOURCE,
        "block_date": BLOCK_DATE,
        "erasmus_code": code,
        "list_id": number,
        "geonames_id": row["geonames_id"],
    }


def main() -> None:
    """Read the lists, write the asset."""
    institutions = Path(sys.argv[1]) / "institutions"
    charter = read_rows(institutions / "hei_eche_europe.csv")
    website_by_code = {row["erasmus_code"]: row["website"] for row in charter}
    wanted = FROM_ERASMUS_LIST.keys() | BY_HAND.keys()
    rows = read_rows(institutions / "medical_schools_seed.csv")
    schools = [to_school(row, website_by_code) for row in rows if row["id"] in wanted]
    schools.sort(key=lambda school: str(school["hei_id"]))
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(schools[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(schools)
    print(f"{TARGET.name}: {len(schools)} schools")


if __name__ == "__main__":
    main()
