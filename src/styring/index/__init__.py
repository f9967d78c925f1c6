"""Composite index methods: figures made comparable, put together, ranked. Knows no municipality."""
