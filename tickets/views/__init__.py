"""The pages: each finds in the viewer's scope, checks its form, calls one command and shows the result."""
