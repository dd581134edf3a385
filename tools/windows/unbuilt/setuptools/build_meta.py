"""Tells pip what a source archive says of itself in its PKG-INFO; builds nothing, and runs no ``setup.py``.

pip asks for that before it hands the archive out. The real setuptools would run the archive's ``setup.py`` to
find the answer.
"""

import email
from pathlib import Path


class _Unbuilt:
    """The backend as pip calls it for an archive without a ``pyproject.toml``."""

    def prepare_metadata_for_build_wheel(self, folder: str, _settings: object = None) -> str:
        """Write the metadata into a folder; the name of what was written."""
        told = Path("PKG-INFO").read_text(encoding="utf-8")
        about = email.message_from_string(told)
        written = Path(folder) / f"{about['Name'].replace('-', '_')}-{about['Version']}.dist-info"
        written.mkdir()
        (written / "METADATA").write_text(told, encoding="utf-8")
        return written.name


__legacy__ = _Unbuilt()
