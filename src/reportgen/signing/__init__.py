"""Signing: where the seal goes in a finished PDF, the empty signature field there, signing and verifying.

An adapter that stands below the makers, so that the maker of the PDF can end with the field. What needs
pyHanko (``credentials``, ``timestamping``, ``filling``, ``verifying``) is imported by the commands only;
the field of every PDF is made without it.
"""
