"""What an office changed in a Word file since it was made, and findings as Word comments."""
