"""Serving one call: ask the provider, then give its answer in our words. Knows credentials, never accounts."""
