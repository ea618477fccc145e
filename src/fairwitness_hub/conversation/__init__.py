"""A conversation as people know it, with what WhatsApp hides shown."""
