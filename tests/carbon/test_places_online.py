"""Places from a Nominatim server: asked second, never believed blindly."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from mobility.carbon.online import OnlinePlaces, PlaceServiceUnavailable
from mobility.carbon.place import InvalidPlace
from mobility.carbon.resolution import resolve_places
from mobility.errors import InvalidInput

Answer = list[dict[str, str]] | int
PERADENIYA = {"display_name": "Peradeniya, Sri Lanka", "lat": "7.26", "lon": "80.60"}
NEARBY = PERADENIYA | {"lat": "7.27"}
FAR = {"display_name": "Peradeniya, North", "lat": "8.90", "lon": "80.60"}
ABROAD = {"display_name": "Peradeniya, Kenya", "lat": "-1.28", "lon": "36.81"}


class FakeServer(ThreadingHTTPServer):
    """Answers every question with what it was told, and remembers the questions."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Answer = []
        self.questions: list[dict[str, list[str]]] = []
        self.agents: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeServer

    def do_GET(self) -> None:  # the name that http.server calls
        self.server.questions.append(parse_qs(urlsplit(self.path).query))
        self.server.agents.append(self.headers["User-Agent"])
        answer = self.server.answer
        self.send_response(answer if isinstance(answer, int) else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        body = "{}" if isinstance(answer, int) else json.dumps(answer)
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    thread = Thread(target=fake.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield fake
    fake.shutdown()
    thread.join()
    fake.server_close()


@pytest.fixture
def places(server: FakeServer) -> OnlinePlaces:
    return OnlinePlaces(server.url, seconds_between=0)


@pytest.mark.slow
def test_a_place_that_the_table_knows_is_not_asked_for(
    server: FakeServer, places: OnlinePlaces
) -> None:
    assert places.find("Uppsala, SE").resolved_by == "gazetteer"
    assert server.questions == []


def test_an_unknown_place_is_asked_for_in_its_country(
    server: FakeServer, places: OnlinePlaces
) -> None:
    server.answer = [PERADENIYA, NEARBY]
    place = places.find("Peradeniya, LK")
    assert (place.latitude_udeg, place.longitude_udeg) == (7_260_000, 80_600_000)
    assert (place.country, place.resolved_by) == ("LK", "online")
    assert (place.name, place.entered) == ("Peradeniya", "Peradeniya, LK")
    (question,) = server.questions
    assert question["q"] == ["Peradeniya"]
    assert question["countrycodes"] == ["lk"]
    assert server.agents == ["mobility (student exchange rounds)"]


def test_answers_far_apart_are_ambiguous(
    server: FakeServer, places: OnlinePlaces
) -> None:
    server.answer = [PERADENIYA, FAR]
    with pytest.raises(InvalidPlace, match="2 answers are more than 25 km") as refusal:
        places.find("Peradeniya, LK")
    assert refusal.value.is_ambiguous
    assert refusal.value.proposals == ("7.26000,80.60000", "8.90000,80.60000")


@pytest.mark.slow
def test_an_answer_outside_the_country_counts_for_nothing(
    server: FakeServer, places: OnlinePlaces
) -> None:
    server.answer = [ABROAD]
    with pytest.raises(InvalidPlace, match="no city of that name is known in LK"):
        places.find("Peradeniya, LK")


@pytest.mark.slow
def test_an_ambiguous_name_is_not_left_to_the_servers_order(
    server: FakeServer, places: OnlinePlaces
) -> None:
    server.answer = [PERADENIYA]
    with pytest.raises(InvalidPlace, match="ambiguous"):
        places.find("Springfield, US")
    assert server.questions == []


@pytest.mark.slow
@pytest.mark.parametrize("status", [403, 429, 500])
def test_a_server_that_refuses_is_said_and_not_hidden(
    server: FakeServer, places: OnlinePlaces, status: int
) -> None:
    server.answer = status
    with pytest.raises(PlaceServiceUnavailable, match="could not be asked for"):
        places.find("Peradeniya, LK")
    assert len(server.questions) == 1


@pytest.mark.slow
def test_many_places_may_be_found_online(
    server: FakeServer, places: OnlinePlaces
) -> None:
    server.answer = [PERADENIYA]
    resolution = resolve_places(["Uppsala, SE", "Peradeniya, LK"], places.find)
    assert resolution.is_complete
    assert [p.resolved_by for p in resolution.places.values()] == [
        "gazetteer",
        "online",
    ]


@pytest.mark.parametrize(
    "url", ["", "nominatim.example.org", "ftp://example.org", "https://"]
)
def test_an_address_of_no_server_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="nominatim_url is"):
        OnlinePlaces(url)
