"""One invented person per role, with one password for all: the demonstration holds nothing secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortsdialog.ground.places.models import Place

PASSWORD = "lindenbronn-probieren"  # noqa: S105  printed at every start, opens invented data only
PROGRAMME = "kommunale-fluechtlingsdialoge"


@dataclass(frozen=True)
class SignIn:
    """What the demonstration prints at its start."""

    role_label: str
    email: str
    password: str
    totp_secret: str | None = None


@dataclass(frozen=True)
class _Person:
    label: str
    email: str
    name: str
    role: str
    in_programme: bool = False
    in_installation: bool = False


PEOPLE = (
    _Person("Koordination", "alma@lindenbronn.example", "Alma Berger", "coordinator"),
    _Person("Tischgastgeber, Protokoll", "tessa@lindenbronn.example", "Tessa Kaya", "note_taker"),
    _Person("Begleitgruppe", "jonas@lindenbronn.example", "Jonas Wild", "accompanying_member"),
    _Person("Prozessbegleitung", "iris@land.example", "Iris Lang", "adviser"),
    _Person("Evaluation", "kim@hochschule.example", "Kim Adler", "evaluator"),
    _Person("Verwaltung der Stadt", "paul@lindenbronn.example", "Paul Stein", "place_admin"),
    _Person("Landesprogramm", "lena@land.example", "Lena Roth", "programme_staff", in_programme=True),
    _Person("Beirat", "omar@land.example", "Omar Haddad", "advisory_board", in_programme=True),
    _Person("Betrieb", "betrieb@ortsdialog.example", "Uli Betrieb", "system_admin", in_installation=True),
)


def sign_ins() -> list[SignIn]:
    """One sign-in per role."""
    return [SignIn(person.label, person.email, PASSWORD) for person in PEOPLE]


def load_people(place: Place) -> None:
    """Create the people who are missing; keep those who exist as they are."""
    from django.contrib.auth.hashers import make_password

    from ortsdialog.ground.accounts.models import RoleGrant, User

    # Hashing is slow on purpose; one password needs it once.
    hashed = make_password(PASSWORD)
    for person in PEOPLE:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            user = User.objects.create(email=person.email, name=person.name, password=hashed)
        RoleGrant.objects.get_or_create(
            user=user,
            role=person.role,
            place=None if person.in_programme or person.in_installation else place,
            programme=PROGRAMME if person.in_programme else "",
        )
