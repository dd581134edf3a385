"""Made-up reports that are right in every figure, and what one wrong figure does to them. All by seed."""
