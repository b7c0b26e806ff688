"""The page of the coding tools in the settings: what is shown, what is edited, what is refused."""

import pytest
from pytestqt.qtbot import QtBot

from engine.jobfile.job_sections import Retry
from engine.settings import Settings
from engine.tool_defaults import Account, ToolDefaults
from engine.types import LogIn, Permission, ToolProbe
from gui.sheets.tool_form import ToolForm, accounts_of, accounts_text
from gui.sheets.tools_page import ToolsPage
from gui.theme.theme import Theme

DEFAULTS = ToolDefaults(
    model="opus",
    permission=Permission.READ,
    account="work",
    accounts={
        "work": Account(config_folder="~/work claude"),
        "key": Account(env={"ANTHROPIC_API_KEY": "env:WORK_KEY", "B": "two words"}),
    },
    env=("AWS_PROFILE", "AWS_REGION"),
    on_quota="escalate",
    retry=Retry(limit=2, interval_sec=7.0, backoff="linear"),
    session="fresh",
)


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> ToolsPage:
    """The page of two tools."""
    made = ToolsPage(theme, ["claude", "codex"])
    qtbot.addWidget(made)
    return made


def test_a_form_that_nobody_edits_gives_back_exactly_what_was_set(page: ToolsPage) -> None:
    tools = {"claude": DEFAULTS, "gone": ToolDefaults(model="x")}
    page.show_settings(Settings(tools=tools))
    assert page.tools() == tools
    assert page.problem() == ""


def test_each_field_changes_its_default_and_no_other(page: ToolsPage) -> None:
    page.show_settings(Settings(tools={"claude": DEFAULTS}))
    form = page.forms["codex"]
    form.model.setText(" gpt-5 ")
    form.permission.setCurrentIndex(form.permission.findData("full"))
    form.session.setCurrentIndex(form.session.findData("resume"))
    form.on_quota.setCurrentIndex(form.on_quota.findData("fail"))
    form.retries.setValue(3)
    form.env.setText("A, B C")
    form.accounts.setPlainText("one: ~/a\n\ntwo: OPENAI_API_KEY=env:TWO")
    assert page.tools()["claude"] == DEFAULTS
    assert page.tools()["codex"] == ToolDefaults(
        model="gpt-5",
        permission=Permission.FULL,
        session="resume",
        on_quota="fail",
        retry=Retry(limit=3),
        env=("A", "B", "C"),
        accounts={"one": Account(config_folder="~/a"), "two": Account(env={"OPENAI_API_KEY": "env:TWO"})},
    )


def test_another_number_of_retries_keeps_how_they_are_made(page: ToolsPage) -> None:
    page.show_settings(Settings(tools={"claude": DEFAULTS}))
    page.forms["claude"].retries.setValue(5)
    assert page.tools()["claude"].retry == Retry(limit=5, interval_sec=7.0, backoff="linear")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("work", "has no colon"),
        ("work:", "needs one folder"),
        ("work: a b", "needs one folder"),
        ("work: ~/a\nwork: ~/b", "is there twice"),
        ("work: 'a", "is not closed"),
        ("-work: ~/a", "accounts"),
        ("work: 1A=x", "env"),
    ],
)
def test_an_account_that_is_none_is_named_with_its_reason_and_nothing_is_lost(
    page: ToolsPage, text: str, reason: str
) -> None:
    page.show_settings(Settings(tools={"claude": DEFAULTS}))
    form = page.forms["claude"]
    form.accounts.setPlainText(text)
    assert reason in page.problem()
    assert form.problem_label.text() == page.problem()
    form.accounts.setPlainText(accounts_text(DEFAULTS.accounts))
    assert page.problem() == ""
    assert page.tools()["claude"] == DEFAULTS


def test_accounts_read_as_they_are_written() -> None:
    written = accounts_text(DEFAULTS.accounts)
    read = {name: Account.model_validate(account) for name, account in accounts_of(written).items()}
    assert read == DEFAULTS.accounts


def test_a_tool_that_is_not_found_is_an_error_only_where_a_person_named_its_path(page: ToolsPage) -> None:
    page.show_settings(Settings(tool_paths={"claude": "/nowhere/claude"}))
    page.show_probe(ToolProbe(tool="claude", problem="There is no program /nowhere/claude."))
    assert page.forms["claude"].found.text() == "There is no program /nowhere/claude."
    page.show_probe(ToolProbe(tool="codex", path="/usr/bin/codex", version="0.169.0"))
    assert page.forms["codex"].found.text() == "0.169.0 · /usr/bin/codex"


def test_who_is_logged_in_what_is_to_be_known_and_what_a_tool_cost_today_are_shown(page: ToolsPage) -> None:
    page.show_settings(Settings())
    page.show_usage({"codex": "$1.25 today\nwork: 5 hours 93 % used"})
    assert page.forms["codex"].usage.text() == "$1.25 today\nwork: 5 hours 93 % used"
    assert page.forms["claude"].usage.text() == "nothing known"
    probe = ToolProbe(
        tool="codex", path="/bin/codex", version="1.0", login=LogIn.LOGGED_IN, note="never tried"
    )
    page.show_probe(probe)
    assert page.forms["codex"].found.text() == "1.0 · logged in · never tried · /bin/codex"


def test_a_form_is_made_when_its_tool_is_looked_at_and_has_what_was_found_before(
    page: ToolsPage, qtbot: QtBot
) -> None:
    page.show_settings(Settings(tools={"codex": DEFAULTS}, tool_paths={"codex": "/opt/codex"}))
    page.show_usage({"codex": "$1.25 today"})
    page.show_probe(ToolProbe(tool="codex", path="/opt/codex", version="1.0"))
    assert not page.findChildren(ToolForm)
    assert page.tools() == {"codex": DEFAULTS}
    assert page.paths() == {}
    with qtbot.waitExposed(page):
        page.show()
    assert len(page.findChildren(ToolForm)) == 1
    assert page.paths() == {"claude": ""}
    page.choice.setCurrentIndex(page.choice.findData("codex"))
    (form,) = [one for one in page.findChildren(ToolForm) if one.isVisible()]
    assert (form.path.text(), form.usage.text()) == ("/opt/codex", "$1.25 today")
    assert form.found.text() == "1.0 · /opt/codex"
    assert page.tools() == {"codex": DEFAULTS}


def test_the_example_of_an_account_is_one_of_this_tool(qtbot: QtBot, theme: Theme) -> None:
    forms = {tool: ToolForm(tool, theme) for tool in ("aider", "claude", "codex")}
    for form in forms.values():
        qtbot.addWidget(form)
    examples = {tool: form.accounts.placeholderText() for tool, form in forms.items()}
    assert "~/.claude-work" in examples["claude"]
    assert "~/.codex-work" in examples["codex"]
    assert "~" not in examples["aider"]
    assert all(accounts_of(example) for example in examples.values())
