"""Items from files: decoding, and planning what a file would do. Nothing here writes."""
