"""What every runner keeps to; run for the real one and for the fake by the test modules beside this one."""

import pytest

from engine.errors import SpawnError
from engine.runners import output
from engine.types import EndReason, Recovery
from tests.engine.runners.stage import Stage, new_ref


class RunnerContract:
    """Subclasses bring a fixture `stage`."""

    def test_the_end_tells_the_exit_code_and_the_folder_holds_the_output(self, stage: Stage) -> None:
        engine = stage.engine()
        ref = engine.start(stage.printing("hello", 3))
        end = engine.end_of(ref)
        assert (end.reason, end.exit_code, end.leftovers) == (EndReason.EXITED, 3, 0)
        assert output.stream(engine.runner.folder(ref), "stdout") == b"hello"
        assert output.stream(engine.runner.folder(ref), "stderr") == b""

    def test_an_attempt_runs_until_it_has_ended(self, stage: Stage) -> None:
        engine = stage.engine()
        ref = engine.start(stage.endless())
        assert engine.runner.running() == {ref}
        assert engine.runner.ended() == []
        engine.runner.stop(ref)
        engine.end_of(ref)
        assert engine.runner.running() == frozenset()

    def test_each_end_is_told_once(self, stage: Stage) -> None:
        engine = stage.engine()
        engine.run(stage.printing("once"))
        assert engine.runner.ended() == []

    def test_many_attempts_end_each_with_its_own_code(self, stage: Stage) -> None:
        engine = stage.engine()
        refs = [engine.start(stage.printing(f"job {code}", code)) for code in range(8)]
        assert [engine.end_of(ref).exit_code for ref in refs] == list(range(8))
        assert [output.stream(engine.runner.folder(ref), "stdout") for ref in refs] == [
            f"job {code}".encode() for code in range(8)
        ]

    def test_a_stopped_attempt_ends_as_cancelled(self, stage: Stage) -> None:
        engine = stage.engine()
        ref = engine.start(stage.endless())
        engine.runner.stop(ref)
        assert engine.end_of(ref).reason is EndReason.CANCELLED

    def test_stopping_twice_and_stopping_what_has_ended_changes_nothing(self, stage: Stage) -> None:
        engine = stage.engine()
        ref = engine.start(stage.endless())
        engine.runner.stop(ref)
        engine.runner.stop(ref)
        assert engine.end_of(ref).reason is EndReason.CANCELLED
        done = engine.start(stage.printing("done"))
        engine.end_of(done)
        engine.runner.stop(done)
        assert stage.engine().runner.recover(done)[1] == engine.end_of(done)

    def test_a_stop_that_comes_before_the_start_is_not_forgotten(self, stage: Stage) -> None:
        engine = stage.engine()
        ref = new_ref()
        engine.runner.make_folder(ref)
        engine.runner.stop(ref)
        engine.runner.start(ref, stage.endless())
        end = engine.end_of(ref)
        assert (end.reason, end.exit_code) == (EndReason.CANCELLED, None)

    def test_a_failure_to_spawn_arrives_as_an_end_with_a_sentence(self, stage: Stage) -> None:
        end = stage.engine().run(stage.missing())
        assert (end.reason, end.exit_code) == (EndReason.SPAWN_FAILED, None)
        assert end.detail.endswith(".")

    def test_a_folder_is_made_only_once(self, stage: Stage) -> None:
        runner = stage.engine().runner
        ref = new_ref()
        assert runner.make_folder(ref) == runner.folder(ref)
        with pytest.raises(SpawnError, match=ref.folder_name):
            runner.make_folder(ref)

    def test_what_a_dead_engine_left_running_is_adopted(self, stage: Stage) -> None:
        first, second = stage.engine(), stage.engine()
        ref = stage.started(first.start(stage.endless()))
        stage.gone(first)
        assert second.runner.recover(ref) == (Recovery.ADOPTED, None)
        assert second.runner.running() == {ref}
        second.runner.stop(ref)
        assert second.end_of(ref).reason is EndReason.CANCELLED
        assert first.runner.ended() == []

    def test_what_ended_meanwhile_is_told_by_recovery_each_time_it_is_asked(self, stage: Stage) -> None:
        first, second = stage.engine(), stage.engine()
        ref = first.start(stage.printing("done", 4))
        end = first.end_of(ref)
        assert second.runner.recover(ref) == (Recovery.ENDED, end)
        assert second.runner.recover(ref) == (Recovery.ENDED, end)
        assert second.runner.running() == frozenset()
        assert second.runner.ended() == []

    def test_an_attempt_without_a_folder_was_never_started_and_never_will_be(self, stage: Stage) -> None:
        runner = stage.engine().runner
        ref = new_ref()
        assert runner.recover(ref) == (Recovery.NEVER_STARTED, None)
        with pytest.raises(SpawnError):
            runner.make_folder(ref)

    def test_an_attempt_with_a_folder_and_nothing_in_it_was_never_started(self, stage: Stage) -> None:
        runner = stage.engine().runner
        ref = new_ref()
        runner.make_folder(ref)
        assert runner.recover(ref) == (Recovery.NEVER_STARTED, None)
        assert runner.recover(ref) == (Recovery.NEVER_STARTED, None)

    def test_an_end_that_nobody_wrote_down_is_an_interruption(self, stage: Stage) -> None:
        engine = stage.engine()
        ref = engine.start(stage.endless())
        stage.kill_shim(ref)
        end = engine.end_of(ref)
        assert (end.reason, end.exit_code) == (EndReason.INTERRUPTED, None)
        found, told = stage.engine().runner.recover(ref)
        assert found is Recovery.INTERRUPTED
        assert told is not None
        assert told.reason is EndReason.INTERRUPTED

    def test_closing_twice_is_no_error_and_keeps_what_has_ended(self, stage: Stage) -> None:
        engine = stage.engine()
        ref = engine.start(stage.printing("bye"))
        engine.end_of(ref)
        engine.runner.close()
        engine.runner.close()
        assert engine.runner.running() == frozenset()
