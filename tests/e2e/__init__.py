"""The whole of it over real HTTP: API, engine and integrations, against simulated providers."""
