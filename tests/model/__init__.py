"""Tests of the unified model."""
