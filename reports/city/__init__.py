"""The figures of all schools together: of the city, its campuses, school forms, districts and kinds of report."""
