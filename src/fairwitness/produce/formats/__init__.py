"""One folder per format that a selection can be handed over in."""
