"""For all tests: properties are never judged by the time that an example takes, for machines are noisy.

Nor by chance: the same examples are tried each time, or a change would be held up by what it didn't bring. New ones are
looked for with BITCOINCACHE_EXAMPLES=random.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile("random", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("random"), derandomize=True)
settings.load_profile(os.environ.get("BITCOINCACHE_EXAMPLES", "same"))
