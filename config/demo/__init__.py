"""Demo data: made-up people, the same on every fresh database.

`documents` and `names` are pure; `people`, `contacts` and `story` write through the services.
"""
