"""The report and its form as values: standard library only, but that prose asks Jinja to parse quotes."""
