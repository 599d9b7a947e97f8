"""Writes of contacts, members and history."""
