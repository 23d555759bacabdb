"""Figures and cases as pages, the API and files show them, in the reader's language."""
