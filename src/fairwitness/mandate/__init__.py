"""May this item be kept, sealed or refused? Pure: values in, a decision out."""
