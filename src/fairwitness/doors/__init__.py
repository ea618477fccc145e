"""Where the outside comes in. Async lives here; everything behind is sync."""
