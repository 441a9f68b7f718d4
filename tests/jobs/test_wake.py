"""The queue may be lost, late or full of nonsense: no run depends on it."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from mobility.errors import InvalidInput
from mobility.jobs.wake import NAME, Queue


def test_ids_come_in_their_order_and_once(tmp_path: Path) -> None:
    queue = Queue(f"sqlite:///{tmp_path / 'queue.sqlite'}")
    assert [queue.put(number) for number in (3, 1, 2)] == [True] * 3
    assert [queue.take(0) for _ in range(4)] == [3, 1, 2, None]
    queue.close()


@pytest.mark.postgres
def test_a_postgresql_queue_wakes_in_the_same_way(postgres_url: str) -> None:
    url = make_url(postgres_url).set(drivername="postgresql")
    queue = Queue(url.render_as_string(hide_password=False))
    assert queue.put(7)
    assert [queue.take(0.1), queue.take(0.1)] == [7, None]
    queue.close()


def test_what_is_no_id_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    queue = Queue(f"sqlite:///{path}")
    queue.put(1)
    connection = sqlite3.connect(path)
    statement = "INSERT INTO task (queue, data, priority) VALUES (?, ?, 9)"
    connection.execute(statement, (NAME, b"cos\nsystem\n(S'rm'\ntR."))
    connection.commit()
    connection.close()
    assert queue.take(5) == 1
    queue.close()


def test_a_queue_that_cannot_be_reached_is_no_reason_to_fail(tmp_path: Path) -> None:
    queue = Queue(f"sqlite:///{tmp_path / 'nowhere' / 'queue.sqlite'}")
    assert not queue.put(1)
    assert queue.take(0) is None


@pytest.mark.parametrize("url", ["amqp://host", "", "queue.sqlite"])
def test_the_address_of_another_queue_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="queue_url must start with"):
        Queue(url)


def test_redis_without_its_package_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="queue_url"):
        Queue("redis://localhost:1/0").put(1)
