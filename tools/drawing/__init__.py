"""Draws the Word template of a form: how Word prints what ``form.yaml`` asks for."""
