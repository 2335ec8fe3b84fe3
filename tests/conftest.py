"""How the tests are named."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Number bytes, whose names would else tell their content: what gzip makes of a page differs by the second."""
    return argname if isinstance(val, bytes) else None
