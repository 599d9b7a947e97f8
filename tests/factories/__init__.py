"""Builders of what tests stand on: deterministic, small, made by the services, without asserts."""
