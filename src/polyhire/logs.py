"""Structured logs on stderr: one line per event, with the request's id, and never personal data or secrets.

What is logged is named where it happens, value by value: no bodies, no queries, no record ids, no exception texts of
expressions (they may quote what they worked on).
"""

import logging
import sys
from collections.abc import Callable
from typing import Any

import orjson
import structlog

from polyhire.settings import Settings

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure(settings: Settings) -> None:
    """Set up the logs of this process, as `log_level` and `log_format` say."""
    render: structlog.typing.Processor = structlog.processors.JSONRenderer(orjson.dumps)
    write: Callable[..., Any] = structlog.BytesLoggerFactory(sys.stderr.buffer)
    if settings.log_format == "console":
        render = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        write = structlog.WriteLoggerFactory(sys.stderr)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[settings.log_level]),
        logger_factory=write,
        cache_logger_on_first_use=True,
    )
