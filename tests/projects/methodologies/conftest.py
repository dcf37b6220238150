"""Properties of arithmetic are no matter of time: a busy machine must not make them fail."""

from hypothesis import settings

settings.register_profile("arithmetic", deadline=None)
settings.load_profile("arithmetic")
