"""Who signs in, and how. What an account may do is decided in the custody log, not here."""
