"""The hub: what people see and decide. Django is a guest here: it holds users, never evidence."""
