"""Personal data has an owner: every context lists what it holds about people, and why, in its `privacy.py`.

The list is the ground of the record of processing activities and of the privacy page. A test compares
it with the models, so a new column about people cannot slip in without its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PersonalData:
    """What one model holds about people. The texts are for residents and data protection officers.

    `model` is the label ("accounts.User"); `fields` are names of its columns. The other parts are
    translatable texts in whole sentences.
    """

    model: str
    fields: tuple[str, ...]
    why: Any
    kept_for: Any
    export: Any
    destroy: Any
