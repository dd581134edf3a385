"""Archiving: one report's finished files as a package that can be handed over and checked years later.

The package holds the files, the findings, a sheet to sign with the digests in print, and a manifest with the
digests of all of them. Bytes in, bytes out; the commands read and write the disk.
"""
