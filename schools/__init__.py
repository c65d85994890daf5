"""Schools: what they are, where, who belongs to them, and who is on duty for them."""
