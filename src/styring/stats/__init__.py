"""Statistics of comparison, each with its source. Knows no indicator and no municipality."""
