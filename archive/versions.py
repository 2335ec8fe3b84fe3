"""Which of two extractors is the newer one, by the names that stand beside what they derived: "microfiche/12"."""


def outranks(one: str, other: str) -> bool:
    """Whether `one` is a newer version than `other` of the same extractor; what is no such name outranks nothing."""
    (name, version), (other_name, other_version) = _parts(one), _parts(other)
    return name == other_name and version > other_version


def _parts(extractor: str) -> tuple[str, tuple[int, ...]]:
    name, _, version = extractor.partition("/")
    numbers = version.split(".")
    return name, tuple(map(int, numbers)) if all(part.isascii() and part.isdecimal() for part in numbers) else ()
