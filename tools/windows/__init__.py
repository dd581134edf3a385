"""The folder for Windows: Python, the packages and reportgen in one zip file, made on Linux.

``getting`` fetches what others made, by digests that stand here; ``compiling`` compiles the modules;
``layout`` says what lies where; ``starting`` has the texts that a clerk meets first; ``start.py`` runs on
Windows, from inside the folder.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
