"""Access is itself recorded: what content a response shows is in the custody log before it leaves."""
