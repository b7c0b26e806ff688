"""What people call runs, workstreams and jobs, and how two of one name are told apart."""

import time

from state.records import Job, Origin, Run, Workstream
from state.shown_names import ShownNames, file_stem, job_title, workstream_title

NIGHT = time.mktime((2026, 11, 30, 22, 0, 0, 0, 0, -1))


def named(*streams: Workstream, runs: tuple[Run, ...] = ()) -> ShownNames:
    return ShownNames({one.key: one for one in streams}, {run.run_id: run for run in runs})


def stream(run_id: str, ws_id: str = "main", title: str = "", repo: str | None = None) -> Workstream:
    return Workstream(run_id=run_id, ws_id=ws_id, title=title, repo=repo)


def job(job_id: str = "claude-89abcdef", ws_id: str = "main", **values: object) -> Job:
    return Job(job_id=job_id, run_id="r", ws_id=ws_id, tool="claude", **{"step_name": "claude", **values})  # type: ignore[arg-type]


def test_a_run_is_called_by_its_title_else_by_its_id() -> None:
    names = named(runs=(Run(run_id="a", title="Night"), Run(run_id="b", title="  ")))
    assert [names.run(run_id) for run_id in ("a", "b", "gone")] == ["Night", "b", "gone"]


def test_a_workstream_is_called_by_its_title_else_by_the_id_a_person_gave_it() -> None:
    names = named(stream("r", "rss-feed", "The feed"), stream("r", "site"))
    assert names.workstream(("r", "rss-feed")) == "The feed"
    assert names.workstream(("r", "site")) == "site"
    assert names.workstream(("gone", "tags")) == "tags"


def test_a_workstream_that_nobody_named_is_called_as_its_run_also_where_main_was_stored_as_its_title() -> (
    None
):
    names = named(
        stream("r"), stream("old", title="main"), runs=(Run(run_id="r", title="rss"), Run(run_id="old"))
    )
    assert names.workstream(("r", "main")) == "rss"
    assert names.workstream(("old", "main")) == "main"


def test_the_title_stored_for_a_workstream_is_the_given_one_else_its_id_else_that_of_its_run() -> None:
    assert workstream_title("The feed", "rss", run_title="Night") == "The feed"
    assert workstream_title(None, "rss", run_title="Night") == "rss"
    assert workstream_title(None, "main", run_title="rss") == "rss"
    assert workstream_title(None, "main", run_title="") == "main"


def test_a_job_is_called_by_its_workstream_and_what_a_person_called_its_step() -> None:
    names = named(stream("r", "rss-feed", "The feed"), runs=(Run(run_id="r", title="Night"),))
    assert names.job(job(ws_id="rss-feed")) == "The feed"
    assert names.job(job(ws_id="rss-feed", step_name="tests")) == "The feed / tests"
    assert names.job(job(ws_id="rss-feed", title="Write it")) == "The feed / Write it"


def test_seen_from_its_own_workstream_a_job_is_called_by_its_step_else_by_its_file() -> None:
    names, here = named(stream("r")), job("claude-01234567")
    assert names.job(job(step_name="tests"), seen_from=here) == "tests"
    assert names.job(job(source_path="/jobs/feed.yaml"), seen_from=here) == "feed"
    assert names.job(here, seen_from=job()) == "claude"


def test_a_job_without_any_name_is_called_by_the_stem_of_its_file_else_by_its_id() -> None:
    assert named().job(job(source_path="/jobs/rss-feed.yaml")) == "rss-feed"
    assert named().job(job("claude-01234567")) == "claude-01234567"
    assert job_title(job(source_path="/jobs/rss-feed.yaml"), step_name="") == "rss-feed"
    assert job_title(job("x1"), step_name="") == "x1"


def test_jobs_of_one_workstream_are_told_apart_by_their_files_or_by_ids_that_a_person_chose() -> None:
    assert named().job(job(ws_id="tags", source_path="/jobs/sort.yaml")) == "tags / sort"
    assert named().job(job("sort", ws_id="tags")) == "tags / sort"
    assert named().job(job("claude-01234567", ws_id="tags")) == "tags"
    of_pipeline = job("tags-claude-01234567", ws_id="tags", source_path="/jobs/night.yaml")
    assert named().job(of_pipeline) == "tags"


def test_what_the_inbox_puts_before_the_name_of_a_file_is_no_part_of_its_name() -> None:
    taken_in = job(
        source_path="accepted/fedcba9876543210-0123456789abcdef-rss-feed.yaml", origin=Origin.INBOX
    )
    assert file_stem(taken_in) == "rss-feed"
    assert file_stem(job(source_path="/jobs/0123456789abcdef-rss-feed.yaml")) == "0123456789abcdef-rss-feed"


def test_two_workstreams_of_one_name_are_told_apart_by_run_repository_or_day() -> None:
    runs = (
        Run(run_id="a", title="Night", created_at=NIGHT),
        Run(run_id="b", title="Morning", created_at=NIGHT),
        Run(run_id="c", title="parser", created_at=NIGHT),
        Run(run_id="d", title="parser", created_at=NIGHT + 86400),
    )
    of_runs = named(stream("a", "parser"), stream("b", "parser"), stream("b", "lexer"), runs=runs)
    assert [of_runs.distinct(("a", "parser")), of_runs.distinct(("b", "lexer"))] == [
        "parser (Night)",
        "lexer",
    ]
    of_repositories = named(stream("c", repo="/src/shop"), stream("d", repo="/src/site"), runs=runs)
    assert of_repositories.distinct(("d", "main")) == "parser (site)"
    of_days = named(stream("c"), stream("d"), runs=runs)
    assert of_days.distinct(("c", "main")) == "parser (30 Nov 22:00)"


def test_two_runs_of_one_name_are_told_apart_by_repository_or_day_at_worst_by_id() -> None:
    night = Run(run_id="a", title="Night", repo="/src/shop", created_at=NIGHT)
    site = Run(run_id="b", title="Night", repo="/src/site", created_at=NIGHT)
    assert named(runs=(night, site)).distinct_run("a") == "Night (shop)"
    later = Run(run_id="c", title="Night", repo="/src/shop", created_at=NIGHT + 86400)
    assert named(runs=(night, later)).distinct_run("c") == "Night (1 Dec 22:00)"
    same = Run(run_id="d", title="Night", repo="/src/shop", created_at=NIGHT)
    assert named(runs=(night, same)).distinct_run("d") == "Night (d)"
    assert named(runs=(night,)).distinct_run("a") == "Night"


def test_names_are_cleaned_before_they_are_shown() -> None:
    names = ShownNames(
        {("r", "w"): stream("r", "w", "a\u202eb")}, clean=lambda text: text.replace("\u202e", "?")
    )
    assert names.workstream(("r", "w")) == "a?b"
    assert names.job(job(ws_id="w", title="c\u202ed")) == "a?b / c?d"
