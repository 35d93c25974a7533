"""Daily tidying: what was promised in `privacy.py`."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from ortsdialog.ground.accounts.models import Invitation
from ortsdialog.kernel.jobs import job, schedule

INVITATION_KEPT = timedelta(days=90)


@job()
def delete_old_invitations() -> int:
    """Forget invitations that ended long ago, with the addresses in them."""
    before = timezone.now() - INVITATION_KEPT
    ended = Q(accepted_at__lt=before) | Q(withdrawn_at__lt=before) | Q(expires_at__lt=before)
    return Invitation.objects.filter(ended).delete()[0]


@job()
def delete_expired_sessions() -> int:
    """Forget sessions that have run out, and what is known about their devices."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    return UserSession.objects.exclude(Exists(alive)).delete()[0]


schedule(delete_old_invitations, every=timedelta(days=1))
schedule(delete_expired_sessions, every=timedelta(days=1))
