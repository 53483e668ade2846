"""Telling others what happened, over real sockets."""
