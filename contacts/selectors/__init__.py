"""Reads of members, apps, contacts and history."""
