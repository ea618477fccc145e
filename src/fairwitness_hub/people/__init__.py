"""People, their lines and what allows us to keep them: shown, granted, withdrawn."""
