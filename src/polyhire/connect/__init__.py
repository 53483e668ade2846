"""The connect flow: from a link token, over a form or a provider's consent, to an account that works."""
