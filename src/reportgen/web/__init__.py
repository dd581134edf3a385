"""The page for clerks, on this machine only: drawn from ``Form``, edits the same YAML, calls the same steps.

No rule and no sum stands here or in the browser's scripts. The extra ``web`` brings what it needs.
"""
