"""How fast the figures of the funnel are, over moves made up for the purpose in a database of its own."""
