"""The owner's answer, by the secret link. GET shows, POST acts, once."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from ortsdialog.deliver.plan.actions import NotReady, answer_request
from ortsdialog.deliver.plan.models import OwnerRequest
from ortsdialog.deliver.plan.queries import request_by_token, statements_of_measure
from ortsdialog.deliver.plan.rules import OWNER_LINK
from ortsdialog.deliver.plan.web.forms import AnswerForm
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.access.doors import public
from ortsdialog.kernel.language import html_lang
from ortsdialog.kernel.tenancy import open_place

# Enough to see what people meant; all of them stand on the measure's public page.
_STATEMENTS_SHOWN = 8


@public
def answer(request: HttpRequest, token: str) -> HttpResponse:
    question = request_by_token(token)
    if question is None:
        raise Http404
    with open_place(question.place_id):
        form = AnswerForm(request.POST or None)
        status = 200
        if not question.is_open:
            # Answered is a page to come back to; a dead link says so.
            status = 410 if question.is_unanswered or question.withdrawn_at else 200
        elif request.method == "POST":
            status = 422
            if form.is_valid() and _answered(question, form):
                return redirect("plan:answer", token=token)
        return _page(request, question, form, status)


def _answered(question: OwnerRequest, form: AnswerForm) -> bool:
    try:
        answer_request(
            actor=Actor.by_link(OWNER_LINK, question.pk, label=question.owner_name),
            request=question,
            accepted=form.accepted,
            reason=form.cleaned_data["reason"],
            due_on=form.cleaned_data["due_on"] if form.accepted else None,
            language=html_lang(get_language()),
        )
    except NotReady as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
        return False
    return True


def _page(request: HttpRequest, question: OwnerRequest, form: AnswerForm, status: int) -> HttpResponse:
    measure = question.measure
    statements = statements_of_measure(measure).select_related("table", "round").order_by("-sorted_at", "id")
    context = {
        "place": question.place,
        "question": question,
        "measure": measure,
        "process": measure.plan.process,
        "form": form,
        "statements": statements[:_STATEMENTS_SHOWN],
        "statement_count": statements.count(),
    }
    response = render(request, "plan/answer.html", context, status=status)
    # The address is the secret: no search engine, no cache.
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response
