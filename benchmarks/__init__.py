"""Measures what the site promises, each figure beside its floor: `python -m benchmarks [ONLY]`."""
