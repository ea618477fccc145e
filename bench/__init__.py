"""Benchmarks: the road from POST to alert, beside named peers, in one run."""
