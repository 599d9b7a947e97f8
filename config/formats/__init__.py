"""Dates as a European firm writes them, with the time zone beside every time."""
