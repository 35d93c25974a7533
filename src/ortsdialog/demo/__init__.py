"""The demonstration: an invented town, and the documented dialogues. Stands on the roof and sees every floor.

Responsible for: loading two programmes, the 45 documented dialogues with their sources, and the
invented town of Lindenbronn with a living dialogue; one sign-in per role.
Not responsible for: anything a real installation needs; nothing imports it but the command line.
"""

from ortsdialog.demo.people import SignIn, sign_ins

# Where a first look is worth while; the codes are fixed in the content of the running evening.
TO_TRY = (
    ("Dialog der Stadt", "/orte/lindenbronn/dialoge/wie-leben-wir-zusammen/"),
    ("Tisch, wie ein Gast ihn sieht", "/t/LINDE1/"),
    ("Wand im Saal", "/wand/LINDEWAND/"),
    ("Schreibtisch", "/schreibtisch/"),
)

__all__ = ["TO_TRY", "SignIn", "sign_ins"]
