"""The kit that `integrations/*/simulator.py` are written with: a pretend company, and strict pretend HTTP.

A simulator is an independent witness: it is written from a provider's documentation and imports
nothing of polyhire but this room.
"""
