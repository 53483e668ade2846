"""The conformance suite: does an integration keep what it promises? Its simulator and the real API show it.

`suite` holds the tests, `plugin` gives them the integrations they run with, `run` is behind `polyhire conform`.
"""
