# Names that nothing in the code uses by name, and why each stays. `make lint` fails for any other.
# Qt's own virtual methods are left out in pyproject.toml, and so is what a decorator registers.

# The public face: scripts of other people use it.
Orchestrator
_.list_workstreams  # StateInterface
_.list_events
_.set_priority  # JobControl, beside those for many jobs
_.subscribe_to_events
_.run_job  # Orchestrator
_.queue_job
_.get_job_status
JobAlreadyRunning  # its name before it ended in Error

# Fakes of the ports ship beside them.
InlinePool
FakeRunner
cancel_futures  # the signature of ThreadPoolExecutor.shutdown, which `Pool` describes

# Fields of a job file: read from the model as a whole, by their names.
_.three_way
_.allow_empty
_.fast_forward
_.model_config  # read by pydantic

# Columns and facts that are stored, shown and compared with their record as a whole.
_.updated_at
_.length_s
_.spread_s
_.checked_at
_.first_at
_.repo_id
_.removed_at
_.sent_at

# Set for somebody else's class to read.
_.preserve_quotes  # ruamel.yaml
_.disabled  # QAccessible.State
_.object_hook  # the C scanner of json reads these from its context
_.object_pairs_hook
_.parse_float
_.parse_int
_.parse_constant
_.format_commands  # click calls it
_.on_any_event  # watchdog calls it
_.supports_statement_cache  # of SQLAlchemy's dialects

# Alembic reads these from each migration.
revision
down_revision
branch_labels

# Fields of a result that an import checks and nothing else reads by these names.
_.changes_unknown
_.job_changed_files
_.job_changes_unknown

# Whether something follows the future of the queue, which tests check.
_.is_following

# Python's own streams ask for this.
_.writable

# Commands: engine/cli/root.py has them by name, and imports each when it is used.
drain
import_
validate

# Called by the build of the package.
build
__getattr__  # called by Python where `engine.cli.app` is imported
shell_complete  # called by Typer for the word that a terminal completes
