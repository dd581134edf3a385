"""Patterns that are compiled when they are first asked.

A check asks one in three of all its patterns, and a large one takes milliseconds to compile.
"""

import re
from functools import cache

compiled = cache(re.compile)
"""The pattern of a text, for those that are large and asked of few reports."""
