"""Reads of change requests, and of what only they know about a target."""
