"""The OpenAPI document: generated from views and serializers, committed, and served as it is."""
