"""What can be seen in a message, one folder per kind. Nothing here decides what it means."""
