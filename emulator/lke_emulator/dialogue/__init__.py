"""Conversations with apps, over HTTP and over sockets."""

SOCKETS = ("/v1/qbot/chat/conn", "/adp/v2/chat/conn")
"""Where sockets are opened, with and without a slash after it."""
