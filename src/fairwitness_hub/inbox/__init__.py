"""The reviewer's desk: alerts come in, are read in their conversation, and are decided."""
