"""Campusruf on one machine: embedded servers out of Python wheels, and the processes around them."""
