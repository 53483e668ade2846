"""How much is tried: the same few examples in every run of CI, many random ones with POLYHIRE_FUZZ=deep."""

import os

from hypothesis import HealthCheck, Phase, settings

DEEP = os.environ.get("POLYHIRE_FUZZ") == "deep"
SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture)


def profile(examples: int, *, deep: int) -> settings:
    """`examples` that never vary, or `deep` random ones. Only random ones are worth shrinking for long."""
    phases = (Phase.explicit, Phase.generate, Phase.shrink) if DEEP else (Phase.explicit, Phase.generate)
    return settings(
        max_examples=deep if DEEP else examples,
        derandomize=not DEEP,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=SLOW_IS_FINE,
    )
