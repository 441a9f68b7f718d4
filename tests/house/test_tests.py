"""The tests can fail, say what they mean, and do not measure time."""

import ast
from collections import Counter
from functools import cache

from project import trees

CLOCKS = {"perf_counter", "monotonic", "process_time", "perf_counter_ns", "timeit"}
ASSERTS = "assert"
FAILING = {ASSERTS, "raises", "fail", "run_state_machine_as_test"}
SHORTEST_SENTENCE = 3
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def functions() -> tuple[tuple[str, Function], ...]:
    """Return every function under tests/ with its place."""
    return tuple(
        (f"{path}:{node.lineno}", node)
        for path, tree in trees()
        if path.parts[0] == "tests"
        for node in ast.walk(tree)
        if isinstance(node, Function)
    )


def sentences() -> list[tuple[str, Function]]:
    return [(at, each) for at, each in functions() if each.name.startswith("test_")]


@cache
def mentioned(function: Function) -> frozenset[str]:
    """Return every name and attribute in a function, and whether it asserts."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Assert):
            found.add(ASSERTS)
    return frozenset(found)


def can_fail(function: Function, failing: set[str]) -> bool:
    return not failing.isdisjoint(mentioned(function))


def all_failing() -> set[str]:
    """Return the names of functions that assert, or call one that does."""
    failing = set(FAILING)
    while True:
        more = {each.name for _, each in functions() if can_fail(each, failing)}
        if more <= failing:
            return failing
        failing |= more


def test_every_test_can_fail() -> None:
    failing = all_failing()
    assert sentences()
    assert [
        f"{at} {each.name}" for at, each in sentences() if not can_fail(each, failing)
    ] == []


def test_a_test_without_assertion_is_found() -> None:
    idle, lively = ast.parse("def test_a(): print(1)\ndef test_b(): assert_it(1)").body
    assert isinstance(idle, ast.FunctionDef)
    assert isinstance(lively, ast.FunctionDef)
    assert not can_fail(idle, {"assert_it"})
    assert can_fail(lively, {"assert_it"})


def test_every_test_is_named_by_a_sentence() -> None:
    assert [
        f"{at} {each.name}"
        for at, each in sentences()
        if len(each.name.removeprefix("test_").split("_")) < SHORTEST_SENTENCE
    ] == []


def test_no_test_measures_time() -> None:
    # a wait for another process may end at a deadline, in a function of its own
    assert [
        f"{at} {each.name}" for at, each in sentences() if mentioned(each) & CLOCKS
    ] == []


def test_no_two_modules_of_tests_share_a_name() -> None:
    """They are imported by their bare names: the second one would not be collected."""
    names = Counter(path.name for path, _ in trees() if path.parts[0] == "tests")
    del names["conftest.py"]
    assert [name for name, count in names.items() if count > 1] == []
