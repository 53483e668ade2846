"""Alembic's folder: one file per revision under `versions`, run by `polyhire.accounts.database`."""
