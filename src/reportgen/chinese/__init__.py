"""What is true of Chinese administrative language: numerals, titles, names of organs."""
