"""Tables, one file per noun; states and what they require are constraints."""
