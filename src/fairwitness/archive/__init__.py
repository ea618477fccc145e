"""Makes bytes durable, reads them back, seals them, checks them."""
