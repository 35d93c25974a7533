"""The desk's page "Team": who works for this town, and who is invited."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ortsdialog.ground.accounts.actions import (
    InvitationClosed,
    LastOne,
    invite_person,
    withdraw_invitation,
    withdraw_role,
)
from ortsdialog.ground.accounts.models import Invitation, RoleGrant
from ortsdialog.ground.accounts.queries import open_invitations, team_of
from ortsdialog.ground.accounts.web.forms import InvitationForm
from ortsdialog.ground.places.models import Place
from ortsdialog.kernel.access import Actor, allowed
from ortsdialog.kernel.access.doors import actor_of, desk


@never_cache
@desk("accounts.invite_staff")
def team(request: HttpRequest, place: Place) -> HttpResponse:
    """People with their roles, open invitations, and the form for a new one."""
    actor = actor_of(request)
    if request.method == "POST":
        form = InvitationForm(request.POST, actor=actor, place=place)
        if form.is_valid():
            invited = invite_person(actor=actor, place=place, **form.cleaned_data)
            # Shown in this answer and never again: a redirect would have to keep the secret somewhere.
            context = {"place": place, "invited": invited}
            return render(request, "accounts/desk/invited.html", context)
        status = 422
    else:
        form, status = InvitationForm(actor=actor, place=place), 200
    context = {
        "place": place,
        "form": form,
        "people": _people(actor, place),
        "invitations": [
            {"row": row, "may_withdraw": allowed(actor, "accounts.withdraw_role", row)}
            for row in open_invitations(place)
        ],
    }
    return render(request, "accounts/desk/team.html", context, status=status)


def _people(actor: Actor, place: Place) -> list[dict[str, Any]]:
    return [
        {
            "user": user,
            "has_second_factor": getattr(rows[0], "has_second_factor", False),
            "roles": [{"row": row, "may_withdraw": allowed(actor, "accounts.withdraw_role", row)} for row in rows],
        }
        for user, rows in ((user, list(rows)) for user, rows in groupby(team_of(place), key=lambda row: row.user))
    ]


@desk("accounts.withdraw_role", RoleGrant)
@require_POST
def role_withdraw(request: HttpRequest, place: Place, rolegrant: RoleGrant) -> HttpResponse:
    _refuse_other_town(place, rolegrant)
    try:
        withdraw_role(actor=actor_of(request), grant=rolegrant)
    except LastOne as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The role is withdrawn."))
    return redirect("accounts:team", place.slug)


@desk("accounts.withdraw_role", Invitation)
@require_POST
def invitation_withdraw(request: HttpRequest, place: Place, invitation: Invitation) -> HttpResponse:
    _refuse_other_town(place, invitation)
    try:
        withdraw_invitation(actor=actor_of(request), invitation=invitation)
    except InvitationClosed:
        messages.error(request, _("The invitation is not open any more."))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link does not work any more."))
    return redirect("accounts:team", place.slug)


def _refuse_other_town(place: Place, row: RoleGrant | Invitation) -> None:
    """Grants are shared between towns, so the door cannot see that the address names another one."""
    if row.place_id != place.pk:
        raise Http404
