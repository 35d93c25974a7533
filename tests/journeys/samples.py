"""Runs inside a demonstration site and prints every address of the house with sample arguments, as JSON.

The resolver says which addresses there are; a door says which model a number belongs to. What neither
can know (codes, tokens) is named below.
"""

import io
import json

from django.urls import get_resolver, reverse
from PIL import Image

from ortsdialog.deliver.plan.actions import ask_owner
from ortsdialog.deliver.plan.models import Measure
from ortsdialog.ground.accounts.actions import invite_person
from ortsdialog.ground.accounts.choices import Role
from ortsdialog.ground.places.queries import place_by_slug
from ortsdialog.ground.process.models import Process
from ortsdialog.kernel.access import Actor
from ortsdialog.kernel.tenancy import open_place
from ortsdialog.meet.capture.actions import offer_table, print_paper_cards
from ortsdialog.meet.contributions.actions import add_source, file_report
from ortsdialog.meet.contributions.models import Statement
from ortsdialog.meet.contributions.receipts import new_receipt_code
from ortsdialog.meet.gatherings.models import Gathering, Table

PLACE = place_by_slug("lindenbronn")
SYSTEM = Actor.system("walk")


def patterns(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from patterns(pattern, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern


with open_place(PLACE):
    process = Process.objects.get()
    running = Gathering.objects.get(state="running")
    closed = Gathering.objects.get(state="closed")
    table = Table.objects.filter(gathering=running).first()
    statements = {state: Statement.objects.filter(state=state).first() for state in ("approved", "pending", "held")}
    invitation = invite_person(actor=SYSTEM, email="neu@lindenbronn.example", role=Role.NOTE_TAKER, place=PLACE)
    asked = ask_owner(
        actor=SYSTEM, measure=Measure.objects.filter(state="proposed").first(), owner_name="Stadtbücherei Lindenbronn"
    )
    # Paper of both events: the desk's addresses show the first event, the host's her table.
    drawn = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(drawn, "PNG")
    for event in (Gathering.objects.first(), running):
        seats = event.tables.all()[:1]
        cards = print_paper_cards(actor=SYSTEM, gathering=event, tables=seats, rounds=[], cards_per_table=2)
        photo, _new = add_source(
            actor=SYSTEM, gathering=event, table=table if event == running else None, sent=drawn.getvalue()
        )
    at_table = Statement.objects.filter(table=table, state="approved").first()
    handed_over = offer_table(actor=SYSTEM, table=table)
    report = file_report(
        actor=SYSTEM, statement=statements["approved"], code=new_receipt_code(), reason="names", words="Nennt mich."
    )
    plain = {
        "place": PLACE.slug,
        "process": process.slug,
        "gathering": closed.slug,
        "slug": process.programme.slug,
        "code": table.code,
        "host_key": table.host_key,
        "number": 1,
        "batch": 1,
        "size": "klein",
    }
    named = {
        "site:receipt": {"code": statements["approved"].receipt_code},
        "contributions:report-status": {"code": report.code},
        "plan:answer": {"token": asked.token},
        "accounts:invitation": {"token": invitation.token},
        "capture:card": {"code": cards[0].code},
        "capture:host-takeover": {"code": table.code, "token": handed_over[1]},
        "capture:host-edit": {"code": table.code, "handle": at_table.handle},
        "capture:host-decide": {"code": table.code, "handle": statements["approved"].handle},
        "capture:host-language": {"code": table.code, "handle": statements["approved"].handle},
        **{f"capture:{name}": {"code": "LINDEWAND"} for name in ("wall", "wall-cards", "wall-stream", "wall-tables")},
    }

    def arguments(name, pattern, door):
        found = {}
        for argument in pattern.pattern.converters:
            if argument in named.get(name, {}):
                found[argument] = named[name][argument]
            elif argument == "handle":
                found["handle"] = statements["approved"].handle
            elif argument == "pk" and door is not None and door.model is not None:
                found["pk"] = door.model.objects.first().pk
            else:
                found[argument] = plain[argument]
        return found

    # Pages that look quite different in another state.
    further = [
        ("site:place", {"place": "ostfildern"}),
        ("site:programme", {"slug": "weltoffene-kommune"}),
        ("site:receipt", {"code": statements["pending"].receipt_code}),
        ("site:receipt", {"code": statements["held"].receipt_code}),
        ("site:receipt", {"code": cards[1].receipt_code}),
        ("gatherings:gathering", {"place": PLACE.slug, "process": process.slug, "gathering": running.slug}),
        ("gatherings:desk-show", {"place": PLACE.slug, "pk": running.pk}),
        ("gatherings:desk-rehearsal", {"place": PLACE.slug, "pk": Gathering.objects.get(state="published").pk}),
        ("capture:desk-evening", {"place": PLACE.slug, "pk": running.pk}),
        ("capture:table", {"code": closed.tables.first().code}),
        *(
            ("plan:measure", {"place": PLACE.slug, "process": process.slug, "number": number})
            for number in Measure.objects.filter(state__in=["declined", "not_possible", "done"]).values_list(
                "number", flat=True
            )
        ),
    ]
    found = []
    for name, pattern in patterns(get_resolver()):
        door = getattr(pattern.callback, "door", None)
        if door is not None:
            path = reverse(name, kwargs=arguments(name, pattern, door))
            found.append({"name": name, "path": path, "for_staff": door.kind != "public"})
    for name, values in further:
        found.append({"name": name, "path": reverse(name, kwargs=values), "for_staff": "desk" in name})

ostfildern = place_by_slug("ostfildern")
with open_place(ostfildern):
    for documented in Process.objects.all():
        found.append({"name": "site:process", "path": documented.get_absolute_url(), "for_staff": False})

# Entering with the host's card sets the cookie that the host's other pages ask for.
found.sort(key=lambda one: one["name"] != "capture:host")
print(json.dumps(found))
