"""What the linter checks beyond the format itself; each module looks for one family of mistakes."""
