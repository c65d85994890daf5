"""What coordination and administration steer: campuses and who looks after them, absences, and who stands in."""
