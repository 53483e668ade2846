"""What polyhire costs, with peers beside it: `make bench` (README.md)."""
