"""A person's own pages: name, second factor, where she is signed in."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from ortsdialog.ground.accounts.actions import rename_self, sign_out_everywhere
from ortsdialog.ground.accounts.models import User
from ortsdialog.ground.accounts.queries import factors_of, roles_of, sessions_of
from ortsdialog.ground.accounts.web.devices import device_words
from ortsdialog.ground.accounts.web.forms import NameForm
from ortsdialog.kernel.access.doors import actor_of, signed_in


@signed_in
def account_home(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        rename_self(actor=actor_of(request), user=user, name=form.cleaned_data["name"])
        messages.success(request, _("Your name is saved."))
        return redirect("accounts:home")
    sessions = [
        {"row": row, "device": device_words(row.user_agent), "is_this": row.session_key == request.session.session_key}
        for row in sessions_of(user)
    ]
    context = {
        "form": form,
        "roles": roles_of(user),
        "factors": factors_of(user),
        "sessions": sessions,
        "has_others": any(not session["is_this"] for session in sessions),
    }
    return render(request, "accounts/home.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user = cast(User, request.user)
    ended = sign_out_everywhere(actor=actor_of(request), user=user, keep=request.session.session_key or "")
    messages.success(
        request,
        ngettext("One other session has ended.", "%(number)d other sessions have ended.", ended) % {"number": ended}
        if ended
        else _("You were signed in nowhere else."),
    )
    return redirect("accounts:home")


@signed_in
def email_fixed(request: HttpRequest) -> HttpResponse:
    """In place of allauth's page: the address is the key of invitations, and is not changed in passing."""
    messages.info(request, _("Your administrator can change your e-mail address."))
    return redirect("accounts:home")
