"""styring: a review of how a Danish municipality steers the specialised social area."""

__version__ = "0.1.0"
