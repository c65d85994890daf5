"""What every resource of the API is built from: strict bodies, keyset pages, problems, a view that speaks JSON."""
