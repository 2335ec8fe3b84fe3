"""How much is tried: the same few cases each time, or as many as `FUZZ_EXAMPLES` asks for, always others."""

import os

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
_MORE = int(os.environ.get("FUZZ_EXAMPLES", "0"))

settings.register_profile(
    "always", derandomize=True, deadline=None, max_examples=60, database=None, suppress_health_check=_SLOW
)
settings.register_profile("more", deadline=None, max_examples=_MORE or 1, suppress_health_check=_SLOW)
settings.load_profile("more" if _MORE else "always")
