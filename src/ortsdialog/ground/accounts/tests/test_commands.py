"""The operator's first commands: an administrator, and a town with its coordinator."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.accounts.models import Invitation, User
from ortsdialog.ground.accounts.tests.factories import PASSWORD, make_user
from ortsdialog.ground.places.choices import Level
from ortsdialog.ground.places.models import Place
from ortsdialog.ground.places.tests.factories import make_place

pytestmark = pytest.mark.django_db


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def link_in(text: str) -> str:
    found = re.search(r"https://ortsdialog\.test(/konto/einladung/[\w-]+/)", text)
    assert found is not None
    return found[1]


def test_create_admin_prints_a_link_that_makes_an_administrator(client: Client) -> None:
    path = link_in(run("create_admin", "ada@land.example", "--name", "Ada"))
    client.post(path, {"name": "Ada", "password": PASSWORD})
    grant = User.objects.get(email="ada@land.example").grants.get()
    assert (grant.role, grant.place, grant.programme) == (Role.SYSTEM_ADMIN, None, "")


def test_create_admin_with_a_wrong_address_is_refused() -> None:
    with pytest.raises(CommandError, match="„ada“ ist keine E-Mail-Adresse"):
        run("create_admin", "ada")


def test_add_place_by_name_joins_and_invites(client: Client) -> None:
    make_place("Altdorf", None, level=Level.ASSOCIATION)
    make_place("Altdorf", None, title="Stadt", ags="08116080", population=5)
    make_place("Altdorfhausen", None)
    text = run("add_place", "altdorf", "--coordinator", "alma@altdorf.example", "--name", "Alma")
    assert "Altdorf, Stadt nimmt jetzt teil: /orte/altdorf/" in text
    assert Place.objects.get(slug="altdorf").ags == "08116080"
    client.post(link_in(text), {"name": "Alma", "password": PASSWORD})
    grant = User.objects.get(email="alma@altdorf.example").grants.get()
    assert (grant.role, grant.place.slug) == (Role.COORDINATOR, "altdorf")


def test_add_place_by_key_with_an_address_of_its_own() -> None:
    make_place("Altdorf", None, ags="08116080")
    make_place("Altdorf", None, ags="09184112")
    text = run("add_place", "08116080", "--slug", "altdorf-esslingen")
    assert "/orte/altdorf-esslingen/" in text
    assert "--coordinator" in text
    assert not Invitation.objects.exists()


def test_add_place_again_only_invites() -> None:
    make_place("Altdorf", "altdorf", ags="08116080")
    text = run("add_place", "08116080", "--coordinator", "alma@altdorf.example")
    assert "nimmt schon teil" in text
    assert Invitation.objects.get().place.slug == "altdorf"
    with pytest.raises(CommandError, match=r"takes part|nimmt schon teil"):
        run("add_place", "08116080", "--slug", "anders")


def test_add_place_with_a_name_that_several_bear_lists_their_keys() -> None:
    make_place("Altdorf", None, ags="08116080")
    make_place("Altdorf", None, title="M", ags="09184112")
    with pytest.raises(CommandError, match=r"08116080  Altdorf\n  09184112  Altdorf, Markt"):
        run("add_place", "Altdorf")


def test_add_place_that_is_not_there_says_what_to_do() -> None:
    with pytest.raises(
        CommandError, match="Das Gemeindeverzeichnis ist noch nicht eingelesen: ortsdialog import_places"
    ):
        run("add_place", "Altdorf")
    make_place("Neustadt", None, ars="081160080080")
    with pytest.raises(CommandError, match=r"„Altdorf“ steht nicht im Verzeichnis.$"):
        run("add_place", "Altdorf")


def test_add_place_with_a_wrong_address_changes_nothing() -> None:
    place = make_place("Altdorf", None)
    with pytest.raises(CommandError, match="keine E-Mail-Adresse"):
        run("add_place", "Altdorf", "--coordinator", "alma")
    with pytest.raises(CommandError):
        run("add_place", "Altdorf", "--slug", "ÄLT", "--coordinator", "alma@altdorf.example")
    place.refresh_from_db()
    assert (place.slug, Invitation.objects.count()) == (None, 0)


def test_account_disables_and_enables(alma: User) -> None:
    assert "geschlossen" in run("account", "Alma@Altdorf.Example", "disable", "--reason", "ausgeschieden")
    assert not User.objects.get(pk=alma.pk).is_active
    assert "wieder offen" in run("account", alma.email, "enable", "--reason", "zurück")
    assert User.objects.get(pk=alma.pk).is_active


def test_account_removes_a_lost_second_factor(alma: User, nils: User) -> None:
    for user in (alma, nils):
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    run("account", alma.email, "reset-second-factor", "--reason", "Telefon verloren")
    assert list(Authenticator.objects.values_list("user__name", flat=True)) == ["Nils"]


def test_account_that_is_not_there_is_refused(db: Any) -> None:
    with pytest.raises(CommandError, match="gibt es nicht"):
        run("account", "nobody@x.example", "disable", "--reason", "x")


def test_account_of_the_only_administrator_stays_open(db: Any) -> None:
    admin = make_user("ada@land.example", "Ada", Role.SYSTEM_ADMIN)
    with pytest.raises(CommandError):
        run("account", admin.email, "disable", "--reason", "x")
    assert User.objects.get(pk=admin.pk).is_active
