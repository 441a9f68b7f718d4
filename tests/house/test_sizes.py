"""How long modules, functions and pages may be."""

import ast

from project import modules, texts, trees

MODULE_LINES = 300
TEST_MODULE_LINES = 400
FUNCTION_LINES = 60
P90_LINES = 30
MEDIAN_LINES = 10
TEMPLATE_LINES = 100


def non_blank(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def functions() -> dict[str, int]:
    """Return the lines of every function by the place where it stands."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        f"{path}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    }


def test_no_module_is_too_long() -> None:
    limit = {"tests": TEST_MODULE_LINES}
    sizes = {path: non_blank(text) for path, text in modules()}
    assert sizes
    assert {
        str(path): size
        for path, size in sizes.items()
        if size > limit.get(path.parts[0], MODULE_LINES)
    } == {}


def test_no_function_is_too_long() -> None:
    assert {
        place: lines for place, lines in functions().items() if lines > FUNCTION_LINES
    } == {}


def test_most_functions_are_short() -> None:
    lines = sorted(functions().values())
    assert lines[len(lines) // 2] <= MEDIAN_LINES
    assert lines[len(lines) * 9 // 10] <= P90_LINES


def test_no_template_is_too_long() -> None:
    assert {
        str(path): non_blank(text)
        for path, text in texts()
        if path.parts[0] == "templates" and non_blank(text) > TEMPLATE_LINES
    } == {}
