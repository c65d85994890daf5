"""Campuses: groups of schools, the person who looks after each, and when that person is away."""
