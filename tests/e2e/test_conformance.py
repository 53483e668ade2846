"""Every shipped integration passes the conformance suite: `polyhire conform` runs these tests for one folder."""

from polyhire.conformance import suite

globals().update(suite.tests())
