"""What the newspaper answers under which path: one module a subject, each with a tuple of page kinds."""
