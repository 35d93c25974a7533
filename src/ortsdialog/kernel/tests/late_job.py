"""A job whose module is imported by nobody but the worker."""

from ortsdialog.kernel.jobs import job


@job()
def late() -> None: ...
