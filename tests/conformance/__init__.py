"""The test of the tests: what the conformance suite has to catch."""
