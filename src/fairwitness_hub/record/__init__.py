"""What can be said of the record without anyone's words, and having it checked."""
