"""The invitation's page, for whoever holds the link."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from ortsdialog.ground.accounts.actions import InvitationClosed, accept_invitation
from ortsdialog.ground.accounts.models import Invitation, User
from ortsdialog.ground.accounts.queries import invitation_by_token
from ortsdialog.ground.accounts.web.forms import NewAccountForm
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.access.doors import public


@never_cache
@sensitive_post_parameters("password")
@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """GET only shows, since mail scanners open links; POST accepts."""
    invited = invitation_by_token(token)
    if invited is None or not invited.is_open:
        return _closed(request, invited)
    known = User.objects.filter(email=invited.email).first()
    if known is not None:
        return _for_known(request, invited, known)
    return _for_new(request, invited)


def _closed(request: HttpRequest, invited: Invitation | None) -> HttpResponse:
    # 410: gone for good; 404: there never was such a link, or it is long forgotten.
    return render(
        request, "accounts/invitation_closed.html", {"invitation": invited}, status=404 if invited is None else 410
    )


def _accept(invited: Invitation, **values: object) -> User:
    actor = Actor.by_link("invitation", invited.pk, label=invited.email)
    return accept_invitation(actor=actor, invitation=invited, **values)  # type: ignore[arg-type]


def _for_known(request: HttpRequest, invited: Invitation, known: User) -> HttpResponse:
    """An address with an account: its owner signs in first, then accepts."""
    is_owner = request.user == known
    if request.method == "POST" and is_owner:
        try:
            _accept(invited, user=known)
        except InvitationClosed:
            return _closed(request, Invitation.objects.get(pk=invited.pk))
        messages.success(request, _("Welcome! Your new role is at your desk."))
        return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"invitation": invited, "is_owner": is_owner}
    return render(request, "accounts/invitation_known.html", context)


def _for_new(request: HttpRequest, invited: Invitation) -> HttpResponse:
    form = NewAccountForm(request.POST or None, email=invited.email, initial={"name": invited.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = _accept(invited, **form.cleaned_data)
        except InvitationClosed:
            return _closed(request, Invitation.objects.get(pk=invited.pk))
        # She has just chosen her password: setting up the second factor need not ask for it again.
        record_authentication(request, user, method="password", email=user.email, reauthenticated=True)
        return perform_login(request, user, redirect_url=settings.LOGIN_REDIRECT_URL)
    context = {"invitation": invited, "form": form}
    return render(request, "accounts/invitation.html", context, status=422 if form.errors else 200)
