"""polyhire: one REST API that reads and writes applicant tracking systems."""

__version__ = "0.1.0"
