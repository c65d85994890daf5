"""The tables of the city's annual report: what is known today beside what was printed."""
