"""The commands of `sayso`: one file and one row each."""
