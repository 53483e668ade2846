"""Webhooks: telling others what happened here."""
