from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ortsdialog.ground.process.tests.factories import make_process
from ortsdialog.kernel.access import NotAllowed
from ortsdialog.kernel.audit import AuditEntry
from ortsdialog.kernel.language import MultilingualText, State
from ortsdialog.meet.contributions.actions import create_cluster, edit_cluster, put_in_cluster, set_kind
from ortsdialog.meet.contributions.choices import Kind, ModerationState
from ortsdialog.meet.contributions.models import Cluster, Statement
from ortsdialog.meet.contributions.queries import clusters_with_counts, unsorted_statements
from ortsdialog.meet.contributions.tests.factories import make_cluster, make_statement

pytestmark = pytest.mark.django_db


def test_clusters_are_numbered_in_their_process(in_altdorf, as_alma, dialogue, programme):
    other = make_process(in_altdorf, programme, title="Zweiter", slug="zweiter")
    numbers = [
        create_cluster(actor=as_alma, process=process, title="Thema").number for process in (dialogue, dialogue, other)
    ]
    assert numbers == [1, 2, 1]
    assert AuditEntry.objects.filter(code="contributions.create_cluster").count() == 3


def test_a_cluster_has_a_title_and_a_language(in_altdorf, as_alma, dialogue):
    cluster = create_cluster(actor=as_alma, process=dialogue, title=" سكن ", summary="شرح", language="ar")
    assert (cluster.title.original, cluster.title.original_text, cluster.summary.original_text) == ("ar", "سكن", "شرح")
    with pytest.raises(ValidationError):
        create_cluster(actor=as_alma, process=dialogue, title="  ")
    assert Cluster.objects.count() == 1


def test_a_cluster_takes_a_text_in_several_languages(in_altdorf, as_alma, dialogue):
    title = MultilingualText.of({"de": "Wohnen", "en": "Housing"})
    assert create_cluster(actor=as_alma, process=dialogue, title=title).title == title


def test_editing_a_cluster_makes_its_translations_out_of_date(in_altdorf, as_alma, dialogue):
    cluster = create_cluster(actor=as_alma, process=dialogue, title=MultilingualText.of({"de": "Alt", "en": "Old"}))
    edit_cluster(actor=as_alma, cluster=cluster, title="Neu", summary="Warum")
    stored = Cluster.objects.get()
    assert (stored.title.original_text, stored.summary.original_text) == ("Neu", "Warum")
    assert stored.title.state_of("en") == State.OUT_OF_DATE


def test_statements_go_into_a_cluster_and_out_again(in_altdorf, as_alma, dialogue, table):
    statements = [make_statement(table, f"Beitrag {n}") for n in range(3)]
    cluster = make_cluster(dialogue)
    assert put_in_cluster(actor=as_alma, statements=statements, cluster=cluster) == 3
    assert {(s.cluster_id, s.sorted_at is None) for s in Statement.objects.all()} == {(cluster.pk, False)}
    assert put_in_cluster(actor=as_alma, statements=statements, cluster=cluster) == 0
    assert put_in_cluster(actor=as_alma, statements=statements[0], cluster=None) == 1
    back = Statement.objects.get(pk=statements[0].pk)
    assert (back.cluster_id, back.sorted_at) == (None, None)
    assert AuditEntry.objects.filter(code="contributions.put_in_cluster").count() == 4


def test_a_kind_sorts_too_and_keeps_the_first_date(in_altdorf, as_alma, dialogue, table):
    statement = make_statement(table)
    assert set_kind(actor=as_alma, statements=[statement], kind=Kind.PROBLEM) == 1
    first = Statement.objects.get()
    put_in_cluster(actor=as_alma, statements=first, cluster=make_cluster(dialogue))
    second = Statement.objects.get()
    assert (first.kind, second.sorted_at) == (Kind.PROBLEM, first.sorted_at)
    with pytest.raises(ValueError, match="song"):
        set_kind(actor=as_alma, statements=[statement], kind="song")


def test_a_cluster_of_another_process_is_refused(in_altdorf, as_alma, programme, table):
    other = make_process(in_altdorf, programme, title="Zweiter", slug="zweiter")
    statement = make_statement(table)
    with pytest.raises(ValidationError):
        put_in_cluster(actor=as_alma, statements=[statement], cluster=make_cluster(other))
    assert Statement.objects.get().cluster_id is None


def test_one_foreign_statement_stops_the_whole_sorting(in_altdorf, as_alma, dialogue, table, other_table):
    mine, theirs = make_statement(table), make_statement(other_table)
    with pytest.raises(NotAllowed):
        set_kind(actor=as_alma, statements=[mine, theirs], kind=Kind.IDEA)
    assert Statement.objects.get().kind == Kind.UNSORTED


def test_hosts_observers_guests_and_other_towns_sort_nothing(in_altdorf, tessa, as_kim, rolf, as_nils, dialogue, table):
    statement, cluster = make_statement(table), make_cluster(dialogue)
    for actor in (tessa, as_kim, rolf, as_nils):
        for act in (
            lambda actor=actor: set_kind(actor=actor, statements=[statement], kind=Kind.IDEA),
            lambda actor=actor: put_in_cluster(actor=actor, statements=[statement], cluster=cluster),
            lambda actor=actor: create_cluster(actor=actor, process=dialogue, title="Neu"),
            lambda actor=actor: edit_cluster(actor=actor, cluster=cluster, title="Neu"),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert (Cluster.objects.count(), Statement.objects.get().kind) == (1, Kind.UNSORTED)


def test_clusters_count_what_is_approved(in_altdorf, dialogue, table):
    full, empty = make_cluster(dialogue), make_cluster(dialogue, "Leer", number=2)
    make_statement(table, cluster=full)
    make_statement(table, cluster=full)
    make_statement(table, cluster=full, state=ModerationState.HELD)
    assert [(c.pk, c.statement_count) for c in clusters_with_counts(dialogue)] == [(full.pk, 2), (empty.pk, 0)]


def test_unsorted_are_approved_and_in_no_cluster(in_altdorf, dialogue, table):
    free = make_statement(table)
    make_statement(table, cluster=make_cluster(dialogue))
    make_statement(table, state=ModerationState.PENDING)
    assert list(unsorted_statements(dialogue)) == [free]
