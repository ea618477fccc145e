"""What is handed to an examiner: selected out of the record, proven, and laid out in a format.

`orders` says what is asked for, `catalogue` and `trail` select the entries, `tree` proves them;
each folder of `formats` lays them out in its own way. Nothing here decides what may leave: whoever orders is
written down before anything is read.
"""
