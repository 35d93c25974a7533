"""Asking somebody to own a measure, and the answer. Nobody is named as responsible without having been asked."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ortsdialog.deliver.plan.actions.measures import withdraw_open_requests
from ortsdialog.deliver.plan.actions.steps import as_text, locked, take_step
from ortsdialog.deliver.plan.choices import ASKABLE, MeasureState, OwnerAnswer
from ortsdialog.deliver.plan.models import Measure, OwnerRequest, digest_of
from ortsdialog.deliver.plan.signals import owner_answered
from ortsdialog.ground.process.models import Process
from ortsdialog.ground.process.refusals import NotReady
from ortsdialog.kernel.access import Actor, require
from ortsdialog.kernel.audit import recorded
from ortsdialog.kernel.mail import send_mail_later

LINK_VALID_FOR = timedelta(days=60)


@dataclass(frozen=True)
class Asked:
    """The request, and the secret of its link, which is known only now."""

    request: OwnerRequest
    token: str

    @property
    def link(self) -> str:
        return settings.BASE_URL.rstrip("/") + reverse("plan:answer", kwargs={"token": self.token})


def ask_owner(
    *,
    actor: Actor,
    measure: Measure,
    owner_name: str,
    owner_email: str = "",
    message: str = "",
    answer_by_on: date | None = None,
) -> Asked:
    """Ask an office or group to take a measure on. A mail leaves on commit where an address is given."""
    require(actor, "plan.ask_owner", measure)
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    request = OwnerRequest(
        place_id=measure.place_id,
        measure=measure,
        owner_name=owner_name.strip(),
        owner_email=owner_email.strip(),
        message=message.strip(),
        answer_by_on=answer_by_on,
        token_digest=digest_of(token),
        asked_at=now,
        expires_at=now + LINK_VALID_FOR,
    )
    if not request.owner_name:
        raise NotReady([_("Please say who is asked.")])
    asked = Asked(request, token)
    with recorded("plan.ask_owner", actor=actor, on=request):
        if locked(measure).state not in ASKABLE:
            raise NotReady([_("Somebody has been asked already. Withdraw that question before you ask again.")])
        request.save()
        measure.owner_name = request.owner_name
        measure.reason = as_text("")
        take_step(measure, MeasureState.ASKED, note=as_text(""))
        if request.owner_email:
            _send_question(asked)
    return asked


def answer_request(
    *,
    actor: Actor,
    request: OwnerRequest,
    accepted: bool,
    reason: str = "",
    due_on: date | None = None,
    language: str = "de",
) -> OwnerRequest:
    """The owner's own answer, by the secret link. One answer; it is public."""
    require(actor, "plan.answer_request", request)
    with recorded("plan.answer_request", actor=actor, on=request, reason=reason) as detail:
        detail["accepted"] = accepted
        _settle(request, accepted=accepted, reason=reason, due_on=due_on, language=language, by_link=True)
    return request


def record_answer(
    *, actor: Actor, request: OwnerRequest, accepted: bool, reason: str = "", due_on: date | None = None
) -> OwnerRequest:
    """An answer that came by phone, letter or in a meeting. The link is used up by it."""
    require(actor, "plan.record_answer", request)
    with recorded("plan.record_answer", actor=actor, on=request, reason=reason) as detail:
        detail["accepted"] = accepted
        _settle(request, accepted=accepted, reason=reason, due_on=due_on, language="de", by_link=False)
    return request


def withdraw_request(*, actor: Actor, request: OwnerRequest, reason: str) -> OwnerRequest:
    """Take an open question back: the link ends, the measure is a proposal again."""
    require(actor, "plan.ask_owner", request)
    if not reason.strip():
        raise NotReady([_("Please say why the question is withdrawn. The history shows it.")])
    measure = request.measure
    with recorded("plan.withdraw_request", actor=actor, on=request, reason=reason):
        locked(measure)
        _refresh(request)
        if not request.is_unanswered:
            raise NotReady([_("This question is answered or withdrawn already.")])
        withdraw_open_requests(measure)
        _refresh(request)
        measure.owner_name = ""
        take_step(measure, MeasureState.PROPOSED, note=as_text(reason))
    return request


def forget_owner_emails(*, actor: Actor, process: Process) -> int:
    """Empty the addresses of a dialogue's questions; returns how many. Name and answer stay public."""
    require(actor, "plan.forget_owner_emails", process)
    with recorded("plan.forget_owner_emails", actor=actor, on=process) as detail:
        held = OwnerRequest.objects.filter(measure__plan__process=process).exclude(owner_email="")
        detail["count"] = held.update(owner_email="")
    return int(detail["count"])


def _settle(
    request: OwnerRequest, *, accepted: bool, reason: str, due_on: date | None, language: str, by_link: bool
) -> None:
    reason = reason.strip()
    if not accepted and not reason:
        raise NotReady([_("Please say why not. Everybody can read the reason.")])
    measure = locked(request.measure)
    _refresh(request)
    if not request.is_unanswered:
        raise NotReady([_("This question is answered or withdrawn already.")])
    if by_link and request.is_expired:
        raise NotReady([_("This link has expired. Please ask the town for a new one.")])
    request.answer = OwnerAnswer.ACCEPTED if accepted else OwnerAnswer.DECLINED
    request.answered_at = timezone.now()
    request.answer_reason = reason
    request.save(update_fields=["answer", "answered_at", "answer_reason"])
    text = as_text(reason, language)
    if accepted:
        measure.due_on = due_on or measure.due_on
        take_step(measure, MeasureState.ACCEPTED, note=text)
    else:
        measure.reason = text
        take_step(measure, MeasureState.DECLINED, note=text)
    owner_answered.send_on_commit(request_id=request.pk, place_id=request.place_id)


def _refresh(request: OwnerRequest) -> None:
    """The request as it stands now: the page may be old, the link may be open twice."""
    fresh = OwnerRequest.objects.select_for_update().get(pk=request.pk)
    request.answer, request.withdrawn_at, request.answered_at = fresh.answer, fresh.withdrawn_at, fresh.answered_at


def _send_question(asked: Asked) -> None:
    # The mail speaks the town's language, not that of the coordinator's screen.
    with translation.override(settings.LANGUAGE_CODE):
        request = asked.request
        values = {
            "owner": request.owner_name,
            "measure": request.measure.title.original_text,
            "town": request.place.called,
            "link": asked.link,
        }
        parts = [
            gettext("Good day, %(owner)s,") % values,
            gettext("%(town)s asks you to take on this measure: “%(measure)s”.") % values,
        ]
        if request.message:
            parts.append(request.message)
        if request.answer_by_on:
            parts.append(gettext("Please answer by %(day)s.") % {"day": request.answer_by_on.strftime("%d.%m.%Y")})
        parts.append(
            gettext("With this link you read what it is about, and say yes or no. It works once:\n%(link)s") % values
        )
        parts.append(gettext("Your answer is public: everybody sees what becomes of what was said."))
        send_mail_later(
            to=request.owner_email,
            subject=gettext("Request: will you take on “%(measure)s”?") % values,
            body="\n\n".join(parts) + "\n",
        )
