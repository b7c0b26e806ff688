"""What the window says for commands, counters and states of the engine: in English the engine's own words."""

from typing import get_args

import pytest

from engine.host.command_kind import CommandKind
from engine.host.commands import EngineCommand, HoldJobs, Undo
from engine.jobfile.template_head import TemplateParameter
from engine.scheduling.buckets import WORDS, Bucket, BucketCounts
from engine.settings import Settings
from gui.control.action_table import ACTIONS
from gui.data import command_captions
from gui.data.attempt_captions import attempt_word
from gui.data.bucket_captions import bucket_word, counter_tip, counts_summary
from gui.data.command_captions import command_label, undo_title
from gui.data.job_actions import RESTORE_WORK
from gui.data.job_display import STATE_WORDS
from gui.data.shown_review import review_inside
from gui.sheets import settings_more
from gui.sheets.template_fields import hint_of
from resources.tokens import STATES
from state.records import AttemptStatus

KINDS: list[CommandKind] = [command.kind for command in get_args(EngineCommand)]
COUNTS = BucketCounts(
    workstreams={Bucket.NEEDS_YOU: 2, Bucket.FAILED: 1, Bucket.WAITING: 1},
    jobs={Bucket.NEEDS_YOU: 3, Bucket.WAITING: 2, Bucket.RUNNING: 1},
    reviews=1,
    refused_files=1,
    missed_runs=2,
)


def test_undo_says_of_every_command_what_the_engine_says() -> None:
    verbs = {kind.name: f"{kind.verb} {{what}}" for kind in KINDS if kind.verb}
    assert verbs == command_captions.UNDOABLE


def test_a_command_that_fits_no_job_says_so_with_the_participle_of_the_engine() -> None:
    for name, sentence in command_captions.NONE_FITS.items():
        kind = next(kind for kind in KINDS if kind.name == name and kind.participle)
        assert sentence == f"There is no job here that can be {kind.participle}."


def test_every_title_that_the_window_takes_from_the_engine_is_marked_for_translation() -> None:
    used = {action.kind.title for action in ACTIONS if action.kind and action.caption == action.kind.title}
    assert used <= command_captions.TITLES


def test_every_shown_state_has_a_word_alone_and_inside_a_sentence() -> None:
    assert {name: state.word for name, state in STATES.items()} == {
        name: word for name, (word, _) in STATE_WORDS.items()
    }
    assert all(inside == word.lower() for word, inside in STATE_WORDS.values())


def test_the_settings_of_the_home_have_the_titles_and_the_help_of_the_engine() -> None:
    fields = {key: Settings.model_fields[key] for key in settings_more.FIELDS}
    assert {key: (one.title, one.description) for key, one in fields.items()} == settings_more.FIELDS


def test_a_counter_says_what_it_counts_in_workstreams_and_in_jobs() -> None:
    assert counter_tip(COUNTS, Bucket.NEEDS_YOU) == (
        "2 workstreams, 3 jobs need you. Also waiting for you: 1 review and 1 refused file and 2 missed recurring runs."
    )
    assert counter_tip(COUNTS, Bucket.WAITING) == "1 workstream, 2 jobs wait."
    assert counter_tip(COUNTS, Bucket.RUNNING) == "0 workstreams, 1 job run."
    assert {bucket: bucket_word(bucket) for bucket in Bucket} == WORDS


@pytest.mark.parametrize("counts", [COUNTS, BucketCounts(), BucketCounts(workstreams={Bucket.NEEDS_YOU: 1})])
def test_the_tray_sums_the_counters_up_as_the_command_line_does(counts: BucketCounts) -> None:
    assert counts_summary(counts) == counts.summary()


@pytest.mark.usefixtures("in_german")
def test_in_german_commands_counters_and_states_are_german() -> None:
    assert undo_title(Undo.kind, HoldJobs.kind, "lexer") == "Rückgängig: lexer anhalten"
    assert command_label(HoldJobs.kind) == "Anhalten"
    assert RESTORE_WORK.label == "Wiederherstellen"
    assert attempt_word(AttemptStatus.SPAWN_FAILED) == "nicht gestartet"
    assert next(action.title for action in ACTIONS if action.id == "cancel") == "Abbrechen…"
    assert (
        counts_summary(COUNTS)
        == "2 zu klären (1 fehlgeschlagen), 1 wartend, 1 abgelehnte Datei, 2 verpasste wiederkehrende Läufe"
    )
    assert counter_tip(COUNTS, Bucket.WAITING) == "1 Arbeitsstrang, 2 Jobs warten."


NUMBERS = (
    TemplateParameter(type="number"),
    TemplateParameter(type="number", min=1),
    TemplateParameter(type="number", max=9),
    TemplateParameter(type="number", min=1, max=9),
)


@pytest.mark.parametrize(
    "parameter", [*NUMBERS, TemplateParameter(type="path"), TemplateParameter(type="repository")]
)
def test_an_empty_field_of_a_template_says_what_the_engine_says(parameter: TemplateParameter) -> None:
    assert hint_of(parameter) == parameter.kind_in_words


@pytest.mark.usefixtures("in_german")
def test_in_german_no_hint_of_a_field_is_half_english_and_no_review_begins_with_a_capital_in_a_line() -> None:
    assert hint_of(TemplateParameter(type="path", optional=True)) == "Pfad, darf leer bleiben"
    assert [hint_of(number) for number in NUMBERS] == ["Zahl", "Zahl ab 1", "Zahl bis 9", "Zahl von 1 bis 9"]
    assert review_inside("Wartet auf Review") == "wartet auf Review"
    assert review_inside("Merge wartet") == "Merge wartet"
    assert review_inside("Schritt 1 von 2: edit") == "Schritt 1 von 2: edit"
