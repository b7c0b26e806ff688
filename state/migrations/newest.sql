-- What all migrations together make, for a file that is new: running them one by one takes a second of the start.
-- A test holds it equal to them, and prints what must stand here after a new migration.
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0012');
CREATE TABLE callbacks (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	job_id VARCHAR NOT NULL,
	run_id VARCHAR NOT NULL,
	tool VARCHAR NOT NULL,
	job_status VARCHAR NOT NULL,
	attempt INTEGER,
	status VARCHAR NOT NULL,
	engine_id VARCHAR,
	created_at FLOAT NOT NULL,
	started_at FLOAT,
	ended_at FLOAT,
	exit_code INTEGER,
	reason TEXT DEFAULT '' NOT NULL,
	output TEXT DEFAULT '' NOT NULL
);
CREATE TABLE engines (
	engine_id VARCHAR NOT NULL,
	home_id VARCHAR NOT NULL,
	host VARCHAR NOT NULL,
	pid INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	started_at FLOAT NOT NULL,
	stopped_at FLOAT,
	CONSTRAINT pk_engines PRIMARY KEY (engine_id)
);
CREATE TABLE errors (
	signature VARCHAR NOT NULL,
	tool VARCHAR NOT NULL,
	count INTEGER NOT NULL,
	first_at FLOAT NOT NULL,
	last_at FLOAT NOT NULL,
	last_job_id VARCHAR NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_errors PRIMARY KEY (signature)
);
CREATE TABLE events (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	at FLOAT NOT NULL,
	event_type VARCHAR NOT NULL,
	level VARCHAR NOT NULL,
	run_id VARCHAR,
	ws_id VARCHAR,
	job_id VARCHAR,
	attempt_id INTEGER,
	tool VARCHAR,
	message TEXT NOT NULL,
	payload_json TEXT NOT NULL
);
CREATE TABLE forecasts (
	subject VARCHAR NOT NULL,
	subject_id VARCHAR NOT NULL,
	run_id VARCHAR NOT NULL,
	made_at FLOAT NOT NULL,
	starts_at FLOAT,
	ends_at FLOAT NOT NULL,
	CONSTRAINT pk_forecasts PRIMARY KEY (subject, subject_id),
	CONSTRAINT fk_forecasts_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (run_id)
);
CREATE TABLE holds (
	kind VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	reason TEXT NOT NULL,
	since FLOAT NOT NULL,
	until FLOAT, cause VARCHAR DEFAULT 'person' NOT NULL,
	CONSTRAINT pk_holds PRIMARY KEY (kind, "key")
);
CREATE TABLE job_dependencies (
	job_id VARCHAR NOT NULL,
	depends_on VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	CONSTRAINT pk_job_dependencies PRIMARY KEY (job_id, depends_on),
	CONSTRAINT fk_job_dependencies_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (job_id)
);
CREATE TABLE jobs (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	job_id VARCHAR NOT NULL,
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	step_name TEXT NOT NULL,
	position INTEGER NOT NULL,
	tool VARCHAR NOT NULL,
	stage VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	priority INTEGER NOT NULL,
	group_name VARCHAR NOT NULL,
	account VARCHAR,
	tree TEXT,
	files_scope_json TEXT NOT NULL,
	origin VARCHAR NOT NULL,
	source_path TEXT,
	digest VARCHAR NOT NULL,
	hold_reason TEXT,
	quarantined BOOLEAN NOT NULL,
	attempts INTEGER NOT NULL,
	max_attempts INTEGER NOT NULL,
	interruptions INTEGER NOT NULL,
	not_before FLOAT,
	waits_for VARCHAR,
	cancel_requested_at FLOAT,
	created_at FLOAT NOT NULL,
	started_at FLOAT,
	completed_at FLOAT,
	exit_code INTEGER,
	summary TEXT NOT NULL,
	failure_class VARCHAR,
	cost_usd FLOAT,
	spec_json TEXT NOT NULL, queue_position FLOAT, scope_root TEXT, hold_cause VARCHAR, rung INTEGER DEFAULT '0' NOT NULL, follow_up TEXT, input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER, cost_source VARCHAR, fresh_session BOOLEAN DEFAULT '0' NOT NULL, denied INTEGER DEFAULT '0' NOT NULL, note TEXT DEFAULT '' NOT NULL, labels_json TEXT DEFAULT '[]' NOT NULL,
	CONSTRAINT fk_jobs_run_id_workstreams FOREIGN KEY(run_id, ws_id) REFERENCES workstreams (run_id, ws_id),
	CONSTRAINT uq_jobs_job_id UNIQUE (job_id)
);
CREATE TABLE limits (
	kind VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	value INTEGER NOT NULL,
	CONSTRAINT pk_limits PRIMARY KEY (kind, "key")
);
INSERT INTO "limits" VALUES('global','',3);
CREATE TABLE merges (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	repo TEXT NOT NULL,
	target TEXT NOT NULL,
	state VARCHAR NOT NULL,
	method VARCHAR NOT NULL,
	priority INTEGER DEFAULT '0' NOT NULL,
	position FLOAT,
	held BOOLEAN DEFAULT '0' NOT NULL,
	head VARCHAR DEFAULT '' NOT NULL,
	target_before VARCHAR,
	result VARCHAR,
	reason TEXT DEFAULT '' NOT NULL,
	files_json TEXT DEFAULT '[]' NOT NULL,
	engine_id VARCHAR,
	created_at FLOAT NOT NULL,
	started_at FLOAT,
	ended_at FLOAT,
	CONSTRAINT fk_merges_run_id_workstreams FOREIGN KEY(run_id, ws_id) REFERENCES workstreams (run_id, ws_id)
);
CREATE TABLE owner (
	home_id VARCHAR NOT NULL,
	CONSTRAINT pk_owner PRIMARY KEY (home_id)
);
CREATE TABLE predicted_conflicts (
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	other_run_id VARCHAR NOT NULL,
	other_ws_id VARCHAR NOT NULL,
	other_branch TEXT NOT NULL,
	"commit" VARCHAR NOT NULL,
	other_commit VARCHAR NOT NULL,
	files_json TEXT DEFAULT '[]' NOT NULL,
	places INTEGER DEFAULT '0' NOT NULL,
	checked_at FLOAT NOT NULL,
	CONSTRAINT pk_predicted_conflicts PRIMARY KEY (run_id, ws_id, other_run_id, other_ws_id),
	CONSTRAINT fk_predicted_conflicts_run_id_workstreams FOREIGN KEY(run_id, ws_id) REFERENCES workstreams (run_id, ws_id)
);
CREATE TABLE review_comments (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	text TEXT NOT NULL,
	path TEXT,
	side VARCHAR DEFAULT 'new' NOT NULL,
	line INTEGER,
	last_line INTEGER,
	"commit" VARCHAR,
	quoted TEXT DEFAULT '' NOT NULL,
	state VARCHAR NOT NULL,
	attempt INTEGER,
	created_at FLOAT NOT NULL,
	sent_at FLOAT,
	CONSTRAINT fk_review_comments_run_id_workstreams FOREIGN KEY(run_id, ws_id) REFERENCES workstreams (run_id, ws_id)
);
CREATE TABLE runs (
	run_id VARCHAR NOT NULL,
	title TEXT NOT NULL,
	status VARCHAR NOT NULL,
	repo TEXT,
	created_at FLOAT NOT NULL,
	started_at FLOAT,
	completed_at FLOAT,
	metadata_json TEXT NOT NULL,
	CONSTRAINT pk_runs PRIMARY KEY (run_id)
);
CREATE TABLE settings (
	"key" VARCHAR NOT NULL,
	value_json TEXT NOT NULL,
	CONSTRAINT pk_settings PRIMARY KEY ("key")
);
CREATE TABLE step_attempts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	job_id VARCHAR NOT NULL,
	step_name TEXT NOT NULL,
	number INTEGER NOT NULL,
	tool VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	runner VARCHAR NOT NULL,
	engine_id VARCHAR,
	home_id VARCHAR,
	token VARCHAR NOT NULL,
	started_at FLOAT NOT NULL,
	completed_at FLOAT,
	exit_code INTEGER,
	duration_s FLOAT,
	failure_class VARCHAR,
	summary TEXT NOT NULL,
	cost_usd FLOAT,
	result_json TEXT, rung INTEGER DEFAULT '0' NOT NULL, account VARCHAR, model TEXT, permission VARCHAR, session_id TEXT, follow_up TEXT, input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER, cost_source VARCHAR, resumes INTEGER, new_session VARCHAR,
	CONSTRAINT fk_step_attempts_job_id_jobs FOREIGN KEY(job_id) REFERENCES jobs (job_id),
	CONSTRAINT uq_step_attempts_job_id UNIQUE (job_id, number)
);
CREATE TABLE tree_snapshots (
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	number INTEGER NOT NULL,
	"commit" VARCHAR NOT NULL,
	job_id VARCHAR,
	attempt_id INTEGER,
	created_at FLOAT NOT NULL,
	left_out_json TEXT DEFAULT '[]' NOT NULL,
	CONSTRAINT pk_tree_snapshots PRIMARY KEY (run_id, ws_id, number),
	CONSTRAINT fk_tree_snapshots_run_id_worktrees FOREIGN KEY(run_id, ws_id) REFERENCES worktrees (run_id, ws_id)
);
CREATE TABLE viewed_files (
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	path TEXT NOT NULL,
	blob VARCHAR NOT NULL,
	CONSTRAINT pk_viewed_files PRIMARY KEY (run_id, ws_id, path),
	CONSTRAINT fk_viewed_files_run_id_workstreams FOREIGN KEY(run_id, ws_id) REFERENCES workstreams (run_id, ws_id)
);
CREATE TABLE workstream_files (
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	path TEXT NOT NULL,
	declared BOOLEAN NOT NULL,
	touched BOOLEAN NOT NULL,
	added INTEGER,
	removed INTEGER,
	job_id VARCHAR,
	tool VARCHAR,
	updated_at FLOAT NOT NULL,
	CONSTRAINT pk_workstream_files PRIMARY KEY (run_id, ws_id, path),
	CONSTRAINT fk_workstream_files_run_id_workstreams FOREIGN KEY(run_id, ws_id) REFERENCES workstreams (run_id, ws_id)
);
CREATE TABLE workstreams (
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	title TEXT NOT NULL,
	status VARCHAR NOT NULL,
	position INTEGER NOT NULL,
	repo TEXT,
	created_at FLOAT NOT NULL,
	started_at FLOAT,
	completed_at FLOAT, review VARCHAR DEFAULT 'none' NOT NULL, needs_review BOOLEAN DEFAULT '1' NOT NULL, waits_since FLOAT, reviewed_commit VARCHAR, reviewed_at FLOAT,
	CONSTRAINT pk_workstreams PRIMARY KEY (run_id, ws_id),
	CONSTRAINT fk_workstreams_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (run_id)
);
CREATE TABLE worktrees (
	run_id VARCHAR NOT NULL,
	ws_id VARCHAR NOT NULL,
	repo TEXT NOT NULL,
	path TEXT NOT NULL,
	branch TEXT NOT NULL,
	base TEXT NOT NULL,
	base_commit VARCHAR,
	target TEXT,
	state VARCHAR NOT NULL,
	head VARCHAR,
	port_base INTEGER,
	setup_digest VARCHAR,
	archive_ref TEXT,
	kept_reason TEXT DEFAULT '' NOT NULL,
	size_bytes INTEGER,
	created_at FLOAT NOT NULL,
	removed_at FLOAT,
	CONSTRAINT pk_worktrees PRIMARY KEY (run_id, ws_id),
	CONSTRAINT fk_worktrees_run_id_workstreams FOREIGN KEY(run_id, ws_id) REFERENCES workstreams (run_id, ws_id),
	CONSTRAINT uq_worktrees_path UNIQUE (path)
);
CREATE INDEX ix_runs_created_at ON runs (created_at);
CREATE INDEX ix_workstreams_ws_id ON workstreams (ws_id);
CREATE INDEX ix_jobs_completed_at ON jobs (completed_at);
CREATE INDEX ix_job_dependencies_depends_on ON job_dependencies (depends_on);
CREATE INDEX ix_step_attempts_completed_at ON step_attempts (completed_at);
CREATE TRIGGER step_attempts_ended_is_final BEFORE UPDATE ON step_attempts
        WHEN OLD.status <> 'running'
        BEGIN SELECT RAISE(ABORT, 'an ended attempt never changes'); END;
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'an event is never altered'); END;
CREATE INDEX ix_jobs_queue ON jobs (status, priority DESC, coalesce(queue_position, seq));
CREATE INDEX ix_callbacks_status ON callbacks (status, id);
CREATE INDEX ix_callbacks_job_id ON callbacks (job_id, id);
CREATE INDEX ix_worktrees_state ON worktrees (state);
CREATE INDEX ix_merges_run_id ON merges (run_id, ws_id, id);
CREATE INDEX ix_merges_state ON merges (state, id);
CREATE INDEX ix_predicted_conflicts_other_run_id ON predicted_conflicts (other_run_id, other_ws_id);
CREATE INDEX ix_review_comments_run_id ON review_comments (run_id, ws_id, id);
CREATE INDEX ix_forecasts_run_id ON forecasts (run_id);
CREATE INDEX ix_forecasts_made_at ON forecasts (made_at);
CREATE INDEX ix_jobs_digest ON jobs (substr(digest, 1, 8));
CREATE INDEX ix_jobs_run_id ON jobs (run_id, status, quarantined, ws_id);
CREATE INDEX ix_jobs_source_path ON jobs (source_path) WHERE source_path IS NOT NULL;
CREATE INDEX ix_step_attempts_running ON step_attempts (id) WHERE status = 'running';
CREATE INDEX ix_events_job_id ON events (job_id);
CREATE INDEX ix_events_run_id ON events (run_id) WHERE job_id IS NULL;
