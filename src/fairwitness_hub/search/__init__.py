"""Words to messages, for reviewers: what was asked and what was shown are custody entries."""
