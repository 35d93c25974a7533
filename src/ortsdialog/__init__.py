"""Ortsdialog: municipal dialogue, from the first consultation to measures that are carried out."""

__version__ = "0.1.0"
