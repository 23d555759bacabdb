"""Rules of the house that need no database: pure Python."""
