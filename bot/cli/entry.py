"""`sayso`: finds the command, runs it, turns expected failures into one sentence and an exit code."""
