<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
 <context>
  <name>Signalbox</name>
  <message>
   <location filename="../../gui/sheets/new_from_template_sheet.py" />
   <source> (and {number} more)</source>
   <translation> (und {number} weitere)</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <source> It ended at {clock_minute}.</source>
   <translation> Sie endete um {clock_minute}.</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <location filename="../../gui/panels/review/evidence_words.py" />
   <location filename="../../gui/panels/review/merge_lines.py" />
   <location filename="../../gui/panels/review/order_proposal.py" />
   <source> and </source>
   <translation> und </translation>
  </message>
  <message>
   <location filename="../../gui/data/filter_captions.py" />
   <source> or </source>
   <translation> oder </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>"every night 22:00", "every monday 08:00" or "0 22 * * 1-5"</source>
   <translation>„every night 22:00“, „every monday 08:00“ oder „0 22 * * 1-5“</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>&amp;Edit</source>
   <translation>&amp;Bearbeiten</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>&amp;File</source>
   <translation>&amp;Datei</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>&amp;Help</source>
   <translation>&amp;Hilfe</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>&amp;Jobs</source>
   <translation>&amp;Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>&amp;Review</source>
   <translation>&amp;Review</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>&amp;View</source>
   <translation>&amp;Ansicht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>, then </source>
   <translation>, dann </translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>1 still runs</source>
   <translation>1 läuft noch</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>1 to 64; the arrow keys count up and down</source>
   <translation>1 bis 64; die Pfeiltasten zählen auf und ab</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>1. Your coding tools</source>
   <translation>1. Coding-Tools</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>1st</source>
   <translation>als 1.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>2. A repository</source>
   <translation>2. Ein Repository</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>2nd</source>
   <translation>als 2.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>3. A first job</source>
   <translation>3. Ein erster Job</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>3rd</source>
   <translation>als 3.</translation>
  </message>
  <message>
   <location filename="../../gui/__main__.py" />
   <source>A Signalbox window is open on {folder} but does not answer. Close it, or end its process.</source>
   <translation>Ein Signalbox-Fenster ist auf {folder} offen, antwortet aber nicht. Bitte schließen oder den Prozess beenden.</translation>
  </message>
  <message>
   <location filename="../../gui/control/shutdown.py" />
   <source>A background engine takes over; then this window closes.</source>
   <translation>Eine Engine im Hintergrund übernimmt; dann schließt sich dieses Fenster.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>A backup is also made each day. Nothing here disturbs running jobs, except where it says so.</source>
   <translation>Jeden Tag wird auch so eine Sicherung angelegt. Nichts hier stört laufende Jobs, außer wo es dabeisteht.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>A command run at the end of each job; {job_id} {status} {title} {run_id} {tool} are filled in.</source>
   <translation>Ein Befehl, der am Ende jedes Jobs läuft; {job_id} {status} {title} {run_id} {tool} werden eingesetzt.</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>A control room for AI-coding jobs: a queue that loses nothing and a window that never lies.</source>
   <translation>Ein Leitstand für Jobs von KI-Coding-Tools: eine Warteschlange, die nichts verliert, und ein Fenster, das nie lügt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_head.py" />
   <source>A file outside the scope is not viewed.</source>
   <translation>Eine Datei außerhalb des Rahmens ist nicht angesehen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>A further attempt</source>
   <translation>Ein weiterer Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>A git repository. A coding tool works in a worktree of its own.</source>
   <translation>Ein Git-Repository. Ein Coding-Tool arbeitet in einem eigenen Worktree.</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>A higher one starts first. Within the same priority the queue stays as it is.</source>
   <translation>Eine höhere startet zuerst. Innerhalb derselben Priorität bleibt die Warteschlange, wie sie ist.</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>A job that is cancelled starts again only when you retry it.</source>
   <translation>Ein abgebrochener Job startet erst nach „Neu versuchen“ wieder.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>A job with the permission full waits until you trust it.</source>
   <translation>Ein Job mit der Berechtigung full wartet, bis ihm vertraut wird.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: a command of the job's own is run as it is.</source>
   <translation>Eine neue Sitzung: Ein eigener Befehl des Jobs läuft, wie er ist.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: a new one was requested.</source>
   <translation>Eine neue Sitzung: So wurde es verlangt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: no attempt before left one.</source>
   <translation>Eine neue Sitzung: Kein früherer Versuch hat eine hinterlassen.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: the job or the defaults of {tool} say `session: fresh`.</source>
   <translation>Eine neue Sitzung: Der Job oder die Vorgaben von {tool} verlangen `session: fresh`.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: the one before belongs to another account.</source>
   <translation>Eine neue Sitzung: Die vorige gehört zu einem anderen Konto.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: the one before belongs to another tool.</source>
   <translation>Eine neue Sitzung: Die vorige gehört zu einem anderen Tool.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: the one before is lost or damaged.</source>
   <translation>Eine neue Sitzung: Die vorige ist verloren oder beschädigt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: the one before no longer fits into the model's context.</source>
   <translation>Eine neue Sitzung: Die vorige passt nicht mehr in den Kontext des Modells.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: the one before was in another folder.</source>
   <translation>Eine neue Sitzung: Die vorige war in einem anderen Ordner.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: {reason}.</source>
   <translation>Eine neue Sitzung: {reason}.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: {tool} cannot resume one.</source>
   <translation>Eine neue Sitzung: {tool} kann keine fortsetzen.</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>A new session: {tool} did not take the one before.</source>
   <translation>Eine neue Sitzung: {tool} hat die vorige nicht angenommen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>A part of the window failed: {sentence}</source>
   <translation>Ein Teil des Fensters ist fehlgeschlagen: {sentence}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>A person reviews it.</source>
   <translation>Ein Mensch prüft sie.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>A prompt was not kept, so the prompts cannot be compared.</source>
   <translation>Ein Prompt wurde nicht aufbewahrt, daher lassen sich die Prompts nicht vergleichen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>A recurring run is due later</source>
   <translation>Ein wiederkehrender Lauf ist später fällig</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>A running job is stopped with all processes it started. Retry queues it again.</source>
   <translation>Ein laufender Job wird mit allen Prozessen gestoppt, die er gestartet hat. Neu versuchen reiht ihn wieder ein.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>A space separates labels; join the words of one with a hyphen: depot-team.</source>
   <translation>Ein Leerzeichen trennt Labels; Wörter eines Labels mit Bindestrich verbinden: depot-team.</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>About Signalbox</source>
   <translation>Über Signalbox</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Accept as is</source>
   <translation>So annehmen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>Accepted as it is.</source>
   <translation>Unverändert angenommen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Account</source>
   <translation>Konto</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Account {key}</source>
   <translation>Konto {key}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Accounts</source>
   <translation>Konten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Accounts: a quotation mark of {name} is not closed; close it.</source>
   <translation>Konten: Ein Anführungszeichen von {name} ist nicht geschlossen; bitte schließen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Accounts: {line!r} has no colon; write NAME: FOLDER, or NAME: VARIABLE=env:NAME.</source>
   <translation>Konten: {line!r} hat keinen Doppelpunkt; richtig ist NAME: ORDNER oder NAME: VARIABLE=env:NAME.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Accounts: {name} is there twice; give each account a name of its own.</source>
   <translation>Konten: {name} steht zweimal da; jedes Konto braucht einen eigenen Namen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Accounts: {name} needs one folder, variables such as KEY=env:KEY, or both.</source>
   <translation>Konten: {name} braucht einen Ordner, Variablen wie KEY=env:KEY oder beides.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Add</source>
   <translation>Hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Add a folder of jobs</source>
   <translation>Einen Ordner mit Jobs hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>Add a label</source>
   <translation>Label hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>Add a label, as in: flaky, ask-anna</source>
   <translation>Label hinzufügen, etwa: flaky, anna-fragen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Add another comment</source>
   <translation>Weiteren Kommentar hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Add comment</source>
   <translation>Kommentar hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Add filter</source>
   <translation>Filter hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/window/header.py" />
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Add jobs</source>
   <translation>Jobs hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Add jobs…</source>
   <translation>Jobs hinzufügen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/note_part.py" />
   <source>Add note</source>
   <translation>Notiz hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Add step</source>
   <translation>Schritt hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <source>Add to queue</source>
   <translation>In die Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Add to {run}</source>
   <translation>Zu {run} hinzufügen</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/decisions.py" />
   <source>Add {n} comments and approve</source>
   <translation>
    <numerusform>Kommentar hinzufügen und genehmigen</numerusform>
    <numerusform>{n} Kommentare hinzufügen und genehmigen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Add {n} jobs</source>
   <translation>
    <numerusform>{n} Job hinzufügen</numerusform>
    <numerusform>{n} Jobs hinzufügen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Added, {size}.</source>
   <translation>Hinzugefügt, {size}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Adding…</source>
   <translation>Wird hinzugefügt…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Add…</source>
   <translation>Hinzufügen…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>After</source>
   <translation>Nach</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/job_field.py" />
   <source>Age</source>
   <translation>Alter</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Alarm</source>
   <translation>Alarm</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>All attempts</source>
   <translation>Alle Versuche</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>All ended</source>
   <translation>Alles beendet</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>All jobs</source>
   <translation>Alle Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/window/notifications.py" />
   <source>All jobs have ended</source>
   <translation>Alle Jobs sind beendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>All lines are listed, and the text is highlighted; on: only lines with it are listed</source>
   <translation>Alle Zeilen sind aufgeführt, der Text ist hervorgehoben; ein: nur Zeilen mit ihm</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/state_menu.py" />
   <source>All states</source>
   <translation>Alle Zustände</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>All stored output and every event was searched.</source>
   <translation>Alle gespeicherten Ausgaben und Ereignisse wurden durchsucht.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>All stored output was searched, of very long lines the first {number:,} characters.</source>
   <translation>Alle gespeicherten Ausgaben wurden durchsucht, von sehr langen Zeilen die ersten {number:,} Zeichen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <source>All streams</source>
   <translation>Alle Kanäle</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/run_selector.py" />
   <source>All {n} runs, {workstreams}</source>
   <translation>
    <numerusform>{n} Lauf, {workstreams}</numerusform>
    <numerusform>Alle {n} Läufe, {workstreams}</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Already here</source>
   <translation>Schon da</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>Also waiting for you: {waiting}.</source>
   <translation>Ebenfalls offen: {waiting}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>An empty file was added.</source>
   <translation>Eine leere Datei wurde hinzugefügt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>An empty file was deleted.</source>
   <translation>Eine leere Datei wurde gelöscht.</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>An engine has worked in the background since {since}, nothing runs; this window takes over.</source>
   <translation>Im Hintergrund arbeitet seit {since} eine Engine, nichts läuft; dieses Fenster übernimmt.</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/problem_banners.py" />
   <source>An engine has worked in the background since {since}, {n} jobs run; this window takes over.</source>
   <translation>
    <numerusform>Im Hintergrund arbeitet seit {since} eine Engine, {n} Job läuft; dieses Fenster übernimmt.</numerusform>
    <numerusform>Im Hintergrund arbeitet seit {since} eine Engine, {n} Jobs laufen; dieses Fenster übernimmt.</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>An engine worked in the background since {since}; this window has taken over.</source>
   <translation>Seit {since} arbeitete eine Engine im Hintergrund; dieses Fenster hat übernommen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>An export holds all records and output. An imported run is history; none of its jobs starts.</source>
   <translation>Ein Export enthält alle Einträge und Ausgaben. Ein importierter Lauf ist Geschichte; keiner seiner Jobs startet.</translation>
  </message>
  <message>
   <location filename="../../gui/window/maintenance_actions.py" />
   <source>Another engine is running here (process {processes}). End it first: a backup is restored only where nothing else writes.</source>
   <translation>Hier läuft noch eine Engine (Prozess {processes}). Bitte zuerst beenden: Eine Sicherung wird nur dort wiederhergestellt, wo sonst nichts schreibt.</translation>
  </message>
  <message>
   <location filename="../../engine/host/merge_run.py" />
   <source>Another engine merges into the same branch at this moment. It is tried again.</source>
   <translation>Eine andere Engine führt gerade in denselben Branch zusammen. Es wird erneut versucht.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/action_bar.py" />
   <source>Approve</source>
   <translation>Genehmigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/review/action_bar.py" />
   <source>Approve and merge</source>
   <translation>Genehmigen und mergen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Approve it in its review to merge it</source>
   <translation>Zum Mergen in seinem Review genehmigen</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/decisions.py" />
   <source>Approve without them</source>
   <translation>
    <numerusform>Ohne ihn genehmigen</numerusform>
    <numerusform>Ohne sie genehmigen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <source>Approve {title}?</source>
   <translation>{title} genehmigen?</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Arguments</source>
   <translation>Argumente</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>As the files say</source>
   <translation>Wie in den Dateien</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>At its end</source>
   <translation>Am Ende</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>At most</source>
   <translation>Höchstens</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>At most, {named}</source>
   <translation>Höchstens, {named}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/job_field.py" />
   <source>Attempt</source>
   <translation>Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>Attempt {number} of {most}</source>
   <translation>Versuch {number} von {most}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Attempt {number} of {most} starts at {at} after: {reason}.</source>
   <translation>Versuch {number} von {most} startet um {at} nach: {reason}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Attempt {number} of {most} starts at {at}.</source>
   <translation>Versuch {number} von {most} startet um {at}.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Attempt {number} printed no more.</source>
   <translation>Versuch {number} hat nichts mehr ausgegeben.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>Attempt {number}, {tool}</source>
   <translation>Versuch {number}, {tool}</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Attempt {number}:</source>
   <translation>Versuch {number}:</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempts_view.py" />
   <location filename="../../gui/panels/details/details_panel.py" />
   <source>Attempts</source>
   <translation>Versuche</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Attempts appear here when the first job starts.</source>
   <translation>Versuche erscheinen hier, sobald der erste Job startet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempts_timeline.py" />
   <source>Attempts on a time axis</source>
   <translation>Versuche auf einer Zeitachse</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_figures.py" />
   <source>Back to the live lines</source>
   <translation>Zurück zu den Live-Zeilen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Back up now</source>
   <translation>Jetzt sichern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Backup</source>
   <translation>Sicherung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Backups</source>
   <translation>Sicherungen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Backups and history</source>
   <translation>Sicherungen und Verlauf</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>Base</source>
   <translation>Basis</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>Before</source>
   <translation>Davor</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/follow_up_sheet.py" />
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Begin a new session</source>
   <translation>Neue Sitzung beginnen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Binary file; it has no lines to show.</source>
   <translation>Binärdatei; sie hat keine Zeilen.</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>Blocked</source>
   <translation>Blockiert</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Blocked by {name}, which failed; retry or skip that one.</source>
   <translation>Blockiert durch {name}, fehlgeschlagen; neu versuchen oder überspringen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Blocked by {name}, which timed out; retry or skip that one.</source>
   <translation>Blockiert durch {name}, Zeit überschritten; neu versuchen oder überspringen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Blocked by {name}, which was cancelled; retry or skip that one.</source>
   <translation>Blockiert durch {name}, abgebrochen; neu versuchen oder überspringen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/painted_board.py" />
   <source>Board of workstreams</source>
   <translation>Board der Arbeitsstränge</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Both ended with the same files.</source>
   <translation>Beide endeten mit denselben Dateien.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Both had the same prompt.</source>
   <translation>Beide hatten denselben Prompt.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Both printed the same first {number:,} lines.</source>
   <translation>Die ersten {number:,} Zeilen beider Ausgaben sind gleich.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Both printed the same.</source>
   <translation>Beide Ausgaben sind gleich.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <source>Branch</source>
   <translation>Branch</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Budget of a day, US dollars</source>
   <translation>Budget eines Tages, US-Dollar</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Budget of a job, US dollars</source>
   <translation>Budget eines Jobs, US-Dollar</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Budget of a run, US dollars</source>
   <translation>Budget eines Laufs, US-Dollar</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Budgets: day, run, job</source>
   <translation>Budgets: Tag, Lauf, Job</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/chart_plots.py" />
   <source>By {at}: {amount}</source>
   <translation>Bis {at}: {amount}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Bytes that are not UTF-8 are shown as replacement characters.</source>
   <translation>Bytes, die kein UTF-8 sind, erscheinen als Ersatzzeichen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <location filename="../../gui/panels/review/decisions.py" />
   <location filename="../../gui/panels/review/thread_card.py" />
   <location filename="../../gui/panels/review/words_field.py" />
   <location filename="../../gui/sheets/alarm_form.py" />
   <location filename="../../gui/sheets/edit_job_sheet.py" />
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/jobs_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Cancel</source>
   <translation>Abbrechen</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Cancel it</source>
   <translation>Job abbrechen</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/closing_question.py" />
   <source>Cancel the {n} running jobs</source>
   <translation>
    <numerusform>Den laufenden Job abbrechen</numerusform>
    <numerusform>Die {n} laufenden Jobs abbrechen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Cancel them</source>
   <translation>Jobs abbrechen</translation>
  </message>
  <message>
   <location filename="../../gui/control/shutdown.py" />
   <source>Cancel them now</source>
   <translation>Jetzt abbrechen</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Cancel {jobs}?</source>
   <translation>{jobs} abbrechen?</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>Cancelled</source>
   <translation>Abgebrochen</translation>
  </message>
  <message>
   <location filename="../../engine/orchestrator/attempts.py" />
   <source>Cancelled before it started.</source>
   <translation>Vor dem Start abgebrochen.</translation>
  </message>
  <message>
   <location filename="../../engine/adapters/findings.py" />
   <source>Cancelled.</source>
   <translation>Abgebrochen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/shutdown.py" />
   <source>Cancelling the running jobs. The window closes when their processes have ended.</source>
   <translation>Die laufenden Jobs werden abgebrochen. Das Fenster schließt sich, sobald ihre Prozesse beendet sind.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Cancel…</source>
   <translation>Abbrechen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>Change</source>
   <translation>Änderung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Change it  (Return)</source>
   <translation>Ändern  (Eingabe)</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Change priority…</source>
   <translation>Priorität ändern…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Change the name in the list  (F2)</source>
   <translation>Den Namen in der Liste ändern  (F2)</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Change the priority of {jobs}</source>
   <translation>Priorität von {jobs} ändern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Changed</source>
   <translation>Geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_view.py" />
   <source>Changed files and comments</source>
   <translation>Geänderte Dateien und Kommentare</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/diff_view.py" />
   <location filename="../../gui/panels/review/diff_area.py" />
   <source>Changed lines</source>
   <translation>Geänderte Zeilen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Changes</source>
   <translation>Änderungen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Changes apply from the next job on; running jobs are not disturbed.</source>
   <translation>Änderungen gelten ab dem nächsten Job; laufende Jobs werden nicht gestört.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Changes apply from the next start on; running jobs are not disturbed.</source>
   <translation>Änderungen gelten ab dem nächsten Start; laufende Jobs werden nicht gestört.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Check</source>
   <translation>Prüfung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <source>Check of {key}</source>
   <translation>Prüfung von {key}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>Checking</source>
   <translation>Wird geprüft</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>Checking the merge</source>
   <translation>Merge wird geprüft</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>Choose a folder, or drop one here.</source>
   <translation>Einen Ordner wählen oder hier ablegen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/column_chooser.py" />
   <source>Choose the columns</source>
   <translation>Spalten wählen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Choose the folder</source>
   <translation>Ordner wählen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job.py" />
   <location filename="../../gui/sheets/template_draft.py" />
   <source>Choose the folder the job works in.</source>
   <translation>Den Ordner wählen, in dem der Job arbeitet.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_pipeline.py" />
   <source>Choose the folder the jobs work in.</source>
   <translation>Den Ordner wählen, in dem die Jobs arbeiten.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>Choose two different attempts.</source>
   <translation>Zwei verschiedene Versuche wählen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/sheets/template_fields.py" />
   <source>Choose {accessibleName}</source>
   <translation>{accessibleName} wählen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/sheets/settings_sheet.py" />
   <location filename="../../gui/sheets/template_fields.py" />
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Choose…</source>
   <translation>Wählen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_panel.py" />
   <location filename="../../gui/panels/dashboard/dashboard_panel.py" />
   <location filename="../../gui/panels/dashboard/needs_section.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <location filename="../../gui/panels/logs/log_empty.py" />
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <location filename="../../gui/panels/review/review_panel.py" />
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <location filename="../../gui/widgets/bulk_bar.py" />
   <location filename="../../gui/window/filter_chips.py" />
   <source>Clear</source>
   <translation>Aufheben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>Clear filters</source>
   <translation>Filter aufheben</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/lens.py" />
   <source>Clear the field</source>
   <translation>Feld leeren</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/lens.py" />
   <source>Clear the field  (Esc)</source>
   <translation>Feld leeren  (Esc)</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/dashboard/needs_section.py" />
   <location filename="../../gui/window/filter_chips.py" />
   <source>Clear the filter</source>
   <translation>Den Filter aufheben</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <location filename="../../gui/sheets/help_sheet.py" />
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <location filename="../../gui/sheets/shortcut_sheet.py" />
   <location filename="../../gui/sheets/support_sheet.py" />
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Close</source>
   <translation>Schließen</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/sheet.py" />
   <source>Close (Esc)</source>
   <translation>Schließen (Esc)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_strip.py" />
   <source>Close the merge queue</source>
   <translation>Merge-Warteschlange schließen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/away_card.py" />
   <source>Close the summary</source>
   <translation>Die Zusammenfassung schließen</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>Close what is on top, then the filter</source>
   <translation>Das Oberste schließen, dann den Filter aufheben</translation>
  </message>
  <message>
   <location filename="../../gui/window/dock.py" />
   <source>Close {title}</source>
   <translation>{title} schließen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Closed runs older than this are pruned each day; 0 keeps them forever.</source>
   <translation>Beendete Läufe, die älter sind, werden täglich entfernt; 0 behält sie für immer.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tools_page.py" />
   <source>Coding tool</source>
   <translation>Coding-Tool</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Coding tools</source>
   <translation>Coding-Tools</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>Collecting…</source>
   <translation>Wird gesammelt…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/column_header.py" />
   <location filename="../../gui/panels/jobs/column_chooser.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>Columns</source>
   <translation>Spalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_head.py" />
   <source>Columns of the jobs; left and right choose one, Enter sorts by it</source>
   <translation>Spalten der Jobs; links und rechts wählen eine, Enter sortiert danach</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_view.py" />
   <source>Columns of the runs; left and right choose one, Enter sorts by it</source>
   <translation>Spalten der Läufe; links und rechts wählen eine, Enter sortiert danach</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/inspector.py" />
   <source>Comes next</source>
   <translation>Danach</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Command</source>
   <translation>Befehl</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Command line of what you did: show or hide</source>
   <translation>Befehlszeile der letzten Aktion ein- oder ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Command when a job ends</source>
   <translation>Befehl am Ende eines Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_menu.py" />
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>Commands denied</source>
   <translation>Verweigerte Befehle</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <source>Comment on all of it</source>
   <translation>Kommentar zum Ganzen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>Comment on all of it…</source>
   <translation>Kommentar zum Ganzen…</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Comment on the line</source>
   <translation>Zeile kommentieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Comment on {lines}</source>
   <translation>Kommentar zu {lines}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>Comments</source>
   <translation>Kommentare</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Comments on {lines}, {note}</source>
   <translation>Kommentare zu {lines}, {note}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_model.py" />
   <source>Compare</source>
   <translation>Vergleichen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Compare attempts…</source>
   <translation>Versuche vergleichen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/details_panel.py" />
   <source>Compare this attempt with the one before it</source>
   <translation>Diesen Versuch mit dem vorigen vergleichen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>Compare two attempts</source>
   <translation>Zwei Versuche vergleichen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Compared</source>
   <translation>Verglichen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/details_panel.py" />
   <source>Compare…</source>
   <translation>Vergleichen…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>Comparing…</source>
   <translation>Vergleicht …</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>Completed</source>
   <translation>Abgeschlossen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/inspector.py" />
   <location filename="../../gui/panels/review/merge_lines.py" />
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Conflict</source>
   <translation>Konflikt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/returned_work.py" />
   <source>Conflict with {name} in {files}; approving tries again</source>
   <translation>Konflikt mit {name} in {files}; Genehmigen versucht es erneut</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/returned_work.py" />
   <source>Conflict with {name}; approving tries again</source>
   <translation>Konflikt mit {name}; Genehmigen versucht es erneut</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/conflict_list.py" />
   <source>Conflicts</source>
   <translation>Konflikte</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>Content of the selected file</source>
   <translation>Inhalt der gewählten Datei</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>Continue in the background</source>
   <translation>Im Hintergrund fortsetzen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Copy  (Ctrl+C)</source>
   <translation>Kopieren  (Strg+C)</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Copy command line</source>
   <translation>Befehlszeile kopieren</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Copy job id</source>
   <translation>Job-ID kopieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Copy text only</source>
   <translation>Nur den Text kopieren</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_strip.py" />
   <source>Copy this command line</source>
   <translation>Diese Befehlszeile kopieren</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <source>Cost</source>
   <translation>Kosten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>Cost in 12 h</source>
   <translation>Kosten in 12 h</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>Cost in 12 hours: {spent}</source>
   <translation>Kosten in 12 Stunden: {spent}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>Cost in 12 hours: {spent} of {budget}</source>
   <translation>Kosten in 12 Stunden: {spent} von {budget}</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>Cost {cost}</source>
   <translation>Kosten {cost}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Ctrl Enter</source>
   <translation>Strg Eingabe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/words_field.py" />
   <source>Ctrl+Enter</source>
   <translation>Strg+Eingabe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Dark</source>
   <translation>Dunkel</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/dashboard/dashboard_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Dashboard</source>
   <translation>Dashboard</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/named_night.py" />
   <source>Dashed marks show when recurring runs are due next, as far as no one changes or pauses them.</source>
   <translation>Gestrichelte Marken zeigen, wann wiederkehrende Läufe als Nächstes fällig sind, solange niemand sie ändert oder pausiert.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Data folder</source>
   <translation>Datenordner</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>Database unknown</source>
   <translation>Datenbank unbekannt</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/status_bar.py" />
   <source>Database {size}, {n} events</source>
   <translation>
    <numerusform>Datenbank {size}, {n} Ereignis</numerusform>
    <numerusform>Datenbank {size}, {n} Ereignisse</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Day</source>
   <translation>Tag</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Days to keep</source>
   <translation>Tage, die bleiben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Decide</source>
   <translation>Entscheiden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>Declared, not changed yet</source>
   <translation>Angekündigt, noch nicht geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_menu.py" />
   <source>Declared: {pattern}</source>
   <translation>Angekündigt: {pattern}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Default: edit files</source>
   <translation>Standard: Dateien bearbeiten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Default: go on in the session</source>
   <translation>Standard: in der Sitzung weitermachen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Default: wait for it</source>
   <translation>Standard: darauf warten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <source>Delete</source>
   <translation>Löschen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>Deleted {name}.</source>
   <translation>{name} wurde gelöscht.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Deleted, {size}.</source>
   <translation>Gelöscht, {size}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job.py" />
   <location filename="../../gui/sheets/new_pipeline.py" />
   <source>Describe the task.</source>
   <translation>Die Aufgabe beschreiben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_block.py" />
   <source>Deselect the attempt (Esc)</source>
   <translation>Versuch abwählen (Esc)</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <location filename="../../gui/widgets/confirm_sheet.py" />
   <source>Details</source>
   <translation>Details</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_block.py" />
   <source>Diff</source>
   <translation>Diff</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>Difference between the results</source>
   <translation>Unterschied der Ergebnisse</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Discard</source>
   <translation>Verwerfen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Discard the work…</source>
   <translation>Arbeit verwerfen…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Discard what you typed?</source>
   <translation>Eingaben verwerfen?</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <source>Discard {title}?</source>
   <translation>{title} verwerfen?</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>Discarded</source>
   <translation>Verworfen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/action_bar.py" />
   <source>Discard…</source>
   <translation>Verwerfen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <location filename="../../gui/widgets/banner.py" />
   <source>Dismiss</source>
   <translation>Ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Dismiss the files refused from the inbox</source>
   <translation>Aus der Inbox abgelehnte Dateien ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Dismiss the recurring runs that were missed</source>
   <translation>Verpasste wiederkehrende Läufe ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Distinguish upper and lower case</source>
   <translation>Groß- und Kleinschreibung unterscheiden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Do not group</source>
   <translation>Nicht gruppieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/board/painted_board.py" />
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <location filename="../../gui/sheets/limits_sheet.py" />
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Done</source>
   <translation>Fertig</translation>
  </message>
  <message>
   <location filename="../../gui/window/dock.py" />
   <source>Double-click: this panel alone in the window, and back  (F11)</source>
   <translation>Doppelklick: dieser Bereich allein im Fenster, und zurück  (F11)</translation>
  </message>
  <message>
   <location filename="../../gui/window/details_inspector.py" />
   <source>Drag, or Left and Right, to make the details wider or narrower</source>
   <translation>Ziehen, oder Links und Rechts, macht die Details breiter oder schmaler</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Drain: let what runs end</source>
   <translation>Leerlaufen lassen: Laufendes beenden lassen</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Draining since {since}{reason}: {going}, nothing new starts until it is resumed.</source>
   <translation>Läuft leer seit {since}{reason}: {going}, Neues startet erst nach dem Fortsetzen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>Draining{reason}; resume to start it.</source>
   <translation>Läuft leer{reason}; zum Starten fortsetzen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/dashboard_panel.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Drop job files on this window, or press Add jobs.</source>
   <translation>Job-Dateien auf dieses Fenster ziehen oder „Jobs hinzufügen“ drücken.</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/drop_target.py" />
   <source>Drop to look at {n} files</source>
   <translation>
    <numerusform>Ablegen, um {n} Datei anzusehen</numerusform>
    <numerusform>Ablegen, um {n} Dateien anzusehen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Dropped files</source>
   <translation>Abgelegte Dateien</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_draft.py" />
   <source>Due at {times} and so on.</source>
   <translation>Fällig am {times} und so weiter.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_draft.py" />
   <source>Due at {times} in {zone} and so on; the first is {here} here.</source>
   <translation>Fällig um {times} in {zone} und so weiter; das erste Mal ist hier {here}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>Due next</source>
   <translation>Als Nächstes</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_trust_note.py" />
   <source>Due times meanwhile are skipped.</source>
   <translation>Termine bis dahin werden übersprungen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_trust_note.py" />
   <source>Due times meanwhile wait behind it.</source>
   <translation>Termine bis dahin warten dahinter.</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>E&amp;ngine</source>
   <translation>&amp;Engine</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Each is a file of the folder filters in the home, so it can be shared.</source>
   <translation>Jeder ist eine Datei im Ordner filters des Home-Verzeichnisses und kann so weitergegeben werden.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Each is queued at its due times like a dropped file, while an engine runs on this home. What needs trust waits for it then; Run now shows beforehand whether it does.</source>
   <translation>Jeder kommt zu seinen Zeiten in die Warteschlange wie eine abgelegte Datei, solange eine Engine mit diesem Ordner läuft. Was Vertrauen braucht, wartet dann darauf; „Jetzt ausführen“ zeigt vorher, ob das so ist.</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Each job begins a new session. It hears the task and all your words.</source>
   <translation>Jeder Job beginnt eine neue Sitzung. Sie bekommt die Aufgabe und alle Nachträge.</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Each job goes on in its own session, where its tool can.</source>
   <translation>Jeder Job macht in seiner eigenen Sitzung weiter, wenn sein Tool das kann.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Each workstream of a run becomes a card.</source>
   <translation>Jeder Arbeitsstrang eines Laufs wird zu einer Karte.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Edit</source>
   <translation>Bearbeiten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Edit files</source>
   <translation>Dateien bearbeiten</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Edit job…</source>
   <translation>Job bearbeiten…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/note_part.py" />
   <source>Edit note</source>
   <translation>Notiz bearbeiten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/edit_job_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Edit {name}</source>
   <translation>{name} bearbeiten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>Editing</source>
   <translation>Bearbeitung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Editor</source>
   <translation>Editor</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <source>Edits</source>
   <translation>Edits</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <source>Elapsed</source>
   <translation>Dauer</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Ended more than</source>
   <translation>Beendet vor mehr als</translation>
  </message>
  <message>
   <location filename="../../engine/adapters/agent.py" />
   <source>Ended well; the job only reads, so git did not look for changes.</source>
   <translation>Gut beendet; der Job liest nur, darum hat Git nicht nach Änderungen gesucht.</translation>
  </message>
  <message>
   <location filename="../../engine/adapters/agent.py" />
   <source>Ended well; what it changed is not known.</source>
   <translation>Gut beendet; was er geändert hat, ist nicht bekannt.</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <source>Engine idle</source>
   <translation>Engine bereit</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <source>Engine running</source>
   <translation>Engine läuft</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>Engine stepped {age:.1f} s ago</source>
   <translation>Engine-Takt vor {age:.1f} s</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <location filename="../../gui/window/status_bar.py" />
   <source>Engine stopped</source>
   <translation>Engine angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <source>Engine stopping</source>
   <translation>Engine hält an</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_pipeline.py" />
   <source>Enter a title: the run is shown by it.</source>
   <translation>Einen Titel eingeben: Unter ihm erscheint der Lauf.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job.py" />
   <location filename="../../gui/sheets/new_pipeline.py" />
   <source>Enter the command line.</source>
   <translation>Die Befehlszeile eingeben.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job.py" />
   <location filename="../../gui/sheets/new_pipeline.py" />
   <location filename="../../gui/sheets/template_draft.py" />
   <source>Enter the whole path, starting with / or ~.</source>
   <translation>Den ganzen Pfad eingeben, beginnend mit / oder ~.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Environment</source>
   <translation>Umgebung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Events</source>
   <translation>Ereignisse</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Events of the job</source>
   <translation>Ereignisse des Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/error_steps.py" />
   <source>Every error of all stored output is listed: more lines are stored than fit.</source>
   <translation>Alle Fehler aller gespeicherten Ausgaben sind aufgelistet: Es sind mehr Zeilen gespeichert, als hineinpassen.</translation>
  </message>
  <message>
   <location filename="../../gui/window/dock_area.py" />
   <source>Every panel is closed.</source>
   <translation>Alle Bereiche sind geschlossen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>Every word must occur; label:flaky finds a label  (Ctrl+F)</source>
   <translation>Jedes Wort muss vorkommen; label:flaky findet ein Label  (Strg+F)</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>Everywhere</source>
   <translation>Überall</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_strip.py" />
   <source>Evidence: {facts}</source>
   <translation>Belege: {facts}</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>Exit</source>
   <translation>Exit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/job_field.py" />
   <source>Exit code</source>
   <translation>Exit-Code</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>Export a filter set</source>
   <translation>Einen Filtersatz exportieren</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Export run…</source>
   <translation>Lauf exportieren…</translation>
  </message>
  <message>
   <location filename="../../gui/window/maintenance_actions.py" />
   <source>Export the run into this folder</source>
   <translation>Den Lauf in diesen Ordner exportieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>Exported {name} to {path}.</source>
   <translation>{name} wurde nach {path} exportiert.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Export…</source>
   <translation>Exportieren…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Fail</source>
   <translation>Fehlschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Failed</source>
   <translation>Fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_file_delegate.py" />
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>File</source>
   <translation>Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>File {number} of {count}</source>
   <translation>Datei {number} von {count}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/panels/review/side_rows.py" />
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>Files</source>
   <translation>Dateien</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Files appear here when a job declares or changes them.</source>
   <translation>Dateien erscheinen hier, sobald ein Job sie ankündigt oder ändert.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>Files of the bundle</source>
   <translation>Dateien des Pakets</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>File…</source>
   <translation>Datei…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/facets_view.py" />
   <source>Filter by level, workstream and tool</source>
   <translation>Nach Stufe, Arbeitsstrang und Tool filtern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/logs_panel.py" />
   <source>Filter by level, workstream or tool</source>
   <translation>Nach Stufe, Arbeitsstrang oder Tool filtern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/shortcut_sheet.py" />
   <source>Filter by name or key</source>
   <translation>Nach Name oder Taste filtern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <source>Filter cards</source>
   <translation>Karten filtern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>Filter jobs</source>
   <translation>Jobs filtern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Filter lines</source>
   <translation>Filtern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Filter lines by text</source>
   <translation>Zeilen nach Text filtern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/title_tools.py" />
   <source>Filter reviews</source>
   <translation>Reviews filtern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Filter sets</source>
   <translation>Filtersätze</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Filter sets and alarms…</source>
   <translation>Filtersätze und Alarme…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Filter the Logs first to save a filter</source>
   <translation>Filtere zuerst die Logs, um einen Filter zu speichern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/shortcut_sheet.py" />
   <source>Filter the shortcuts</source>
   <translation>Tastenkürzel filtern</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/window/command_palette.py" />
   <location filename="../../gui/window/palette_field.py" />
   <source>Find a job, file or command</source>
   <translation>Job, Datei oder Befehl suchen</translation>
  </message>
  <message>
   <location filename="../../gui/window/palette_field.py" />
   <source>Find a job, file or command  ({keys})</source>
   <translation>Job, Datei oder Befehl suchen  ({keys})</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Find in lines</source>
   <translation>In Zeilen suchen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Find in the panel</source>
   <translation>Im Bereich suchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Find text in lines</source>
   <translation>Text in Zeilen suchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Finished work cannot be moved to {column}</source>
   <translation>Fertige Arbeit lässt sich nicht nach „{column}“ verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_view.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Finished work comes here with its diff and its evidence.</source>
   <translation>Fertige Arbeit kommt hierher, mit Diff und Belegen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <source>First look at {name}</source>
   <translation>Zuerst {name} ansehen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>First-time success</source>
   <translation>Erfolg auf Anhieb</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>First-time success, last {days} days: {rates}</source>
   <translation>Erfolg auf Anhieb, letzte {days} Tage: {rates}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Fix a failing test</source>
   <translation>Fehlschlagenden Test beheben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Fold events into one row</source>
   <translation>Ereignisse in einer Zeile zusammenfassen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Fold the comments on {lines}</source>
   <translation>Kommentare zu {lines} zuklappen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_head.py" />
   <source>Fold the file</source>
   <translation>Datei einklappen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>Folder…</source>
   <translation>Ordner…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Follow</source>
   <translation>Folgen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Follow the end</source>
   <translation>Dem Ende folgen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Follow the end  (End)</source>
   <translation>Dem Ende folgen  (Ende)</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <location filename="../../gui/translation.py" />
   <source>Follow the system</source>
   <translation>Wie das System</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>Follow-up</source>
   <translation>Nachtrag</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Following</source>
   <translation>Folgt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Following now</source>
   <translation>Folgt dem Jetzt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <location filename="../../gui/panels/review/words_field.py" />
   <source>For the next prompt</source>
   <translation>Für den nächsten Prompt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Form</source>
   <translation>Darstellung</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_palette.py" />
   <source>Found</source>
   <translation>Gefunden</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>From</source>
   <translation>Aus</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>From now on this command starts without your review, whatever anybody changes in the repository. Only for a repository of your own.</source>
   <translation>Ab jetzt startet dieser Befehl ohne Prüfung, was auch immer jemand im Repository ändert. Nur für ein eigenes Repository.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>From the next start on</source>
   <translation>Ab dem nächsten Start</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>From {before} to {after}.</source>
   <translation>Von {before} nach {after}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Full: edit files and run any command</source>
   <translation>Voll: Dateien bearbeiten und jeden Befehl ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>General</source>
   <translation>Allgemein</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>General settings</source>
   <translation>Allgemeine Einstellungen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Go on in the session</source>
   <translation>In der Sitzung weitermachen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/histogram.py" />
   <source>Go to a time: click, or Left and Right, Home and End</source>
   <translation>Zu einer Zeit springen: klicken oder Links und Rechts, Pos1 und Ende</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Grant</source>
   <translation>Freigabe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Grants: may start without review</source>
   <translation>Freigaben: dürfen ohne Prüfung starten</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Grants…</source>
   <translation>Freigaben…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Group</source>
   <translation>Gruppe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Group by repository</source>
   <translation>Nach Repository gruppieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Group by run</source>
   <translation>Nach Lauf gruppieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <source>Group the cards into lanes; on the board, - folds the lane of the card and + opens all</source>
   <translation>Karten in Bahnen gruppieren; auf dem Board klappt - die Bahn der Karte ein und + alle auf</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Group the rows</source>
   <translation>Zeilen gruppieren</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Group {key}</source>
   <translation>Gruppe {key}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Group: nothing</source>
   <translation>Gruppe: keine</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Group: repository</source>
   <translation>Gruppe: Repository</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Group: run</source>
   <translation>Gruppe: Lauf</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>Heartbeat of the engine</source>
   <translation>Herzschlag der Engine</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>Held</source>
   <translation>Angehalten</translation>
  </message>
  <message>
   <location filename="../../engine/state_store/job_requests.py" />
   <source>Held by you; release it to queue it.</source>
   <translation>Von Hand angehalten; zum Einreihen freigeben.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Held; release it to queue it.</source>
   <translation>Angehalten; zum Einreihen freigeben.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/help_sheet.py" />
   <source>Help</source>
   <translation>Hilfe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Hide</source>
   <translation>Ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Hide from here on</source>
   <translation>Ab hier ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Hide job {label}</source>
   <translation>Job {label} ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Hide level {label}</source>
   <translation>Stufe {label} ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Hide run {label}</source>
   <translation>Lauf {label} ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Hide since {label}</source>
   <translation>Ausblenden {label}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Hide tool {label}</source>
   <translation>Tool {label} ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Hide workstream {label}</source>
   <translation>Arbeitsstrang {label} ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Hide {label}</source>
   <translation>{label} ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>High</source>
   <translation>Hoch</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Highlight this text in the lines  (Enter and Shift+Enter go from one to the next)</source>
   <translation>Diesen Text in den Zeilen hervorheben  (Eingabe und Umschalt+Eingabe gehen von einem zum nächsten)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/inspector.py" />
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>History</source>
   <translation>Verlauf</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <location filename="../../gui/panels/review/merge_model.py" />
   <location filename="../../gui/sheets/alarm_form.py" />
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Hold</source>
   <translation>Anhalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Hold after this step</source>
   <translation>Nach diesem Schritt anhalten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Hold all, start nothing yet</source>
   <translation>Alle anhalten, noch nichts starten</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <source>Holds up {n} workstreams</source>
   <translation>
    <numerusform>Hält {n} Arbeitsstrang auf</numerusform>
    <numerusform>Hält {n} Arbeitsstränge auf</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>How much time is shown; 0 shows the whole night</source>
   <translation>Wie viel Zeit zu sehen ist; 0 zeigt die ganze Nacht</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>How often a failed job is started again, where its file does not say.</source>
   <translation>Wie oft ein fehlgeschlagener Job neu gestartet wird, wenn seine Datei nichts dazu sagt.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Icon in the tray</source>
   <translation>Symbol im Infobereich</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Id is taken</source>
   <translation>ID vergeben</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>If a tool fails, these take over, one after the other</source>
   <translation>Fällt ein Tool aus, übernehmen diese, eins nach dem anderen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>If it fails</source>
   <translation>Bei Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>If missed</source>
   <translation>Wenn verpasst</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>If running</source>
   <translation>Wenn noch läuft</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>If trusted</source>
   <translation>Bei Vertrauen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>If you add it</source>
   <translation>Beim Hinzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>If you quit, the next start reports what was missed.</source>
   <translation>Nach dem Beenden meldet der nächste Start, was verpasst wurde.</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Ignore changes of white space</source>
   <translation>Änderungen an Leerraum ignorieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>Import a filter set</source>
   <translation>Einen Filtersatz importieren</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Import run…</source>
   <translation>Lauf importieren…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>Imported {name}; it is no alarm here until you make it one.</source>
   <translation>{name} importiert; hier ist er kein Alarm, solange er nicht dazu gemacht wird.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Import…</source>
   <translation>Importieren…</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/evidence_strip.py" />
   <source>In scope, {n} files</source>
   <translation>
    <numerusform>Im Rahmen, {n} Datei</numerusform>
    <numerusform>Im Rahmen, {n} Dateien</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/trial_result.py" />
   <source>In the last {days} days it would have matched {lines} of {n} jobs.</source>
   <translation>
    <numerusform>In den letzten {days} Tagen hätte er auf {lines} von {n} Job gepasst.</numerusform>
    <numerusform>In den letzten {days} Tagen hätte er auf {lines} von {n} Jobs gepasst.</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>In the merge queue</source>
   <translation>In der Merge-Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/histogram.py" />
   <source>In view: {span}</source>
   <translation>Zu sehen: {span}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Inbox folder</source>
   <translation>Inbox-Ordner</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/inspector.py" />
   <source>Inspector</source>
   <translation>Inspektor</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/jobs/jobs_delegate.py" />
   <source>Interrupted</source>
   <translation>Unterbrochen</translation>
  </message>
  <message>
   <location filename="../../engine/adapters/findings.py" />
   <source>Interrupted; how far it came is not known.</source>
   <translation>Unterbrochen; wie weit er kam, ist nicht bekannt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Invisible characters are shown escaped.</source>
   <translation>Unsichtbare Zeichen werden maskiert gezeigt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>It became a link.</source>
   <translation>Sie wurde zu einem Link.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_from_template_sheet.py" />
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>It becomes an ordinary job file. Nothing starts before you add it.</source>
   <translation>Daraus wird eine gewöhnliche Job-Datei. Nichts startet vor dem Hinzufügen.</translation>
  </message>
  <message>
   <location filename="../../engine/runners/recovery.py" />
   <source>It belongs to another home and may run there; how it ends is not known here.</source>
   <translation>Er gehört zu einem anderen Home und läuft vielleicht dort; wie er endet, ist hier nicht bekannt.</translation>
  </message>
  <message>
   <location filename="../../engine/adapters/findings.py" />
   <source>It could not be started.</source>
   <translation>Er konnte nicht gestartet werden.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>It counts from the moment you save it.</source>
   <translation>Es gilt vom Speichern an.</translation>
  </message>
  <message>
   <location filename="../../engine/state_store/attempt_recorder.py" />
   <source>It ended after the backup that was restored was taken; its output is in its folder.</source>
   <translation>Er endete nach der Sicherung, die eingespielt wurde; seine Ausgabe liegt in seinem Ordner.</translation>
  </message>
  <message>
   <location filename="../../engine/orchestrator/attempts.py" />
   <source>It ended, but this release cannot read its job file, so its result is unknown.</source>
   <translation>Er ist beendet, aber diese Version kann seine Job-Datei nicht lesen; sein Ergebnis ist unbekannt.</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>It gets the failure of the last attempt. A job without a prompt is refused.</source>
   <translation>Es bekommt den Fehler des letzten Versuchs. Ein Job ohne Prompt wird abgelehnt.</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>It has ended well. A tool that is paid for costs money again.</source>
   <translation>Er ist gut ausgegangen. Ein Tool, das bezahlt wird, kostet erneut Geld.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/follow_up_sheet.py" />
   <source>It has ended well; a tool that is paid for costs money again.</source>
   <translation>Er ist gut ausgegangen; ein Tool, das bezahlt wird, kostet erneut Geld.</translation>
  </message>
  <message>
   <location filename="../../gui/data/card_words.py" />
   <source>It has no jobs in the queue yet.</source>
   <translation>Er hat noch keine Jobs in der Warteschlange.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <source>It has not been in the merge queue yet, so no check has run.</source>
   <translation>Er war noch nicht in der Merge-Warteschlange, also lief noch keine Prüfung.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>It is a link.</source>
   <translation>Sie ist ein Link.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/edit_job_sheet.py" />
   <source>It is checked like any job file. It keeps its id, its run and its queue position.</source>
   <translation>Er wird geprüft wie jede Job-Datei. ID, Lauf und Platz in der Warteschlange bleiben.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/merge_order.py" />
   <source>It is held. Release it to have it merged.</source>
   <translation>Der Merge ist angehalten. Freigeben, damit er stattfindet.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>It is kept with the job and goes along with an export. No tool reads it.</source>
   <translation>Sie bleibt beim Job und wird mit exportiert. Kein Tool liest sie.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>It is merged in its turn.</source>
   <translation>Sie wird gemergt, wenn sie an der Reihe ist.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>It is my own repository…</source>
   <translation>Es ist mein eigenes Repository…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>It is no longer a link.</source>
   <translation>Sie ist kein Link mehr.</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>It is written on all {n} jobs.</source>
   <translation>
    <numerusform>Sie steht danach an {n} Job.</numerusform>
    <numerusform>Sie steht danach an allen {n} Jobs.</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>It may be executed.</source>
   <translation>Sie darf ausgeführt werden.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>It may no longer be executed.</source>
   <translation>Sie darf nicht mehr ausgeführt werden.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>It may now be executed.</source>
   <translation>Sie darf jetzt ausgeführt werden.</translation>
  </message>
  <message>
   <location filename="../../engine/runners/supervised_run.py" />
   <source>It was cancelled.</source>
   <translation>Er wurde abgebrochen.</translation>
  </message>
  <message>
   <location filename="../../engine/runners/recovery.py" />
   <source>It was given up before its tool was started.</source>
   <translation>Er wurde aufgegeben, bevor sein Tool gestartet war.</translation>
  </message>
  <message>
   <location filename="../../state/write_owner.py" />
   <source>It was queued in the home that this one is a copy of, and may run there. Release it to run it here, or cancel it.</source>
   <translation>Der Job stand in der Warteschlange des Homes, von dem dieses eine Kopie ist, und läuft vielleicht dort. Freigeben, damit er hier läuft, oder abbrechen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/retry_policy.py" />
   <source>It was started in another home, which this one is a copy of, and may run there too; check it there, then release or cancel it here.</source>
   <translation>Der Job wurde in einem anderen Home gestartet, von dem dieses eine Kopie ist, und läuft vielleicht auch dort; dort nachsehen, dann hier freigeben oder abbrechen.</translation>
  </message>
  <message>
   <location filename="../../engine/runners/supervised_run.py" />
   <source>It was stopped because its engine stopped.</source>
   <translation>Er wurde angehalten, weil seine Engine anhielt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/trial_result.py" />
   <source>It would have matched no line in the last {number} days.</source>
   <translation>In den letzten {number} Tagen hätte er auf keine Zeile gepasst.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>It {does}.</source>
   <translation>It {does}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Its content is the same.</source>
   <translation>Ihr Inhalt ist gleich.</translation>
  </message>
  <message>
   <location filename="../../engine/orchestrator/attempts.py" />
   <source>Its engine and its shim were killed.</source>
   <translation>Seine Engine und sein Begleitprozess wurden abgeschossen.</translation>
  </message>
  <message>
   <location filename="../../engine/orchestrator/attempts.py" />
   <source>Its engine ended before anything was started.</source>
   <translation>Seine Engine endete, bevor etwas gestartet war.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/merge_order.py" />
   <source>Its last changes are being committed on its branch.</source>
   <translation>Die letzten Änderungen werden gerade auf dem Branch committet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>Its last changes are not committed yet</source>
   <translation>Die letzten Änderungen sind noch nicht committet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <source>Its last commit is being made</source>
   <translation>Der letzte Commit entsteht gerade</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>Its lines are no longer known.</source>
   <translation>Ihre Zeilen sind nicht mehr bekannt.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Its name</source>
   <translation>Sein Name</translation>
  </message>
  <message>
   <location filename="../../engine/host/merge_queue.py" />
   <source>Its worktree is not known any more.</source>
   <translation>Der Worktree ist nicht mehr bekannt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Job</source>
   <translation>Job</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Job and pipeline files (*.json *.yaml *.yml);;All files (*)</source>
   <translation>Job- und Pipeline-Dateien (*.json *.yaml *.yml);;Alle Dateien (*)</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/details/details_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Job details</source>
   <translation>Job-Details</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Job details: beside or over the panels</source>
   <translation>Job-Details: neben oder über den Bereichen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Job file</source>
   <translation>Job-Datei</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <location filename="../../gui/panels/jobs/jobs_view.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Jobs</source>
   <translation>Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tools_page.py" />
   <source>Jobs inherit what they do not say themselves.</source>
   <translation>Jobs übernehmen, was sie nicht selbst festlegen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>Jobs per 15 min</source>
   <translation>Jobs je 15 min</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>Jobs that ended in the last {hours:g} hours: {completed:,} completed, {failed:,} failed</source>
   <translation>Jobs, die in den letzten {hours:g} Stunden endeten: {completed:,} abgeschlossen, {failed:,} fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Jobs that run at once</source>
   <translation>Gleichzeitig laufende Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Jobs that would have set it off</source>
   <translation>Jobs, die ihn ausgelöst hätten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <location filename="../../gui/window/job_questions.py" />
   <source>Keep</source>
   <translation>Behalten</translation>
  </message>
  <message>
   <location filename="../../gui/window/details_inspector.py" />
   <source>Keep Job details as a column</source>
   <translation>Job-Details als Spalte behalten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Keep free on disk, MB</source>
   <translation>Auf der Platte frei, MB</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Keep history, days</source>
   <translation>Verlauf behalten, Tage</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Keep it from being due</source>
   <translation>Nicht mehr fällig werden lassen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Keep now in view  (End)</source>
   <translation>Das Jetzt im Blick behalten  (Ende)</translation>
  </message>
  <message>
   <location filename="../../gui/control/shutdown.py" />
   <source>Keep open</source>
   <translation>Offen lassen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Keep the machine awake while jobs run</source>
   <translation>Rechner wach halten, solange Jobs laufen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Keep the machine awake while jobs run: on, off.</source>
   <translation>Rechner wach halten, solange Jobs laufen: an, aus.</translation>
  </message>
  <message>
   <location filename="../../gui/window/maintenance_actions.py" />
   <source>Keep the present one</source>
   <translation>Die jetzige behalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Keep the text as a filter  (Ctrl+Return); a leading minus hides</source>
   <translation>Den Text als Filter behalten  (Strg+Eingabe); ein Minus davor blendet aus</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/sheets/shortcut_sheet.py" />
   <source>Keyboard shortcuts</source>
   <translation>Tastenkürzel</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/note_part.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>Labels</source>
   <translation>Labels</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>Labels are for finding jobs again: filter a panel by label:flaky.</source>
   <translation>Über Labels findet man Jobs wieder: in einem Panel nach label:flaky filtern.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>Labels of {named}</source>
   <translation>Labels von {named}</translation>
  </message>
  <message>
   <location filename="../../gui/data/note_text.py" />
   <location filename="../../gui/panels/details/note_part.py" />
   <source>Labels: {labels}</source>
   <translation>Labels: {labels}</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Label…</source>
   <translation>Labels…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <source>Lanes: none</source>
   <translation>Bahnen: keine</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <source>Lanes: repository</source>
   <translation>Bahnen: Repository</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <source>Lanes: run</source>
   <translation>Bahnen: Lauf</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Language</source>
   <translation>Sprache</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Larger text</source>
   <translation>Größere Schrift</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_list.py" />
   <source>Last</source>
   <translation>Zuletzt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/inspector.py" />
   <source>Last change</source>
   <translation>Geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/job_field.py" />
   <source>Last line</source>
   <translation>Letzte Zeile</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <source>Layouts</source>
   <translation>Layouts</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Layouts…</source>
   <translation>Layouts…</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>Leave an engine in the background</source>
   <translation>Engine im Hintergrund lassen</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>Leave it in the queue</source>
   <translation>In der Warteschlange lassen</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>Leave them in the queue</source>
   <translation>In der Warteschlange lassen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/diff_pane.py" />
   <source>Left: {left}. Right: {right}.</source>
   <translation>Links: {left}. Rechts: {right}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/legend.py" />
   <source>Legend</source>
   <translation>Legende</translation>
  </message>
  <message>
   <location filename="../../gui/window/details_inspector.py" />
   <source>Let Job details slide over the panels</source>
   <translation>Job-Details über die Bereiche legen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Let it be due again; nothing counts as missed</source>
   <translation>Wieder fällig werden lassen; nichts gilt als verpasst</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Let the next tool of the ladder take over</source>
   <translation>Das nächste Tool der Leiter übernehmen lassen</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/closing_question.py" />
   <source>Let the {n} running jobs finish</source>
   <translation>
    <numerusform>Den laufenden Job zu Ende führen</numerusform>
    <numerusform>Die {n} laufenden Jobs zu Ende führen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/window/dock.py" />
   <source>Let {title} float</source>
   <translation>{title} ablösen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/facets.py" />
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>Level</source>
   <translation>Stufe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Level rules</source>
   <translation>Stufenregeln</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Levels</source>
   <translation>Stufen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Levels of the pasted lines</source>
   <translation>Stufen der eingefügten Zeilen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Light</source>
   <translation>Hell</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Limit or hold a tool, an account or a group, and choose which tools take over</source>
   <translation>Ein Tool, ein Konto oder eine Gruppe begrenzen oder anhalten und wählen, welche Tools übernehmen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>Limits</source>
   <translation>Limits</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Limits and holds</source>
   <translation>Limits und Halte</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Limits and holds…</source>
   <translation>Limits und Halte…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/logs_panel.py" />
   <source>Line {number:,}</source>
   <translation>Zeile {number:,}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <location filename="../../gui/panels/review/threads.py" />
   <source>Line {number}</source>
   <translation>Zeile {number}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <location filename="../../gui/panels/logs/log_layout.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Lines appear when the first job starts.</source>
   <translation>Zeilen erscheinen, sobald der erste Job startet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/histogram.py" />
   <source>Lines over time</source>
   <translation>Zeilen im Verlauf der Zeit</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Lines to try the rules on</source>
   <translation>Zeilen, an denen die Regeln erprobt werden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>Lines {first} to {last}</source>
   <translation>Zeilen {first} bis {last}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_feed.py" />
   <source>List full: new lines wait until you scroll down.</source>
   <translation>Liste voll: neue Zeilen warten bis zum Blättern nach unten.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>List only lines with this text  (Enter and Shift+Enter go from one to the next)</source>
   <translation>Nur Zeilen mit diesem Text aufführen  (Eingabe und Umschalt+Eingabe gehen von einer zur nächsten)</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Loads</source>
   <translation>Lädt</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/review/merge_model.py" />
   <location filename="../../gui/panels/timeline/attempt_block.py" />
   <source>Log</source>
   <translation>Log</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_view.py" />
   <source>Log lines</source>
   <translation>Log-Zeilen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/inspector.py" />
   <source>Log of this step</source>
   <translation>Log dieses Schritts</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/logs/logs_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Logs</source>
   <translation>Logs</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Look</source>
   <translation>Ansehen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Look for a regular expression</source>
   <translation>Nach einem regulären Ausdruck suchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/error_steps.py" />
   <source>Looking for an earlier error in older lines…</source>
   <translation>In älteren Zeilen wird nach einem früheren Fehler gesucht…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/alarm_line.py" />
   <source>Looking for the line of the alarm in older lines…</source>
   <translation>Die Zeile des Alarms wird in älteren Zeilen gesucht…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Looking for {left} of {count} tools…</source>
   <translation>Noch {left} von {count} Tools werden gesucht…</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Low</source>
   <translation>Niedrig</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Maintenance</source>
   <translation>Wartung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Mark or unmark  (Ctrl+F7)</source>
   <translation>Markieren oder Markierung entfernen  (Strg+F7)</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Mark the file as viewed</source>
   <translation>Datei als gesehen markieren</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Mark the line of the log</source>
   <translation>Zeile des Logs markieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Match case</source>
   <translation>Groß-/Kleinschreibung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>May read</source>
   <translation>Darf lesen</translation>
  </message>
  <message>
   <location filename="../../gui/window/header.py" />
   <location filename="../../gui/window/menus.py" />
   <source>Menus</source>
   <translation>Menüs</translation>
  </message>
  <message>
   <location filename="../../gui/window/header.py" />
   <source>Menus  (F10)</source>
   <translation>Menüs  (F10)</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>Merge held</source>
   <translation>Merge angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/action_bar.py" />
   <location filename="../../gui/panels/review/merge_strip.py" />
   <source>Merge queue</source>
   <translation>Merge-Warteschlange</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/merge_strip.py" />
   <source>Merge queue, {n} merges</source>
   <translation>
    <numerusform>Merge-Warteschlange, {n} Merge</numerusform>
    <numerusform>Merge-Warteschlange, {n} Merges</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>Merge waits</source>
   <translation>Merge wartet</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>Merged</source>
   <translation>Gemergt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>Merged tonight</source>
   <translation>Heute Nacht gemergt</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Move</source>
   <translation>Verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Move down</source>
   <translation>Nach unten</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>Move in a list, a board or the radar</source>
   <translation>In einer Liste, einem Board oder im Radar bewegen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Move the step down</source>
   <translation>Schritt nach unten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Move the step up</source>
   <translation>Schritt nach oben</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Move to the bottom</source>
   <translation>Ganz nach unten</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Move to the top</source>
   <translation>Ganz nach oben</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/review/merge_model.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Move up</source>
   <translation>Nach oben</translation>
  </message>
  <message>
   <location filename="../../gui/application/recovery_dialog.py" />
   <source>Moving the damaged file aside…</source>
   <translation>Die beschädigte Datei wird beiseitegelegt…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/sheets/recurring_list.py" />
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Name of the filter set</source>
   <translation>Name des Filtersatzes</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <source>Name of the layout</source>
   <translation>Name des Layouts</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Name of the present filter, such as Flaky network</source>
   <translation>Name des jetzigen Filters, etwa Wackliges Netz</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <source>Name of the present layout, such as Review</source>
   <translation>Name des jetzigen Layouts, etwa Review</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Names of variables of your environment that this tool gets besides the usual ones.</source>
   <translation>Namen von Variablen der eigenen Umgebung, die dieses Tool außer den üblichen bekommt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/board/painted_board.py" />
   <location filename="../../gui/panels/dashboard/attention_view.py" />
   <location filename="../../gui/panels/dashboard/needs_section.py" />
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Needs you</source>
   <translation>Zu klären</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Neither has printed anything.</source>
   <translation>Keiner der beiden hat etwas ausgegeben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <source>New</source>
   <translation>Neu</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_from_template_sheet.py" />
   <source>New from template</source>
   <translation>Neu aus Vorlage</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>New from template…</source>
   <translation>Neu aus Vorlage…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>New job</source>
   <translation>Neuer Job</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>New job…</source>
   <translation>Neuer Job…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_pipeline_sheet.py" />
   <source>New pipeline</source>
   <translation>Neue Pipeline</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>New pipeline…</source>
   <translation>Neue Pipeline…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>New recurring run</source>
   <translation>Neuer wiederkehrender Lauf</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>New run</source>
   <translation>Neuer Lauf</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>Next</source>
   <translation>Danach</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Next command</source>
   <translation>Nächster Befehl</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Next comment</source>
   <translation>Nächster Kommentar</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_list.py" />
   <source>Next due</source>
   <translation>Nächster Termin</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Next error</source>
   <translation>Nächster Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Next error  (F8)</source>
   <translation>Nächster Fehler  (F8)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Next error  {count:,}</source>
   <translation>Nächster Fehler  {count:,}</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/details/diff_view.py" />
   <location filename="../../gui/panels/review/file_head.py" />
   <source>Next file</source>
   <translation>Nächste Datei</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Next hunk</source>
   <translation>Nächster Abschnitt</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Next marked line</source>
   <translation>Nächste markierte Zeile</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Next match in the log</source>
   <translation>Nächster Treffer im Log</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Next panel</source>
   <translation>Nächster Bereich</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Next review</source>
   <translation>Nächstes Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>Next step: {step} with {tool}.</source>
   <translation>Nächster Schritt: {step} mit {tool}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>Next step: {tool}.</source>
   <translation>Nächster Schritt: {tool}.</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/dashboard/away_card.py" />
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <location filename="../../gui/panels/timeline/night_view_base.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Night</source>
   <translation>Nacht</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_router.py" />
   <source>No alarm holds this job.</source>
   <translation>Kein Alarm hält diesen Job an.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>No alarm: it only filters the Logs.</source>
   <translation>Kein Alarm: er filtert nur das Protokoll.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>No card matches the filter.</source>
   <translation>Keine Karte passt zum Filter.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>No coding tool was found. Begin with a command, the tests or the demo; none of them needs one.</source>
   <translation>Kein Coding-Tool wurde gefunden. Für den Anfang taugen ein Befehl, die Tests oder die Demo; sie brauchen keines.</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <source>No engine</source>
   <translation>Keine Engine</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>No engine is running; nothing starts.</source>
   <translation>Es läuft keine Engine; nichts startet.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>No engine is running; open the window or run `signalbox engine`.</source>
   <translation>Es läuft keine Engine; das Fenster öffnen oder `signalbox engine` ausführen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>No file changed.</source>
   <translation>Keine Datei geändert.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>No file manager opened; the folder is {folder}.</source>
   <translation>Kein Dateimanager hat sich geöffnet; der Ordner ist {folder}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/diff_view.py" />
   <source>No files changed.</source>
   <translation>Keine Dateien geändert.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>No files in the pipeline.</source>
   <translation>Keine Dateien in der Pipeline.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_reader.py" />
   <source>No files were dropped.</source>
   <translation>Keine Dateien wurden abgelegt.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>No filter is saved yet. Filter the Logs, and save the filter here, or import one.</source>
   <translation>Noch ist kein Filter gespeichert. Die Logs filtern und den Filter hier speichern oder einen importieren.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>No free slot ({taken} of {limit} running); {rank}.</source>
   <translation>Kein freier Slot ({taken} von {limit} laufen); {rank}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>No free slot for account {key} ({taken} of {limit} running); {rank}.</source>
   <translation>Kein freier Slot für Konto {key} ({taken} von {limit} laufen); {rank}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>No free slot for {key} ({taken} of {limit} running); {rank}.</source>
   <translation>Kein freier Slot für {key} ({taken} von {limit} laufen); {rank}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>No free slot in group {key} ({taken} of {limit} running); {rank}.</source>
   <translation>Kein freier Slot in Gruppe {key} ({taken} von {limit} laufen); {rank}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>No job ended in the last {days} days.</source>
   <translation>In den letzten {days} Tagen endete kein Job.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>No job ended in the last {hours:g} hours.</source>
   <translation>In den letzten {hours:g} Stunden endete kein Job.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>No job has a label yet. Type one above and press Enter.</source>
   <translation>Noch hat kein Job ein Label. Oben eines eintippen und Enter drücken.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>No job passes these filters.</source>
   <translation>Kein Job passt zu diesen Filtern.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>No job starts with less free space on the disk; 0 turns this off, unset means 500 MB or 2 %.</source>
   <translation>Mit weniger freiem Platz startet kein Job; 0 schaltet das ab, ohne Angabe gelten 500 MB oder 2 %.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>No jobs.</source>
   <translation>Keine Jobs.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>No label is called so yet. Enter adds it.</source>
   <translation>So heißt noch kein Label. Die Eingabetaste fügt es hinzu.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <source>No layout is saved yet.</source>
   <translation>Noch kein Layout gespeichert.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>No line has this text.</source>
   <translation>Keine Zeile enthält diesen Text.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>No line of the filtered jobs is stored.</source>
   <translation>Von den gefilterten Jobs ist keine Zeile gespeichert.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>No line passes these filters so far; older lines are being read…</source>
   <translation>Bisher passt keine Zeile zu diesen Filtern; ältere Zeilen werden gelesen …</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>No line passes these filters.</source>
   <translation>Keine Zeile passt zu diesen Filtern.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>No loaded line passes these filters.</source>
   <translation>Keine geladene Zeile passt zu diesen Filtern.</translation>
  </message>
  <message>
   <location filename="../../gui/control/shutdown.py" />
   <source>No new jobs start. The window closes when the running jobs have finished.</source>
   <translation>Keine neuen Jobs starten. Das Fenster schließt sich, sobald die laufenden Jobs fertig sind.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>No newline at end of file</source>
   <translation>Kein Zeilenumbruch am Dateiende</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_delegate.py" />
   <location filename="../../gui/panels/details/output_view.py" />
   <location filename="../../gui/panels/logs/log_empty.py" />
   <location filename="../../gui/panels/logs/log_layout.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>No output yet.</source>
   <translation>Noch keine Ausgabe.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <source>No output.</source>
   <translation>Keine Ausgabe.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>No program here plays sounds: paplay, pw-play, aplay and afplay are missing or failed. The system was asked to beep; without a bell, that is silent.</source>
   <translation>Hier spielt kein Programm Töne ab: paplay, pw-play, aplay und afplay fehlen oder sind gescheitert. Stattdessen piept das System; ohne Signalton bleibt es still.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>No program opens {target}; name an editor in Settings.</source>
   <translation>Kein Programm öffnet {target}; bitte einen Editor in den Einstellungen angeben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/lanes.py" />
   <source>No repository</source>
   <translation>Kein Repository</translation>
  </message>
  <message>
   <location filename="../../gui/window/run_selector.py" />
   <source>No runs yet</source>
   <translation>Noch keine Läufe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/dashboard_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>No runs yet.</source>
   <translation>Noch keine Läufe.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job.py" />
   <source>No shell reads this: {found} goes to {words} as it is. For a shell line write sh -c '…'.</source>
   <translation>Keine Shell liest das: {found} geht unverändert an {words}. Für eine Shell-Zeile: sh -c '…'.</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>No step for {age}</source>
   <translation>Kein Takt seit {age}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/wordless_work.py" />
   <source>No step runs a coding tool, which could take words: retry a step, or discard the work.</source>
   <translation>Kein Schritt nutzt ein Coding-Tool, das Worte annehmen könnte: einen Schritt wiederholen oder die Arbeit verwerfen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/merge_order.py" />
   <source>No target is known. Approve it again with --target BRANCH.</source>
   <translation>Kein Ziel bekannt. Erneut genehmigen mit --target BRANCH.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>No terminal was found; name one in Settings.</source>
   <translation>Kein Terminal wurde gefunden; bitte eines in den Einstellungen angeben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>No tool has reported a cost in the last 12 hours.</source>
   <translation>In den letzten 12 Stunden hat kein Tool Kosten gemeldet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>No workstreams.</source>
   <translation>Keine Arbeitsstränge.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <source>None</source>
   <translation>Keine</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Normal</source>
   <translation>Normal</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/text_match.py" />
   <source>Not a regular expression: {reason}, at character {number}.</source>
   <translation>Kein regulärer Ausdruck: {reason}, bei Zeichen {number}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_from_template_sheet.py" />
   <source>Not listed: {files}{more}.</source>
   <translation>Nicht aufgeführt: {files}{more}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>Not saved: somebody else changed {name}, and its file is not valid now: {reason}</source>
   <translation>Nicht gespeichert: Jemand anderes hat {name} geändert, und die Datei ist jetzt ungültig: {reason}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>Not saved: somebody else changed {name}. {changes}</source>
   <translation>Nicht gespeichert: Jemand anderes hat {name} geändert. {changes}</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>Not started</source>
   <translation>Nicht gestartet</translation>
  </message>
  <message>
   <location filename="../../engine/orchestrator/attempts.py" />
   <source>Not started: the engine stopped.</source>
   <translation>Nicht gestartet: Die Engine hielt an.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Not trusted</source>
   <translation>Nicht vertraut</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Not valid</source>
   <translation>Ungültig</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>Note</source>
   <translation>Notiz</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>Note on {named}</source>
   <translation>Notiz zu {named}</translation>
  </message>
  <message>
   <location filename="../../gui/data/note_text.py" />
   <location filename="../../gui/panels/details/note_part.py" />
   <source>Note: {note}</source>
   <translation>Notiz: {note}</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Note…</source>
   <translation>Notiz…</translation>
  </message>
  <message>
   <location filename="../../gui/control/bulk_verbs.py" />
   <source>Nothing applies to all of them now</source>
   <translation>Nichts passt jetzt auf alle</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>Nothing changed since you looked.</source>
   <translation>Seit dem letzten Blick hat sich nichts geändert.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Nothing follows the running step that could be held</source>
   <translation>Auf den laufenden Schritt folgt nichts, was anzuhalten wäre</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Nothing has changed yet; the job has not started.</source>
   <translation>Noch ist nichts geändert; der Job ist nicht gestartet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>Nothing is done yet.</source>
   <translation>Noch ist nichts fertig.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>Nothing is running.</source>
   <translation>Es läuft nichts.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Nothing is selected.</source>
   <translation>Nichts ist ausgewählt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>Nothing is stuck</source>
   <translation>Nichts hängt fest</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Nothing is that old.</source>
   <translation>Nichts ist so alt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>Nothing is waiting.</source>
   <translation>Es wartet nichts.</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_palette.py" />
   <source>Nothing matches.</source>
   <translation>Nichts passt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <location filename="../../gui/panels/dashboard/needs_section.py" />
   <location filename="../../gui/window/notifications.py" />
   <source>Nothing needs you.</source>
   <translation>Nichts zu klären.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Nothing ran in this time.</source>
   <translation>In dieser Zeit lief nichts.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <source>Nothing ran yet.</source>
   <translation>Noch lief nichts.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Nothing recurs yet. Add what is to run again and again: a template, or a job file.</source>
   <translation>Noch kehrt nichts wieder. Hinzufügen, was immer wieder laufen soll: eine Vorlage oder eine Job-Datei.</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>Nothing runs</source>
   <translation>Nichts läuft</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Nothing starts before you press Add.</source>
   <translation>Nichts startet vor „Hinzufügen“.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Nothing that was recorded differs.</source>
   <translation>Nichts von dem, was aufgezeichnet wurde, ist verschieden.</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>Nothing to merge</source>
   <translation>Nichts zu mergen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>Nothing to review yet. Finished work appears here with its diff.</source>
   <translation>Noch nichts zum Review. Fertige Arbeit erscheint hier mit ihrem Diff.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>Nothing until you retry or skip the step.</source>
   <translation>Nichts, bis der Schritt neu versucht oder übersprungen wird.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>Nothing waits for a decision.</source>
   <translation>Nichts wartet auf eine Entscheidung.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_view.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Nothing waits for review.</source>
   <translation>Nichts wartet auf ein Review.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>Nothing: all steps are done.</source>
   <translation>Nichts: Alle Schritte sind erledigt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>Nothing: the file is merged.</source>
   <translation>Nichts: Die Datei ist gemergt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>Nothing: the work was discarded.</source>
   <translation>Nichts: Die Arbeit wurde verworfen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Notify</source>
   <translation>Melden</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Notify me of</source>
   <translation>Benachrichtigen bei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Now</source>
   <translation>Jetzt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>Number</source>
   <translation>Nummer</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Off</source>
   <translation>Aus</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>On disk</source>
   <translation>Auf der Platte</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <source>On top of {target}, since {clock_minute}.</source>
   <translation>Auf {target}, seit {clock_minute}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <source>On top of {target}.</source>
   <translation>Auf {target}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>One account a line, in the order in which they are used: a name, then its folder or variables.</source>
   <translation>Ein Konto je Zeile, in der Reihenfolge der Nutzung: ein Name, dann sein Ordner oder seine Variablen.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Only attempt {number} had a prompt.</source>
   <translation>Nur Versuch {number} hatte einen Prompt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>Only its name or mode differs.</source>
   <translation>Nur Name oder Rechte unterscheiden sich.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Only lines with this text</source>
   <translation>Nur Zeilen mit diesem Text</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Only lines with this text are listed; off: it is only highlighted</source>
   <translation>Nur Zeilen mit diesem Text sind aufgeführt; aus: er ist nur hervorgehoben</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/window/observe_switch.py" />
   <source>Only observe: send no commands</source>
   <translation>Nur beobachten: keine Befehle senden</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Only read</source>
   <translation>Nur lesen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Only runs that have ended are pruned, with their output and events.</source>
   <translation>Nur beendete Läufe werden entfernt, mit Ausgaben und Ereignissen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_reader.py" />
   <source>Only the first {most:,} files are shown; add the rest afterwards.</source>
   <translation>Nur die ersten {most:,} Dateien sind zu sehen; die übrigen bitte danach hinzufügen.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Only the first {number} lines are shown.</source>
   <translation>Nur die ersten {number} Zeilen sind zu sehen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Only the mode of the file differs.</source>
   <translation>Nur die Rechte der Datei unterscheiden sich.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>Only white space differs.</source>
   <translation>Nur Leerraum unterscheidet sich.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>Only {number} lines are shown.</source>
   <translation>Nur {number} Zeilen sind zu sehen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Open</source>
   <translation>Öffnen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Open a folder of jobs…</source>
   <translation>Ordner mit Jobs öffnen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Open again</source>
   <translation>Wieder öffnen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/radar/inspector.py" />
   <source>Open in editor</source>
   <translation>Im Editor öffnen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Open in terminal</source>
   <translation>Im Terminal öffnen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>Open output</source>
   <translation>Ausgabe öffnen</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>Open what is selected, or press its button</source>
   <translation>Das Ausgewählte öffnen oder seinen Knopf drücken</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <source>Opened</source>
   <translation>Aufgeklappt</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Out of quota</source>
   <translation>Kontingent verbraucht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_text.py" />
   <location filename="../../gui/panels/details/tabs.py" />
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>Output</source>
   <translation>Ausgabe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_menu.py" />
   <source>Outside: {path}</source>
   <translation>Außerhalb: {path}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/minimap.py" />
   <source>Overview of matches and errors</source>
   <translation>Übersicht über Treffer und Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/overview.py" />
   <source>Overview of the changes</source>
   <translation>Übersicht der Änderungen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Pages of the settings</source>
   <translation>Seiten der Einstellungen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Panel in the whole window</source>
   <translation>Bereich im ganzen Fenster</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Parts of the job</source>
   <translation>Teile des Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Paste lines of output here to see their levels</source>
   <translation>Zeilen einer Ausgabe hier einfügen, um ihre Stufen zu sehen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Path of {tool}</source>
   <translation>Pfad von {tool}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <location filename="../../gui/window/header.py" />
   <source>Pause</source>
   <translation>Pausieren</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Pause: start nothing new</source>
   <translation>Pausieren: nichts Neues starten</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <source>Paused</source>
   <translation>Pausiert</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Paused since {since}{reason}: running jobs continue, nothing new starts until it is resumed.</source>
   <translation>Pausiert seit {since}{reason}: Laufende Jobs laufen weiter, Neues startet erst nach dem Fortsetzen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>Paused{reason}; resume to start it.</source>
   <translation>Pausiert{reason}; zum Starten fortsetzen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Permission</source>
   <translation>Berechtigung</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Pipeline Radar</source>
   <translation>Pipeline-Radar</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/disc.py" />
   <source>Pipeline radar</source>
   <translation>Pipeline-Radar</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/shortcut_sheet.py" />
   <source>Plain letters work while a list, a board or the radar has the focus.</source>
   <translation>Einzelne Buchstaben wirken, solange eine Liste, ein Board oder das Radar den Fokus hat.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Plays the checked sounds one after the other, one at each press; none is heard while this window is active otherwise. paplay, pw-play, aplay or afplay plays them, or else the system beeps.</source>
   <translation>Spielt die angekreuzten Töne nacheinander, bei jedem Druck einen; sonst ist keiner zu hören, solange dieses Fenster aktiv ist. paplay, pw-play, aplay oder afplay spielt sie, sonst piept das System.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>Ports</source>
   <translation>Ports</translation>
  </message>
  <message>
   <location filename="../../gui/window/counter_button.py" />
   <source>Press to remove this filter.</source>
   <translation>Drücken, um diesen Filter aufzuheben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_line.py" />
   <source>Press to select the next one</source>
   <translation>Drücken, um das Nächste auszuwählen</translation>
  </message>
  <message>
   <location filename="../../gui/window/counter_button.py" />
   <source>Press to show only these in every panel.</source>
   <translation>Drücken, um in jedem Bereich nur diese zu zeigen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Preview</source>
   <translation>Vorschau</translation>
  </message>
  <message>
   <location filename="../../gui/window/menus.py" />
   <source>Preview of a card</source>
   <translation>Vorschau einer Karte</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Previous comment</source>
   <translation>Voriger Kommentar</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Previous error</source>
   <translation>Voriger Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Previous file</source>
   <translation>Vorige Datei</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Previous hunk</source>
   <translation>Voriger Abschnitt</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Previous marked line</source>
   <translation>Vorige markierte Zeile</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Previous match in the log</source>
   <translation>Voriger Treffer im Log</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Previous panel</source>
   <translation>Voriger Bereich</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Previous review</source>
   <translation>Voriges Review</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>Priority</source>
   <translation>Priorität</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Problem</source>
   <translation>Problem</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <source>Progress</source>
   <translation>Fortschritt</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Progress of the trial</source>
   <translation>Fortschritt der Probe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Prompt</source>
   <translation>Prompt</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Prune</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Prune history…</source>
   <translation>Verlauf kürzen…</translation>
  </message>
  <message>
   <location filename="../../gui/control/maintenance_tasks.py" />
   <source>Pruned: {sentence}.</source>
   <translation>Entfernt: {sentence}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Pruning…</source>
   <translation>Wird entfernt…</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>Quarantined</source>
   <translation>In Quarantäne</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <source>Queue</source>
   <translation>Warten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Queue it at once, besides its due times</source>
   <translation>Sofort einreihen, zusätzlich zu den fälligen Zeiten</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Queue position</source>
   <translation>Platz in der Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>Queued</source>
   <translation>Eingereiht</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/run_origin.py" />
   <source>Queued at its due time, of the recurring run {name}</source>
   <translation>Zur fälligen Zeit eingereiht, vom wiederkehrenden Lauf {name}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Quiet from</source>
   <translation>Ruhe ab</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Quiet from, until</source>
   <translation>Ruhe von, bis</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Quiet until</source>
   <translation>Ruhe bis</translation>
  </message>
  <message>
   <location filename="../../gui/application/recovery_dialog.py" />
   <location filename="../../gui/control/action_table.py" />
   <source>Quit</source>
   <translation>Beenden</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>Quit anyway</source>
   <translation>Trotzdem beenden</translation>
  </message>
  <message>
   <location filename="../../gui/control/hold_banners.py" />
   <source>Raise…</source>
   <translation>Erhöhen…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Ran before</source>
   <translation>Lief schon</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Read {read:,} of {found:,} files. Nothing starts before you press Add.</source>
   <translation>{read:,} von {found:,} Dateien gelesen. Nichts startet vor „Hinzufügen“.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Reading the changes…</source>
   <translation>Änderungen werden gelesen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <location filename="../../gui/panels/review/reviewing.py" />
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>Reading…</source>
   <translation>Wird gelesen…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Recent repositories</source>
   <translation>Zuletzt benutzte Repositorys</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>Recurring</source>
   <translation>Wiederkehrend</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_list.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Recurring runs</source>
   <translation>Wiederkehrende Läufe</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Recurring runs…</source>
   <translation>Wiederkehrende Läufe…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>Red</source>
   <translation>Rot</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>Red is attempt {first}, green attempt {second}. F7 goes to the next part.</source>
   <translation>Rot ist Versuch {first}, grün Versuch {second}. F7 geht zum nächsten Teil.</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/data/command_captions.py" />
   <source>Redo</source>
   <translation>Wiederholen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Reduce motion</source>
   <translation>Weniger Bewegung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>Regular expression</source>
   <translation>Regulärer Ausdruck</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Reject</source>
   <translation>Ablehnen</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/review/merge_model.py" />
   <source>Release</source>
   <translation>Freigeben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Release all {number:,}</source>
   <translation>Alle {number:,} freigeben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Release both</source>
   <translation>Beide freigeben</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Remove</source>
   <translation>Entfernen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>Remove all notes</source>
   <translation>Alle Notizen entfernen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Remove it; that can be undone  (Del)</source>
   <translation>Entfernen; das kann rückgängig gemacht werden  (Entf)</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>Remove note</source>
   <translation>Notiz entfernen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Remove the filter set; it can be undone  (Del)</source>
   <translation>Den Filtersatz löschen; das lässt sich rückgängig machen  (Entf)</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Remove the step</source>
   <translation>Schritt entfernen</translation>
  </message>
  <message>
   <location filename="../../gui/window/filter_chips.py" />
   <source>Remove {limit}</source>
   <translation>Entfernen: {limit}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Rename</source>
   <translation>Umbenennen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Renamed from {name}.</source>
   <translation>Umbenannt von {name}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>Renamed {name} to {new}.</source>
   <translation>{name} heißt jetzt {new}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Replace it</source>
   <translation>Ersetzen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Replace it? {kept}</source>
   <translation>Ersetzen? {kept}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Repository</source>
   <translation>Repository</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/column_chooser.py" />
   <source>Reset</source>
   <translation>Zurücksetzen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/window/dock_area.py" />
   <source>Reset layout</source>
   <translation>Layout zurücksetzen</translation>
  </message>
  <message>
   <location filename="../../gui/data/card_building.py" />
   <location filename="../../gui/data/job_actions.py" />
   <location filename="../../gui/panels/review/action_bar.py" />
   <location filename="../../gui/panels/review/queue_delegate.py" />
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <location filename="../../gui/window/maintenance_actions.py" />
   <source>Restore</source>
   <translation>Wiederherstellen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Restore backup…</source>
   <translation>Sicherung wiederherstellen…</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Restore discarded work</source>
   <translation>Verworfene Arbeit wiederherstellen</translation>
  </message>
  <message>
   <location filename="../../gui/application/recovery_dialog.py" />
   <source>Restore the backup of {taken}</source>
   <translation>Sicherung von {taken} wiederherstellen</translation>
  </message>
  <message>
   <location filename="../../gui/window/maintenance_actions.py" />
   <source>Restore the backup of {taken}?</source>
   <translation>Sicherung von {taken} wiederherstellen?</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Restore…</source>
   <translation>Wiederherstellen…</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>Result</source>
   <translation>Ergebnis</translation>
  </message>
  <message>
   <location filename="../../gui/control/hold_banners.py" />
   <location filename="../../gui/data/command_captions.py" />
   <location filename="../../gui/sheets/limits_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <location filename="../../gui/window/header.py" />
   <source>Resume</source>
   <translation>Fortsetzen</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>Resumes the session of attempt {number}.</source>
   <translation>Setzt die Sitzung von Versuch {number} fort.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Retries</source>
   <translation>Neue Versuche</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Retry</source>
   <translation>Neu versuchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Retry all {number:,}</source>
   <translation>Alle {number:,} neu versuchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Retry both</source>
   <translation>Beide neu versuchen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Retry with all that depends on it</source>
   <translation>Mit allem neu versuchen, was davon abhängt</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Retry with another tool…</source>
   <translation>Mit anderem Tool neu versuchen…</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Retry {jobs} with another tool</source>
   <translation>{jobs} mit anderem Tool neu versuchen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/data/card_building.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <location filename="../../gui/panels/review/review_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Review</source>
   <translation>Review</translation>
  </message>
  <message>
   <location filename="../../gui/data/card_building.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Review command</source>
   <translation>Befehl prüfen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>Review job</source>
   <translation>Job prüfen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/queue_view.py" />
   <source>Reviews</source>
   <translation>Reviews</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Revoke</source>
   <translation>Widerrufen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <source>Right arrow lists them</source>
   <translation>Pfeil rechts listet sie auf</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_pipeline_sheet.py" />
   <source>Round money once</source>
   <translation>Geld einmal runden</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>Round money once, at the line total.</source>
   <translation>Geld einmal runden, bei der Zeilensumme.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/column_chooser.py" />
   <source>Rows</source>
   <translation>Zeilen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/column_chooser.py" />
   <source>Rows {height} pixels high</source>
   <translation>Zeilen {height} Pixel hoch</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/toolbar.py" />
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <location filename="../../gui/panels/details/facts.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Run</source>
   <translation>Lauf</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Run a command</source>
   <translation>Befehl ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_actions.py" />
   <source>Run again</source>
   <translation>Noch einmal ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Run it again</source>
   <translation>Noch einmal ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>Run missed recurring runs now</source>
   <translation>Verpasste wiederkehrende Läufe jetzt starten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Run now</source>
   <translation>Jetzt ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_trust_note.py" />
   <source>Run now queues it at once, so that you can review and trust it; signalbox trust grant --recurring {name} trusts it without a run.</source>
   <translation>Jetzt ausführen reiht ihn sofort ein, um ihn zu prüfen und ihm zu vertrauen; signalbox trust grant --recurring {name} vertraut ihm ohne Lauf.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Run only this once</source>
   <translation>Nur dieses Mal ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Run the tests</source>
   <translation>Tests ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Run them again</source>
   <translation>Noch einmal ausführen</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Run {name} again?</source>
   <translation>{name} noch einmal ausführen?</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/job_questions.py" />
   <source>Run {n} jobs again?</source>
   <translation>
    <numerusform>{n} Job noch einmal ausführen?</numerusform>
    <numerusform>{n} Jobs noch einmal ausführen?</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/maintenance_tasks.py" />
   <source>Run {run} ({n} jobs) was exported to {folder} with all its output.</source>
   <translation>
    <numerusform>Lauf {run} ({n} Job) wurde mit allen Ausgaben nach {folder} exportiert.</numerusform>
    <numerusform>Lauf {run} ({n} Jobs) wurde mit allen Ausgaben nach {folder} exportiert.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/maintenance_tasks.py" />
   <source>Run {run} ({n} jobs) was imported as history; nothing of it starts.</source>
   <translation>
    <numerusform>Lauf {run} ({n} Job) wurde als Verlauf importiert; nichts davon startet.</numerusform>
    <numerusform>Lauf {run} ({n} Jobs) wurde als Verlauf importiert; nichts davon startet.</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/board/painted_board.py" />
   <source>Running</source>
   <translation>Läuft</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Running at once</source>
   <translation>Gleichzeitig</translation>
  </message>
  <message>
   <location filename="../../gui/window/maintenance_actions.py" />
   <source>Running jobs are stopped, and the window opens again with the content of the backup. The present database is kept next to it. The queue stays paused: jobs that wait in it may have run since.</source>
   <translation>Laufende Jobs werden gestoppt, und das Fenster öffnet sich neu mit dem Inhalt der Sicherung. Die jetzige Datenbank bleibt daneben erhalten. Die Warteschlange bleibt pausiert: Wartende Jobs darin sind vielleicht seither gelaufen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Running work cannot be moved to {column}</source>
   <translation>Laufende Arbeit lässt sich nicht nach „{column}“ verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <location filename="../../gui/panels/dashboard/runs_view.py" />
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Runs</source>
   <translation>Läufe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/edit_job_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Save</source>
   <translation>Speichern</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Save a copy of the database</source>
   <translation>Eine Kopie der Datenbank speichern</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>Save a copy…</source>
   <translation>Kopie speichern…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Save and manage filter sets…</source>
   <translation>Filtersätze speichern und verwalten…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>Save anyway</source>
   <translation>Trotzdem speichern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <source>Save as…</source>
   <translation>Speichern unter…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>Save filter</source>
   <translation>Filter speichern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <source>Save layout</source>
   <translation>Layout speichern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>Save note</source>
   <translation>Notiz speichern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <source>Save the job file</source>
   <translation>Job-Datei speichern</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>Save the support bundle</source>
   <translation>Support-Paket speichern</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>Saved as {name}.</source>
   <translation>Als {name} gespeichert.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <source>Saved as {path}.</source>
   <translation>Gespeichert als {path}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>Save…</source>
   <translation>Speichern…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Saving new rules keeps what it holds as {file}.</source>
   <translation>Das Speichern neuer Regeln bewahrt ihren Inhalt als {file} auf.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Saving…</source>
   <translation>Wird gespeichert…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_menu.py" />
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>Scope</source>
   <translation>Rahmen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/minimap.py" />
   <location filename="../../gui/panels/review/overview.py" />
   <source>Scroll: click, or Up and Down by a page, Home and End</source>
   <translation>Blättern: klicken oder Auf und Ab seitenweise, Pos1 und Ende</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_figures.py" />
   <source>Search all output</source>
   <translation>Alle Ausgaben durchsuchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_head.py" />
   <source>Search the file</source>
   <translation>Datei durchsuchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>Searches all output that is stored, of very long lines the first {number:,} characters.</source>
   <translation>Durchsucht alle gespeicherten Ausgaben, von sehr langen Zeilen die ersten {number:,} Zeichen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>Searching…</source>
   <translation>Wird durchsucht …</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/help_sheet.py" />
   <source>Sections of the page</source>
   <translation>Abschnitte der Seite</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/details/tabs.py" />
   <source>Seen {n} times, last at {at}: {text}</source>
   <translation>
    <numerusform>{n}-mal aufgetreten, zuletzt um {at}: {text}</numerusform>
    <numerusform>{n}-mal aufgetreten, zuletzt um {at}: {text}</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/details_panel.py" />
   <location filename="../../gui/panels/radar/inspector.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Select a card, a file or a line.</source>
   <translation>Eine Karte, eine Datei oder eine Zeile auswählen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Select all that match</source>
   <translation>Alle passenden auswählen</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/bulk_bar.py" />
   <source>Select all {all_count:,}</source>
   <translation>Alle {all_count:,} auswählen</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/bulk_bar.py" />
   <source>Select nothing  (Esc)</source>
   <translation>Nichts auswählen  (Esc)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_model.py" />
   <source>Selected</source>
   <translation>Ausgewählt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_block.py" />
   <source>Selected attempt</source>
   <translation>Ausgewählter Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <location filename="../../gui/panels/review/merge_model.py" />
   <location filename="../../gui/panels/review/words_field.py" />
   <location filename="../../gui/sheets/follow_up_sheet.py" />
   <source>Send back</source>
   <translation>Zurückgeben</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Send back with the comments…</source>
   <translation>Mit den Kommentaren zurückgeben…</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/action_bar.py" />
   <source>Send back with {n} comments</source>
   <translation>
    <numerusform>Mit {n} Kommentar zurückgeben</numerusform>
    <numerusform>Mit {n} Kommentaren zurückgeben</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/follow_up_sheet.py" />
   <source>Send back {named}</source>
   <translation>{named} zurückgeben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/action_bar.py" />
   <source>Send back {number:,}</source>
   <translation>Zurückgeben ({number:,})</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <location filename="../../gui/panels/review/action_bar.py" />
   <source>Send back…</source>
   <translation>Zurückgeben…</translation>
  </message>
  <message>
   <location filename="../../gui/window/observe_switch.py" />
   <source>Send commands again</source>
   <translation>Wieder Befehle senden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/queue_model.py" />
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>Sent back</source>
   <translation>Zurückgegeben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <source>Sentences</source>
   <translation>Sätze</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/labels_sheet.py" />
   <source>Set labels</source>
   <translation>Labels setzen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Set limit</source>
   <translation>Limit setzen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Settings</source>
   <translation>Einstellungen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Settings &gt; Coding tools has the paths, accounts and defaults.</source>
   <translation>Pfade, Konten und Vorgaben stehen in Einstellungen &gt; Coding-Tools.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tools_page.py" />
   <source>Settings of {tool}</source>
   <translation>Einstellungen von {tool}</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Settings…</source>
   <translation>Einstellungen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Settle</source>
   <translation>Erledigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Settle the comment, or open it again</source>
   <translation>Kommentar erledigen oder wieder öffnen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <source>Settled</source>
   <translation>Erledigt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_delegate.py" />
   <source>Settled.</source>
   <translation>Erledigt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Setup</source>
   <translation>Einrichtung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>Shares files with {names}</source>
   <translation>Teilt Dateien mit {names}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Show</source>
   <translation>Zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Show a recurring run</source>
   <translation>Einen wiederkehrenden Lauf zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/window/filter_chips.py" />
   <source>Show all runs and all states  (Esc)</source>
   <translation>Alle Läufe und alle Zustände zeigen  (Esc)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/diff_pane.py" />
   <source>Show anyway</source>
   <translation>Trotzdem zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Show at start</source>
   <translation>Beim Start anzeigen</translation>
  </message>
  <message>
   <location filename="../../gui/data/card_building.py" />
   <source>Show check log</source>
   <translation>Prüf-Log zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/data/card_building.py" />
   <source>Show details</source>
   <translation>Details zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/radar/inspector.py" />
   <source>Show diff</source>
   <translation>Diff zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <source>Show fewer</source>
   <translation>Weniger zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/application/recovery_dialog.py" />
   <location filename="../../gui/control/problem_banners.py" />
   <source>Show folder</source>
   <translation>Ordner zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Show job  (Return)</source>
   <translation>Job zeigen  (Eingabe)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Show job {label}</source>
   <translation>Job {label} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Show less time  (+)</source>
   <translation>Weniger Zeit zeigen  (+)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Show level {label}</source>
   <translation>Stufe {label} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_actions.py" />
   <source>Show line</source>
   <translation>Zeile zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/data/card_building.py" />
   <source>Show log</source>
   <translation>Log zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Show more time  (-)</source>
   <translation>Mehr Zeit zeigen  (-)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Show only from here on</source>
   <translation>Nur ab hier zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Show only job {name}</source>
   <translation>Nur Job {name} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <source>Show only some states</source>
   <translation>Nur manche Zustände zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Show only {label}</source>
   <translation>Nur {label} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_menus.py" />
   <source>Show raw line</source>
   <translation>Rohe Zeile zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Show review</source>
   <translation>Review zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Show run {label}</source>
   <translation>Lauf {label} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Show since {label}</source>
   <translation>Zeigen {label}</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Show the data folder</source>
   <translation>Datenordner zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Show the files refused from the inbox</source>
   <translation>Aus der Inbox abgelehnte Dateien zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <source>Show the last run</source>
   <translation>Den letzten Lauf zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Show the line of the alarm</source>
   <translation>Zeile des Alarms zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Show the log of the check</source>
   <translation>Log der Prüfung zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Show the merge queue</source>
   <translation>Merge-Warteschlange zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/away_card.py" />
   <source>Show the night as bars of time</source>
   <translation>Die Nacht als Zeitbalken zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <source>Show the round display</source>
   <translation>Die runde Anzeige zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Show the script</source>
   <translation>Skript zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/window/tray.py" />
   <source>Show the window</source>
   <translation>Fenster zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Show tool {label}</source>
   <translation>Tool {label} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>Show white space to see it.</source>
   <translation>Leerraum einblenden, um es zu sehen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Show workstream {label}</source>
   <translation>Arbeitsstrang {label} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>Show {label}</source>
   <translation>{label} zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/more_button.py" />
   <source>Show {left:,} more</source>
   <translation>{left:,} weitere zeigen</translation>
  </message>
  <message>
   <location filename="../../gui/window/run_selector.py" />
   <source>Shown runs: {title}</source>
   <translation>Gezeigte Läufe: {title}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>Shown time</source>
   <translation>Gezeigte Zeit</translation>
  </message>
  <message>
   <location filename="../../gui/window/filter_chips.py" />
   <source>Shown too: only {kept}</source>
   <translation>Außerdem nur: {kept}</translation>
  </message>
  <message>
   <location filename="../../gui/window/filter_chips.py" />
   <source>Shown: only {kept}</source>
   <translation>Gezeigt: nur {kept}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/more_button.py" />
   <source>Shows the next {number:,}</source>
   <translation>Zeigt die nächsten {number:,}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Side by side</source>
   <translation>Nebeneinander</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Side by side or unified</source>
   <translation>Nebeneinander oder vereint</translation>
  </message>
  <message>
   <location filename="../../gui/app.py" />
   <source>Signalbox - Demo</source>
   <translation>Signalbox - Demo</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>Signalbox {version}</source>
   <translation>Signalbox {version}</translation>
  </message>
  <message>
   <location filename="../../gui/window/notifications.py" />
   <source>Signalbox: {counts}</source>
   <translation>Signalbox: {counts}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/job_field.py" />
   <source>Silent for</source>
   <translation>Still seit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Since last review</source>
   <translation>Seit letztem Review</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Since last review or whole change</source>
   <translation>Seit letztem Review oder ganze Änderung</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <source>Skipped</source>
   <translation>Übersprungen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>Slots in use</source>
   <translation>Belegte Slots</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>Slots {taken}/{limit}</source>
   <translation>Slots {taken}/{limit}</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Smaller text</source>
   <translation>Kleinere Schrift</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>Somebody else changed it to: {value}</source>
   <translation>Von jemand anderem geändert in: {value}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>Somebody else removed it; it was: {value}</source>
   <translation>Von jemand anderem entfernt; es war: {value}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Sound for</source>
   <translation>Ton bei</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Sound: {kind}</source>
   <translation>Ton: {kind}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>Source</source>
   <translation>Quelle</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Space</source>
   <translation>Leertaste</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/inspector.py" />
   <source>Stage</source>
   <translation>Stufe</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>Start</source>
   <translation>Start</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>Start again</source>
   <translation>Neu starten</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Start the engine again</source>
   <translation>Engine neu starten</translation>
  </message>
  <message>
   <location filename="../../gui/application/recovery_dialog.py" />
   <source>Start with an empty database</source>
   <translation>Mit leerer Datenbank starten</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/run_origin.py" />
   <source>Started by hand, of the recurring run {name}</source>
   <translation>Von Hand gestartet, vom wiederkehrenden Lauf {name}</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <source>Starting the engine…</source>
   <translation>Engine startet…</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>Starts at {at}, as its file says.</source>
   <translation>Startet um {at}, wie es die Datei sagt.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>Starts next.</source>
   <translation>Startet als Nächstes.</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/sheets/intake/dropped_file_delegate.py" />
   <source>State</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Step</source>
   <translation>Schritt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/details_panel.py" />
   <source>Steps</source>
   <translation>Schritte</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_pipeline_sheet.py" />
   <source>Steps of a workstream run one after the other, workstreams side by side. Nothing starts before you add it.</source>
   <translation>Schritte eines Arbeitsstrangs laufen nacheinander, Arbeitsstränge nebeneinander. Nichts startet vor dem Hinzufügen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_pipeline_sheet.py" />
   <source>Steps of the pipeline</source>
   <translation>Schritte der Pipeline</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/steps_view.py" />
   <source>Steps of the workstream</source>
   <translation>Schritte des Arbeitsstrangs</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_actions.py" />
   <source>Stop</source>
   <translation>Stoppen</translation>
  </message>
  <message>
   <location filename="../../gui/control/shutdown.py" />
   <source>Stopping the running jobs. The window closes when their processes have ended.</source>
   <translation>Die laufenden Jobs werden gestoppt. Das Fenster schließt sich, sobald ihre Prozesse beendet sind.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>Stopping; waiting for its processes to end.</source>
   <translation>Hält an; wartet auf das Ende seiner Prozesse.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <source>Stream</source>
   <translation>Kanal</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Submodule.</source>
   <translation>Submodul.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>Support bundle</source>
   <translation>Support-Paket</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Support bundle…</source>
   <translation>Support-Paket…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Switch on</source>
   <translation>Einschalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_model.py" />
   <source>Take out</source>
   <translation>Herausnehmen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>Take theirs</source>
   <translation>Fremde Fassung übernehmen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Task</source>
   <translation>Aufgabe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Teardown</source>
   <translation>Aufräumen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_from_template_sheet.py" />
   <location filename="../../gui/sheets/template_choice.py" />
   <source>Template</source>
   <translation>Vorlage</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Terminal</source>
   <translation>Terminal</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Test</source>
   <translation>Test</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>Test the sounds</source>
   <translation>Töne testen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>Testing</source>
   <translation>Test</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <source>Tests</source>
   <translation>Tests</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>Tests have not run on this attempt</source>
   <translation>Für diesen Versuch liefen noch keine Tests</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>Text</source>
   <translation>Text</translation>
  </message>
  <message>
   <location filename="../../gui/control/maintenance_tasks.py" />
   <source>That grant was revoked before.</source>
   <translation>Diese Freigabe wurde schon widerrufen.</translation>
  </message>
  <message>
   <location filename="../../gui/window/dock_area.py" />
   <source>The View menu opens each of them, and Reset layout brings the first ones back.</source>
   <translation>Das Menü Ansicht öffnet jeden davon; „Layout zurücksetzen“ bringt die ersten zurück.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/alarm_line.py" />
   <source>The alarm cannot be read right now: {error}</source>
   <translation>Der Alarm ist gerade nicht lesbar: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>The attempt ended without a change; its output says why.</source>
   <translation>Der Versuch endete ohne Änderung; seine Ausgabe sagt, warum.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>The attempts cannot be read right now: {error}</source>
   <translation>Die Versuche lassen sich gerade nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>The attempts could not be compared: {error}</source>
   <translation>Die Versuche konnten nicht verglichen werden: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/control/shutdown.py" />
   <source>The background engine did not start, so this window stays open. Its log is in the data folder.</source>
   <translation>Die Engine im Hintergrund ist nicht gestartet, also bleibt dieses Fenster offen. Ihr Log liegt im Datenordner.</translation>
  </message>
  <message>
   <location filename="../../gui/__main__.py" />
   <source>The backup was not restored. {error}</source>
   <translation>Die Sicherung wurde nicht wiederhergestellt. {error}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>The change cannot be shown.</source>
   <translation>Die Änderung lässt sich nicht anzeigen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>The changes are not known: {reason}</source>
   <translation>Die Änderungen sind nicht bekannt: {reason}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>The changes of this attempt are not recorded yet.</source>
   <translation>Die Änderungen dieses Versuchs sind noch nicht erfasst.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>The changes of this attempt are not recorded yet: {reason}.</source>
   <translation>Die Änderungen dieses Versuchs sind noch nicht erfasst: {reason}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>The changes of this attempt were not recorded.</source>
   <translation>Die Änderungen dieses Versuchs wurden nicht erfasst.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>The changes of this attempt were not recorded: {reason}.</source>
   <translation>Die Änderungen dieses Versuchs wurden nicht erfasst: {reason}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <source>The check has printed nothing.</source>
   <translation>Die Prüfung hat nichts ausgegeben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/returned_work.py" />
   <source>The check was red on top of {target}; approving tries again</source>
   <translation>Die Prüfung war rot auf {target}; Genehmigen versucht es erneut</translation>
  </message>
  <message>
   <location filename="../../engine/worktrees/making.py" />
   <source>The checkout is sparse: the worktree has the same files as your own tree, not all.</source>
   <translation>Der Checkout ist unvollständig (sparse): Der Worktree hat dieselben Dateien wie der eigene Baum, nicht alle.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The command cannot be read right now: {error}</source>
   <translation>Der Befehl lässt sich gerade nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job.py" />
   <location filename="../../gui/sheets/new_pipeline.py" />
   <source>The command line is not complete: {lower}.</source>
   <translation>Die Befehlszeile ist unvollständig: {lower}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>The command, one word per line</source>
   <translation>Der Befehl, ein Wort je Zeile</translation>
  </message>
  <message>
   <location filename="../../gui/application/recovery_dialog.py" />
   <source>The damaged file is moved aside and kept.</source>
   <translation>Die beschädigte Datei wird beiseitegelegt und bleibt erhalten.</translation>
  </message>
  <message>
   <location filename="../../gui/application/recovery_dialog.py" />
   <source>The database cannot be opened.</source>
   <translation>Die Datenbank lässt sich nicht öffnen.</translation>
  </message>
  <message>
   <location filename="../../gui/data/event_feed.py" />
   <source>The database cannot be read: {error}</source>
   <translation>Die Datenbank lässt sich nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_feed.py" />
   <source>The database is busy, so not all lines may be listed; search again.</source>
   <translation>Die Datenbank ist beschäftigt, darum fehlen vielleicht Zeilen; bitte erneut suchen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/maintenance_tasks.py" />
   <source>The database was copied to {copy}.</source>
   <translation>Die Datenbank wurde nach {copy} kopiert.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The editor {program} did not start; name another in Settings.</source>
   <translation>Der Editor {program} ist nicht gestartet; bitte in den Einstellungen einen anderen angeben.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>The engine has not answered yet. These jobs are added as soon as it does.</source>
   <translation>Die Engine hat noch nicht geantwortet. Sobald sie antwortet, werden diese Jobs hinzugefügt.</translation>
  </message>
  <message>
   <location filename="../../gui/control/engine_host.py" />
   <source>The engine has stopped; nothing was changed.</source>
   <translation>Die Engine hat angehalten; nichts wurde geändert.</translation>
  </message>
  <message>
   <location filename="../../gui/control/engine_host.py" />
   <source>The engine is not running; start it again first.</source>
   <translation>Die Engine läuft nicht; bitte zuerst neu starten.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>The engine is paused; nothing starts until you resume it.</source>
   <translation>Die Engine ist pausiert; nichts startet, bis sie fortgesetzt wird.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>The engine is stopping; nothing new starts.</source>
   <translation>Die Engine hält an; nichts Neues startet.</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>The engine stopped on an error at {at}. {sentence}</source>
   <translation>Die Engine hat um {at} mit einem Fehler angehalten. {sentence}</translation>
  </message>
  <message>
   <location filename="../../state/write_holds.py" />
   <source>The engine was resumed.</source>
   <translation>Die Engine wurde fortgesetzt.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <source>The file</source>
   <translation>Die Datei</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>The file of the rules; copy it to share them</source>
   <translation>Die Datei der Regeln; zum Weitergeben kopieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>The file was only renamed.</source>
   <translation>Die Datei wurde nur umbenannt.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>The first attempt</source>
   <translation>Der erste Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>The first pattern found in a line of output decides its level; other lines keep theirs.</source>
   <translation>Das erste Muster, das in einer Ausgabezeile gefunden wird, bestimmt ihre Stufe; andere Zeilen behalten ihre.</translation>
  </message>
  <message>
   <location filename="../../gui/window/maintenance_actions.py" />
   <source>The folder of an exported run</source>
   <translation>Der Ordner eines exportierten Laufs</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The folder of the inbox cannot be read right now: {error}</source>
   <translation>Der Ordner der Inbox lässt sich gerade nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The folder of this job is not known.</source>
   <translation>Der Ordner dieses Jobs ist nicht bekannt.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The folder {folder} does not exist any more.</source>
   <translation>Den Ordner {folder} gibt es nicht mehr.</translation>
  </message>
  <message>
   <location filename="../../gui/control/maintenance_tasks.py" />
   <source>The grant is revoked; what it covered waits for review again. Running jobs go on.</source>
   <translation>Die Freigabe ist widerrufen; was sie abdeckte, wartet wieder auf eine Prüfung. Laufende Jobs laufen weiter.</translation>
  </message>
  <message>
   <location filename="../../state/write_holds.py" />
   <source>The hold of a used-up budget was lifted.</source>
   <translation>Der Halt wegen eines verbrauchten Budgets wurde aufgehoben.</translation>
  </message>
  <message>
   <location filename="../../engine/host/watched_inbox.py" />
   <source>The inbox can be read again.</source>
   <translation>Die Inbox ist wieder lesbar.</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_router.py" />
   <source>The inbox has refused no file that is not dismissed.</source>
   <translation>Die Inbox hat keine Datei abgelehnt, die nicht ausgeblendet ist.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/edit_job_sheet.py" />
   <source>The job as JSON</source>
   <translation>Der Job als JSON</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <source>The job file</source>
   <translation>Die Job-Datei</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>The job works in the repository itself, where results of attempts are not kept, so they cannot be compared.</source>
   <translation>Der Job arbeitet im Repository selbst, wo Ergebnisse von Versuchen nicht aufbewahrt werden; daher lassen sie sich nicht vergleichen.</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/details/output_view.py" />
   <source>The last {n} lines; all of it is in Logs.</source>
   <translation>
    <numerusform>Die letzte Zeile; alles steht in den Logs.</numerusform>
    <numerusform>Die letzten {n} Zeilen; alles steht in den Logs.</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_text.py" />
   <source>The level rules cannot be shown: {reason}.</source>
   <translation>Die Stufenregeln sind nicht darstellbar: {reason}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_text.py" />
   <source>The level rules could not be saved: {reason}</source>
   <translation>Die Stufenregeln konnten nicht gespeichert werden: {reason}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_text.py" />
   <source>The level rules were not saved: {file} has changed since it was shown. Open the settings again.</source>
   <translation>Die Stufenregeln wurden nicht gespeichert: {file} hat sich seit dem Öffnen geändert. Die Einstellungen erneut öffnen.</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>The limits cannot be read right now: {error}</source>
   <translation>Die Limits lassen sich gerade nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/alarm_line.py" />
   <source>The line of the alarm is not kept any more.</source>
   <translation>Die Zeile des Alarms ist nicht mehr vorhanden.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_strip.py" />
   <source>The merge queue is empty.</source>
   <translation>Die Merge-Warteschlange ist leer.</translation>
  </message>
  <message>
   <location filename="../../engine/adapters/aider.py" />
   <source>The model did not answer.</source>
   <translation>Das Modell hat nicht geantwortet.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>The notes differ</source>
   <translation>Die Notizen sind verschieden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_feed.py" />
   <source>The output of this attempt was removed from the disk.</source>
   <translation>Die Ausgabe dieses Versuchs wurde von der Platte gelöscht.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>The outputs differ from line {number:,} on.</source>
   <translation>Die Ausgaben unterscheiden sich ab Zeile {number:,}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/help_sheet.py" />
   <source>The page</source>
   <translation>Die Seite</translation>
  </message>
  <message>
   <location filename="../../gui/window/screenshot.py" />
   <source>The picture cannot be written; check that its folder exists and is writable</source>
   <translation>Das Bild lässt sich nicht schreiben; gibt es den Ordner, und ist er beschreibbar?</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>The present database is kept next to it. Running jobs are stopped first; the queue stays paused.</source>
   <translation>Die jetzige Datenbank bleibt daneben erhalten. Zuerst werden laufende Jobs gestoppt; die Warteschlange bleibt pausiert.</translation>
  </message>
  <message>
   <location filename="../../engine/runners/recovery.py" />
   <source>The process beside it was killed, so how it ended is not known.</source>
   <translation>Sein Begleitprozess wurde abgeschossen; wie er endete, ist nicht bekannt.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>The process that compares has ended unexpectedly. Choose the attempts again to retry.</source>
   <translation>Der vergleichende Prozess ist unerwartet beendet. Versuche erneut wählen, um es zu wiederholen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/diff_client.py" />
   <source>The process that reads diffs crashed twice over this. Compare the commits with git, or open it again.</source>
   <translation>Der Prozess, der Diffs liest, ist hieran zweimal abgestürzt. Die Commits mit git vergleichen oder erneut öffnen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_reader.py" />
   <source>The process that reads job files ended early; add the files again.</source>
   <translation>Der Prozess, der Job-Dateien liest, endete zu früh; bitte die Dateien noch einmal hinzufügen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/output_client.py" />
   <source>The process that reads output keeps crashing; restart Signalbox to see output.</source>
   <translation>Der Prozess, der Ausgaben liest, stürzt immer wieder ab; Signalbox neu starten, um Ausgaben zu sehen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/trial_client.py" />
   <source>The process that reads the output ended. Try again.</source>
   <translation>Der Prozess, der die Ausgabe liest, ist beendet. Noch einmal versuchen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/line_commands.py" />
   <source>The raw line is not kept any more.</source>
   <translation>Die rohe Zeile ist nicht mehr vorhanden.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>The recurring run</source>
   <translation>Der wiederkehrende Lauf</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>The recurring run {name} is due next at {at}; it is queued only while a window or an engine is open.</source>
   <translation>Der wiederkehrende Lauf {name} ist als Nächstes um {at} fällig; eingereiht wird er nur, solange ein Fenster oder eine Engine offen ist.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>The results cannot be compared: {error}</source>
   <translation>Die Ergebnisse lassen sich nicht vergleichen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <source>The round display needs a wider panel</source>
   <translation>Die runde Anzeige braucht einen breiteren Bereich</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>The script</source>
   <translation>Das Skript</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/script_preview.py" />
   <source>The script cannot be shown: {reason}.</source>
   <translation>Das Skript lässt sich nicht zeigen: {reason}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/script_preview.py" />
   <source>The script has changed since this preview. Close it and open it again.</source>
   <translation>Das Skript hat sich seit dieser Vorschau geändert. Bitte schließen und wieder öffnen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>The second attempt</source>
   <translation>Der zweite Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>The sessions cannot be read right now: {error}</source>
   <translation>Die Sitzungen lassen sich gerade nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>The settings cannot be read right now: {error}</source>
   <translation>Die Einstellungen lassen sich gerade nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>The steps or workstreams it waits for, with commas between them</source>
   <translation>Die Schritte oder Arbeitsstränge, auf die er wartet, mit Kommas dazwischen</translation>
  </message>
  <message>
   <location filename="../../engine/runners/supervised_run.py" />
   <source>The system requested its end.</source>
   <translation>Das System hat sein Ende verlangt.</translation>
  </message>
  <message>
   <location filename="../../engine/merging/merge_steps.py" />
   <source>The target moved meanwhile, so it is rehearsed again.</source>
   <translation>Das Ziel hat sich inzwischen bewegt; es wird erneut geprobt.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The terminal {program} did not start; name another in Settings.</source>
   <translation>Das Terminal {program} ist nicht gestartet; bitte in den Einstellungen ein anderes angeben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/trial_client.py" />
   <source>The trial could not be carried out: {reason}</source>
   <translation>Die Probe war nicht möglich: {reason}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>The usage limit of {name} started anew.</source>
   <translation>Das Nutzungslimit von {name} hat neu begonnen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/line_reader.py" />
   <source>The whole line</source>
   <translation>Die ganze Zeile</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>The window's settings cannot be saved: {file}: {reason}. This layout lasts until the window closes.</source>
   <translation>Die Einstellungen des Fensters lassen sich nicht speichern: {file}: {reason}. Dieses Layout gilt, bis sich das Fenster schließt.</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>The window's settings were not used: {file}: {reason}. Defaults apply and the file is kept; move it away to save settings again.</source>
   <translation>Die Einstellungen des Fensters wurden nicht benutzt: {file}: {reason}. Es gelten die Vorgaben, und die Datei bleibt; wird sie verschoben, werden Einstellungen wieder gespeichert.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>The workstream has made no commit.</source>
   <translation>Der Arbeitsstrang hat keinen Commit gemacht.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The worktree {folder} has not been made yet: no job has started in it.</source>
   <translation>Den Worktree {folder} gibt es noch nicht: Kein Job ist darin gestartet.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The worktree {folder} was archived; `signalbox worktrees restore` brings it back.</source>
   <translation>Der Worktree {folder} wurde archiviert; `signalbox worktrees restore` bringt ihn zurück.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The worktree {folder} was removed, and its archive was pruned.</source>
   <translation>Der Worktree {folder} wurde entfernt, sein Archiv ebenfalls.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>The worktree {folder} was removed; its work is on its branch.</source>
   <translation>Der Worktree {folder} wurde entfernt; seine Arbeit liegt auf seinem Branch.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>Theme</source>
   <translation>Farbschema</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Theme: dark</source>
   <translation>Farbschema: dunkel</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Theme: follow the system</source>
   <translation>Farbschema: wie das System</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Theme: light</source>
   <translation>Farbschema: hell</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>Then</source>
   <translation>Danach</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Then tests</source>
   <translation>Dann Tests</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_draft.py" />
   <source>There is a recurring run of this name already.</source>
   <translation>Es gibt schon einen wiederkehrenden Lauf dieses Namens.</translation>
  </message>
  <message>
   <location filename="../../engine/host/host_events.py" />
   <source>There is enough room on the disk again.</source>
   <translation>Auf der Platte ist wieder genug Platz.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>There is no error.</source>
   <translation>Es gibt keinen Fehler.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_reader.py" />
   <source>There is no job file (.json, .yaml) in {names}.</source>
   <translation>In {names} gibt es keine Job-Datei (.json, .yaml).</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be accepted as is.</source>
   <translation>Hier gibt es keinen Job, der sich unverändert annehmen lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be cancelled.</source>
   <translation>Hier gibt es keinen Job, der sich abbrechen lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be edited.</source>
   <translation>Hier gibt es keinen Job, der sich bearbeiten lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be given a note.</source>
   <translation>Hier gibt es keinen Job, der eine Notiz bekommen kann.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be given another priority.</source>
   <translation>Hier gibt es keinen Job, dessen Priorität sich ändern lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be held.</source>
   <translation>Hier gibt es keinen Job, der sich anhalten lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be labelled.</source>
   <translation>Hier gibt es keinen Job, der Labels bekommen kann.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be moved.</source>
   <translation>Hier gibt es keinen Job, der sich verschieben lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be released.</source>
   <translation>Hier gibt es keinen Job, der sich freigeben lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be retried.</source>
   <translation>Hier gibt es keinen Job, der sich neu versuchen lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be sent back.</source>
   <translation>Hier gibt es keinen Job, der sich zurückgeben lässt.</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>There is no job here that can be used for this.</source>
   <translation>Hier gibt es keinen Job, für den das geht.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>There is no line of these levels.</source>
   <translation>Es gibt keine Zeile dieser Stufen.</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_router.py" />
   <source>There is no recurring run that was missed and not dismissed.</source>
   <translation>Es gibt keinen verpassten wiederkehrenden Lauf, der nicht ausgeblendet ist.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>There is no snapshot of the work of attempt {number}, so the results cannot be compared.</source>
   <translation>Von der Arbeit des Versuchs {number} gibt es keinen Schnappschuss, daher lassen sich die Ergebnisse nicht vergleichen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_draft.py" />
   <source>There is no such folder.</source>
   <translation>Diesen Ordner gibt es nicht.</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>There is no such folder. Choose another, or write its whole path.</source>
   <translation>Diesen Ordner gibt es nicht. Einen anderen wählen oder den ganzen Pfad angeben.</translation>
  </message>
  <message>
   <location filename="../../gui/control/closing_question.py" />
   <source>There is unfinished work</source>
   <translation>Es gibt unfertige Arbeit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>These cards cannot be moved to {column}</source>
   <translation>Diese Karten lassen sich nicht nach „{column}“ verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>They are counted, and are loaded when you scroll to them, filter, or select their run.</source>
   <translation>Sie sind mitgezählt und werden geladen, sobald zu ihnen gescrollt, gefiltert oder ihr Lauf ausgewählt wird.</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>They have ended well. A tool that is paid for costs money again.</source>
   <translation>Sie sind gut ausgegangen. Ein Tool, das bezahlt wird, kostet erneut Geld.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>They have printed nothing yet, or what they printed was removed.</source>
   <translation>Sie haben noch nichts ausgegeben, oder ihre Ausgabe wurde entfernt.</translation>
  </message>
  <message>
   <location filename="../../state/write_owner.py" />
   <source>This database comes from another home; what was queued there is held.</source>
   <translation>Diese Datenbank kommt aus einem anderen Home; was dort in der Warteschlange stand, ist angehalten.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>This file is generated.</source>
   <translation>Diese Datei ist generiert.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>This file is large.</source>
   <translation>Diese Datei ist groß.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>This file is too large to show.</source>
   <translation>Diese Datei ist zu groß zum Anzeigen.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/edit_job_sheet.py" />
   <source>This is a pipeline; only one job can be edited at a time.</source>
   <translation>Das ist eine Pipeline; bearbeiten lässt sich nur ein einzelner Job.</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>This is no git repository. Commands and tests can run here; for a coding tool, run git init in it and commit its files first.</source>
   <translation>Das ist kein Git-Repository. Befehle und Tests laufen hier; für ein Coding-Tool erst git init ausführen und die Dateien committen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>This is the last step.</source>
   <translation>Das ist der letzte Schritt.</translation>
  </message>
  <message>
   <location filename="../../gui/control/desktop_actions.py" />
   <source>This job has no command of its own; its tool builds one when it starts.</source>
   <translation>Dieser Job hat keinen eigenen Befehl; sein Tool baut einen, wenn er startet.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>This job has not had two attempts yet, so there is nothing to compare.</source>
   <translation>Dieser Job hatte noch keine zwei Versuche, also gibt es nichts zu vergleichen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>This job only reads; it changes no files.</source>
   <translation>Dieser Job liest nur; er ändert keine Dateien.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/help_sheet.py" />
   <source>This page is part of the program and needs no network.</source>
   <translation>Diese Seite gehört zum Programm und braucht kein Netz. Es gibt sie nur auf Englisch.</translation>
  </message>
  <message>
   <location filename="../../gui/guarded.py" />
   <source>This part of the window could not be drawn.</source>
   <translation>Dieser Teil des Fensters ließ sich nicht zeichnen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>This window is view-only: {reason}.</source>
   <translation>Dieses Fenster zeigt nur an: {reason}.</translation>
  </message>
  <message>
   <location filename="../../gui/window/observe_switch.py" />
   <source>This window only observes: it sends no commands. What runs and waits goes on.</source>
   <translation>Dieses Fenster beobachtet nur und sendet keine Befehle. Was läuft und wartet, geht weiter.</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_effects.py" />
   <source>This window only observes; Engine &gt; Send commands again changes that.</source>
   <translation>Dieses Fenster beobachtet nur; Engine &gt; Wieder Befehle senden ändert das.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Those before it take the free slots for account {key}; {rank}.</source>
   <translation>Die freien Slots für Konto {key} gehen an die davor; {rank}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Those before it take the free slots for {key}; {rank}.</source>
   <translation>Die freien Slots für {key} gehen an die davor; {rank}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Those before it take the free slots in group {key}; {rank}.</source>
   <translation>Die freien Slots in Gruppe {key} gehen an die davor; {rank}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Those before it take the free slots; {rank}.</source>
   <translation>Die freien Slots gehen an die davor; {rank}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Three steps</source>
   <translation>Drei Schritte</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Three steps to a first job. Nothing starts before you add it.</source>
   <translation>Drei Schritte zum ersten Job. Nichts startet, bevor es hinzugefügt wird.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>Time</source>
   <translation>Zeit</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>Time zone</source>
   <translation>Zeitzone</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>Timed out</source>
   <translation>Zeitüberschreitung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>Timeout</source>
   <translation>Zeitlimit</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>Timeout in minutes</source>
   <translation>Zeitlimit in Minuten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/new_pipeline_sheet.py" />
   <source>Title</source>
   <translation>Titel</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/board/painted_board.py" />
   <source>To decide</source>
   <translation>Zu entscheiden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/board/painted_board.py" />
   <source>To review</source>
   <translation>Zum Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>Too large to show; open it in an editor.</source>
   <translation>Zu groß zum Anzeigen; in einem Editor öffnen.</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>Took</source>
   <translation>Dauer</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/panels/details/facts.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/panels/logs/facets.py" />
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <location filename="../../gui/sheets/intake/dropped_file_delegate.py" />
   <location filename="../../gui/sheets/limits_sheet.py" />
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Tool</source>
   <translation>Tool</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>Tools that take over from {tool}</source>
   <translation>Tools, die von {tool} übernehmen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Trust this file as it is now</source>
   <translation>Dieser Datei vertrauen, wie sie jetzt ist</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Trust whatever the repository holds</source>
   <translation>Vertrauen, was auch immer im Repository steht</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>Trust while the repository stays as it is</source>
   <translation>Vertrauen, solange das Repository so bleibt</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/dashboard/dashboard_panel.py" />
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Try the demo</source>
   <translation>Demo ausprobieren</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Trying it on the output of the last {days} days: {done:,} of {total:,} attempts</source>
   <translation>Probe an der Ausgabe der letzten {days} Tage: {done:,} von {total:,} Versuchen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>Trying it on the output of the last {days} days…</source>
   <translation>Probe an der Ausgabe der letzten {days} Tage…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Twice here</source>
   <translation>Doppelt</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/data/command_captions.py" />
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>Undo</source>
   <translation>Rückgängig</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>Unfold the comments on {lines}</source>
   <translation>Kommentare zu {lines} aufklappen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_head.py" />
   <source>Unfold the file</source>
   <translation>Datei aufklappen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Unified</source>
   <translation>Untereinander</translation>
  </message>
  <message>
   <location filename="../../gui/window/job_questions.py" />
   <source>Urgent</source>
   <translation>Dringend</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Usage</source>
   <translation>Nutzung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>Used</source>
   <translation>Verbraucht</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Usual text size</source>
   <translation>Übliche Schriftgröße</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Valid</source>
   <translation>Gültig</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_from_template_sheet.py" />
   <source>Values of the template</source>
   <translation>Werte der Vorlage</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Variables passed on</source>
   <translation>Weitergegebene Variablen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>Very long lines are cut.</source>
   <translation>Sehr lange Zeilen sind gekürzt.</translation>
  </message>
  <message>
   <location filename="../../gui/window/engine_status.py" />
   <source>View only</source>
   <translation>Nur Ansicht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_head.py" />
   <source>Viewed</source>
   <translation>Angesehen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>Wait for it</source>
   <translation>Darauf warten</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/board/card_drop.py" />
   <location filename="../../gui/panels/board/painted_board.py" />
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>Waiting</source>
   <translation>Wartet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Waiting work cannot be moved to {column}</source>
   <translation>Wartende Arbeit lässt sich nicht nach „{column}“ verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>Waits for</source>
   <translation>Wartet auf</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Waits for a disk (its state allows no start); tried again at {at}.</source>
   <translation>Wartet auf eine Platte (ihr Zustand erlaubt keinen Start); neuer Versuch um {at}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Waits for a disk ({reason}); tried again at {at}.</source>
   <translation>Wartet auf eine Platte ({reason}); neuer Versuch um {at}.</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>Waits for review</source>
   <translation>Wartet auf Review</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Waits for {name} to finish.</source>
   <translation>Wartet, bis {name} fertig ist.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>Waits for {name}, which has not arrived.</source>
   <translation>Wartet auf {name}; das ist noch nicht da.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>Waits for {name}, which is held.</source>
   <translation>Wartet auf {name}; das ist angehalten.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>Waits for {name}: {why}.</source>
   <translation>Wartet auf {name}: {why}.</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <source>Welcome</source>
   <translation>Willkommen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Welcome to Signalbox</source>
   <translation>Willkommen bei Signalbox</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>What becomes of a time at which the run before is not over</source>
   <translation>Was aus einer Zeit wird, zu der der Lauf davor noch nicht zu Ende ist</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>What becomes of times that pass while no engine runs</source>
   <translation>Was aus Zeiten wird, zu denen keine Engine läuft</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>What differs</source>
   <translation>Was sich unterscheidet</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>What differs between the attempts</source>
   <translation>Was die Versuche unterscheidet</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>What helps others to find a fault. Nothing is sent: look at each file, leave out what you like, save the rest. Secrets are left out or masked.</source>
   <translation>Was anderen hilft, einen Fehler zu finden. Nichts wird gesendet: Jede Datei lässt sich ansehen und weglassen; der Rest wird gespeichert. Geheimnisse sind entfernt oder maskiert.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>What recurs</source>
   <translation>Was wiederkehrt</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/sheets/recurring_list.py" />
   <source>What runs</source>
   <translation>Was läuft</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>What runs is on a card that needs you.</source>
   <translation>Was läuft, steht auf einer Karte, die zu klären ist.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/check_log_sheet.py" />
   <source>What the check has printed</source>
   <translation>Was die Prüfung ausgegeben hat</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>What the limit counts</source>
   <translation>Was das Limit zählt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_tools.py" />
   <source>What the rows are grouped by</source>
   <translation>Wonach die Zeilen gruppiert sind</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/decisions.py" />
   <location filename="../../gui/panels/review/words_field.py" />
   <location filename="../../gui/sheets/follow_up_sheet.py" />
   <source>What to do next</source>
   <translation>Was als Nächstes zu tun ist</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>What was due under its name before stays done or missed.</source>
   <translation>Was unter dem bisherigen Namen fällig war, bleibt erledigt oder verpasst.</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>What went wrong</source>
   <translation>Was schiefging</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_strip.py" />
   <source>What you just did, as a command line:</source>
   <translation>Die letzte Aktion als Befehlszeile:</translation>
  </message>
  <message>
   <location filename="../../gui/window/command_strip.py" />
   <source>What you just did: {command}</source>
   <translation>Letzte Aktion: {command}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>What you want to remember about it</source>
   <translation>Was zu diesem Job nicht vergessen werden soll</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_trust_note.py" />
   <source>What {name} starts is not trusted yet: its first run waits for you.</source>
   <translation>Dem, was {name} startet, wird noch nicht vertraut: Der erste Lauf wartet auf Freigabe.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_file_delegate.py" />
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/sheets/recurring_list.py" />
   <source>When</source>
   <translation>Wann</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>When an account is out of quota</source>
   <translation>Wenn das Kontingent eines Kontos verbraucht ist</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>When the attempts of a job have cost this much, no further one starts until you raise it.</source>
   <translation>Haben die Versuche eines Jobs so viel gekostet, startet keiner mehr, bis das Budget erhöht wird.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>When the jobs of a day have cost this much, no further one starts until you raise it.</source>
   <translation>Haben die Jobs eines Tages so viel gekostet, startet keiner mehr, bis das Budget erhöht wird.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>When the jobs of a run have cost this much, no further one of it starts until you raise it.</source>
   <translation>Haben die Jobs eines Laufs so viel gekostet, startet keiner davon mehr, bis das Budget erhöht wird.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/new_from_template_sheet.py" />
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/new_pipeline_sheet.py" />
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>Where</source>
   <translation>Wo</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>Where the job works</source>
   <translation>Wo der Job arbeitet</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/layouts_sheet.py" />
   <source>Where the panels stand and which are shown. View &gt; Reset layout brings the first one back.</source>
   <translation>Wo die Bereiche stehen und welche zu sehen sind. Ansicht &gt; Layout zurücksetzen bringt das erste zurück.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/away_card.py" />
   <source>While you were away</source>
   <translation>In der Zwischenzeit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>While you were away, {span}</source>
   <translation>In der Zwischenzeit, {span}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>Whole change</source>
   <translation>Ganze Änderung</translation>
  </message>
  <message>
   <location filename="../../gui/window/details_inspector.py" />
   <source>Width of the details</source>
   <translation>Breite der Details</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>Will be held</source>
   <translation>Wird angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>Withdrawn</source>
   <translation>Zurückgezogen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_groups.py" />
   <source>Without a repository</source>
   <translation>Ohne Repository</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <source>Work</source>
   <translation>Strang</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Work starts by itself when a slot is free</source>
   <translation>Arbeit startet von selbst, sobald ein Slot frei ist</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Work that needs you cannot be moved to {column}</source>
   <translation>Arbeit, die zu klären ist, lässt sich nicht nach „{column}“ verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>Work under review cannot be moved to {column}</source>
   <translation>Arbeit im Review lässt sich nicht nach „{column}“ verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <location filename="../../gui/panels/jobs/job_field.py" />
   <location filename="../../gui/panels/logs/facets.py" />
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <location filename="../../gui/sheets/intake/dropped_file_delegate.py" />
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>Workstream</source>
   <translation>Arbeitsstrang</translation>
  </message>
  <message>
   <location filename="../../gui/control/action_table.py" />
   <location filename="../../gui/panels/board/board_panel.py" />
   <location filename="../../gui/window/dock_table.py" />
   <source>Workstreams</source>
   <translation>Arbeitsstränge</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stage_matrix.py" />
   <source>Workstreams by stage</source>
   <translation>Arbeitsstränge nach Stufe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>Worktree</source>
   <translation>Worktree</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>Worktrees {size}</source>
   <translation>Worktrees {size}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>Worth knowing</source>
   <translation>Wissenswertes</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>Would be pruned: {sentence}.</source>
   <translation>Entfernt würde: {sentence}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <source>Wrap</source>
   <translation>Umbrechen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/output_view.py" />
   <source>Wrap long lines</source>
   <translation>Lange Zeilen umbrechen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_page.py" />
   <source>Write new rules into another file of that name</source>
   <translation>Neue Regeln in eine andere Datei dieses Namens schreiben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>You</source>
   <translation>Ich</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>You are notified of the first line of a job that matches.</source>
   <translation>Die erste passende Zeile eines Jobs wird gemeldet.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>You are notified, and what waits in its workstream is held.</source>
   <translation>Es wird gemeldet, und was im Arbeitsstrang wartet, wird angehalten.</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>You can trust these once you have looked at every command: {n} are left (Next command).</source>
   <translation>
    <numerusform>Das Vertrauen ist möglich, sobald jeder Befehl angesehen wurde: {n} fehlt noch (Nächster Befehl).</numerusform>
    <numerusform>Das Vertrauen ist möglich, sobald jeder Befehl angesehen wurde: {n} fehlen noch (Nächster Befehl).</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>ZIP archives (*.zip)</source>
   <translation>ZIP-Archive (*.zip)</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/script_preview.py" />
   <source>[{more:,} bytes more; open it in an editor]</source>
   <translation>[{more:,} Bytes mehr; bitte in einem Editor öffnen]</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>a job or pipeline file</source>
   <translation>eine Job- oder Pipeline-Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>a textual conflict with {name}</source>
   <translation>ein Textkonflikt mit {name}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>a tool was updated</source>
   <translation>ein Tool wurde aktualisiert</translation>
  </message>
  <message>
   <location filename="../../engine/system/cost_text.py" />
   <location filename="../../gui/data/cost_captions.py" />
   <source>about {amount}</source>
   <translation>etwa {amount}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>about {at}</source>
   <translation>etwa {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>accept it as it is, or release it to run it again</source>
   <translation>unverändert annehmen, oder freigeben, um ihn erneut auszuführen</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>accept {what}</source>
   <translation>{what} annehmen</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>account</source>
   <translation>Konto</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>added</source>
   <translation>hinzugefügt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/diff_lines.py" />
   <source>added, line {number}, {text}</source>
   <translation>hinzugefügt, Zeile {number}, {text}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>after {name}</source>
   <translation>nach {name}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/filter_sets_sheet.py" />
   <source>alarm: {action}</source>
   <translation>Alarm: {action}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_figures.py" />
   <source>all runs, {counts}</source>
   <translation>alle Läufe, {counts}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>an unknown tool</source>
   <translation>ein unbekanntes Tool</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/state_menu.py" />
   <location filename="../../gui/panels/radar/stuck_line.py" />
   <source>and {number:,} more</source>
   <translation>und {number:,} weitere</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pointer.py" />
   <source>and {number:,} more; double click or Shift+Return lists them</source>
   <translation>und {number:,} weitere; Doppelklick oder Umschalt+Eingabe listet sie auf</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/edit_job_sheet.py" />
   <source>and {number} more</source>
   <translation>und {number} weitere</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>and {n} more accounts</source>
   <translation>
    <numerusform>und {n} weiteres Konto</numerusform>
    <numerusform>und {n} weitere Konten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/status_bar.py" />
   <source>and {n} more worktrees</source>
   <translation>
    <numerusform>und {n} weiterer Worktree</numerusform>
    <numerusform>und {n} weitere Worktrees</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_differences.py" />
   <source>another failure</source>
   <translation>anderer Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>another job is called {job}; tick it to add this one under a new id</source>
   <translation>ein anderer Job heißt {job}; anhaken, um diesen unter einer neuen ID hinzuzufügen</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>approve {what}</source>
   <translation>{what} genehmigen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>archived</source>
   <translation>archiviert</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>as above</source>
   <translation>wie oben</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>as the job says</source>
   <translation>wie der Job es sagt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>as you reviewed it at {at}</source>
   <translation>wie um {at} geprüft</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>asleep</source>
   <translation>im Ruhezustand</translation>
  </message>
  <message>
   <location filename="../../engine/system/cost_text.py" />
   <location filename="../../gui/data/cost_captions.py" />
   <source>at least {amount}</source>
   <translation>mindestens {amount}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>at once</source>
   <translation>sofort</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/quota_bands.py" />
   <source>at this pace {share} by {at}</source>
   <translation>bei diesem Tempo {share} um {at}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>at {moment}</source>
   <translation>um {moment}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <location filename="../../gui/panels/review/threads.py" />
   <source>attempt {number}</source>
   <translation>Versuch {number}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>attempt {number} did not end well</source>
   <translation>Versuch {number} ging nicht gut aus</translation>
  </message>
  <message>
   <location filename="../../gui/data/cards_model.py" />
   <source>attempt {number} of {most}</source>
   <translation>Versuch {number} von {most}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_block.py" />
   <source>attempt {number} of {most}, {job_id}</source>
   <translation>Versuch {number} von {most}, {job_id}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>attempt {number} worked on it</source>
   <translation>Versuch {number} hat daran gearbeitet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>attempt {number} works on it</source>
   <translation>Versuch {number} arbeitet daran</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>attempt {number} works on your comments</source>
   <translation>Versuch {number} arbeitet an den Kommentaren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>attempt {number}, {tool}, {at}</source>
   <translation>Versuch {number}, {tool}, {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempts_timeline.py" />
   <source>attempt {number}, {tool}, {word}, {at}, {length}</source>
   <translation>Versuch {number}, {tool}, {word}, {at}, {length}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>backing off</source>
   <translation>wartet vor neuem Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>backing off, then waiting for a slot</source>
   <translation>Pause vor dem neuen Versuch, dann Warten auf einen Slot</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>base commit</source>
   <translation>Basis-Commit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/reviewing.py" />
   <source>before the attempt</source>
   <translation>vor dem Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_strip.py" />
   <source>before: {number:,}</source>
   <translation>zuvor: {number:,}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>being written</source>
   <translation>in Arbeit</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <source>blocked</source>
   <translation>blockiert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/arc_painter.py" />
   <source>both changed</source>
   <translation>beide geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>both changed it: {first} and {second}</source>
   <translation>beide haben sie geändert: {first} und {second}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/legend.py" />
   <source>both changed the file</source>
   <translation>beide haben die Datei geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/legend.py" />
   <source>both declare the file</source>
   <translation>beide kündigen die Datei an</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/schedule.py" />
   <source>both write in {place}</source>
   <translation>beide schreiben in {place}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/schedule.py" />
   <source>both write some of the same files in {place}</source>
   <translation>beide schreiben teils dieselben Dateien in {place}</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>budget of run {run} used up</source>
   <translation>Budget des Laufs {run} aufgebraucht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>budget used up</source>
   <translation>Budget aufgebraucht</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>built in</source>
   <translation>eingebaut</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>by hand</source>
   <translation>von Hand</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>cancel {what}</source>
   <translation>{what} abbrechen</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <location filename="../../gui/data/card_words.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>cancelled</source>
   <translation>abgebrochen</translation>
  </message>
  <message>
   <location filename="../../gui/data/card_words.py" />
   <source>cancelled at {at}</source>
   <translation>abgebrochen um {at}</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>change the priority of {what}</source>
   <translation>Priorität von {what} ändern</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>changed files</source>
   <translation>geänderte Dateien</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/attempt_differences.py" />
   <source>changed {n} fewer files</source>
   <translation>
    <numerusform>{n} Datei weniger geändert</numerusform>
    <numerusform>{n} Dateien weniger geändert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/attempt_differences.py" />
   <source>changed {n} more files</source>
   <translation>
    <numerusform>{n} Datei mehr geändert</numerusform>
    <numerusform>{n} Dateien mehr geändert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/attempt_differences.py" />
   <source>changed {n} other files</source>
   <translation>
    <numerusform>{n} andere Datei geändert</numerusform>
    <numerusform>{n} andere Dateien geändert</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/marks.py" />
   <source>check {check}</source>
   <translation>Prüfung {check}</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>checking the merge</source>
   <translation>Merge wird geprüft</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>choose…</source>
   <translation>wählen…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>clock set ahead</source>
   <translation>Uhr vorgestellt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>clock set back</source>
   <translation>Uhr zurückgestellt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/title_tools.py" />
   <source>comment</source>
   <translation>kommentieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>committed as {commit}</source>
   <translation>committet als {commit}</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <location filename="../../gui/data/card_words.py" />
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/data/status_verbs.py" />
   <source>completed</source>
   <translation>abgeschlossen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/arc_painter.py" />
   <source>conflict</source>
   <translation>Konflikt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>conflict with {names}</source>
   <translation>Konflikt mit {names}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>conflict with {target}: {files}</source>
   <translation>Konflikt mit {target}: {files}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>conflict with {target}: {files}, which {rivals} changed too</source>
   <translation>Konflikt mit {target}: {files}, auch geändert von {rivals}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/lane_marks.py" />
   <source>conflicts with {target} in {files}</source>
   <translation>Konflikt mit {target} in {files}</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <source>cost</source>
   <translation>Kosten</translation>
  </message>
  <message>
   <location filename="../../gui/data/cost_captions.py" />
   <source>cost unknown</source>
   <translation>Kosten unbekannt</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>could not start</source>
   <translation>konnte nicht starten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>daily</source>
   <translation>täglich</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/legend.py" />
   <source>dashed grey line of the selection</source>
   <translation>gestrichelte graue Linie der Auswahl</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>day's budget used up</source>
   <translation>Tagesbudget aufgebraucht</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>days ago</source>
   <translation>Tagen</translation>
  </message>
  <message>
   <location filename="../../gui/data/level_captions.py" />
   <source>debug</source>
   <translation>Debug</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>default</source>
   <translation>Standard</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>deleted</source>
   <translation>gelöscht</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>discard {what}</source>
   <translation>{what} verwerfen</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>discarded</source>
   <translation>verworfen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>disk has room</source>
   <translation>Platte hat wieder Platz</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>disk low</source>
   <translation>Platte fast voll</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>dismiss {what}</source>
   <translation>{what} ausblenden</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>done</source>
   <translation>fertig</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_groups.py" />
   <source>done by {at}</source>
   <translation>fertig: {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>draining</source>
   <translation>läuft leer</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>duration</source>
   <translation>Dauer</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>edit {what}</source>
   <translation>{what} bearbeiten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>eighth in queue</source>
   <translation>als 8. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <source>elapsed</source>
   <translation>Dauer</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_model.py" />
   <source>empty</source>
   <translation>leer</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>ended</source>
   <translation>Ende</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_groups.py" />
   <source>ended {at}</source>
   <translation>beendet {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>engine restarted</source>
   <translation>Engine neu gestartet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>engine started</source>
   <translation>Engine gestartet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>engine was killed</source>
   <translation>Engine wurde getötet</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>environment</source>
   <translation>Umgebung</translation>
  </message>
  <message>
   <location filename="../../gui/data/level_captions.py" />
   <location filename="../../gui/panels/logs/footer.py" />
   <source>error</source>
   <translation>Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>escalated from {tool}</source>
   <translation>eskaliert von {tool}</translation>
  </message>
  <message>
   <location filename="../../gui/data/level_captions.py" />
   <source>event</source>
   <translation>Ereignis</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>exit code</source>
   <translation>Exit-Code</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/data/status_verbs.py" />
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>failed</source>
   <translation>fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>failed the same way</source>
   <translation>auf dieselbe Art fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>fifth in queue</source>
   <translation>als 5. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/title_tools.py" />
   <source>file</source>
   <translation>Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_figures.py" />
   <source>filtered jobs: {counts}</source>
   <translation>gefilterte Jobs: {counts}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_figures.py" />
   <source>filtered levels: {counts}</source>
   <translation>gefilterte Stufen: {counts}</translation>
  </message>
  <message>
   <location filename="../../gui/data/filter_captions.py" />
   <source>filtered: {limits}</source>
   <translation>gefiltert: {limits}</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>first error</source>
   <translation>erster Fehler</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>first in the queue</source>
   <translation>als Nächstes in der Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>folded</source>
   <translation>eingeklappt</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>follow-up</source>
   <translation>Nachtrag</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>for its turn in {target}</source>
   <translation>bis es in {target} an der Reihe ist</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>for {name}</source>
   <translation>auf {name}</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>found</source>
   <translation>gefunden</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <location filename="../../gui/sheets/tool_form.py" />
   <source>found on PATH</source>
   <translation>im PATH gefunden</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>found, but it does not answer</source>
   <translation>gefunden, antwortet aber nicht</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>fourth in queue</source>
   <translation>als 4. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>from the inbox: {names}</source>
   <translation>aus der Inbox: {names}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>from the job file</source>
   <translation>aus der Job-Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter.py" />
   <source>from {at}</source>
   <translation>ab {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>from {folders}: {names}</source>
   <translation>aus {folders}: {names}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>from {port}</source>
   <translation>ab {port}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>further arguments for pytest, or nothing</source>
   <translation>weitere Argumente für pytest oder nichts</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_delegate.py" />
   <location filename="../../gui/panels/review/side_model.py" />
   <source>generated</source>
   <translation>generiert</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>git was not found on PATH. Commands and tests can run here; coding tools need git, so install it.</source>
   <translation>git wurde in PATH nicht gefunden. Befehle und Tests laufen hier; Coding-Tools brauchen git, also bitte installieren.</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>held</source>
   <translation>angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>held by you</source>
   <translation>von Hand angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>held until you look at it</source>
   <translation>angehalten, bis er angesehen wurde</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>held until you trust it</source>
   <translation>angehalten, bis ihm vertraut wird</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>held, budget used up</source>
   <translation>angehalten, Budget aufgebraucht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>held, its start has conflicts</source>
   <translation>angehalten, sein Start hat Konflikte</translation>
  </message>
  <message>
   <location filename="../../gui/window/filter_chips.py" />
   <source>hides {hidden:,}</source>
   <translation>verbirgt {hidden:,}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/filter_chips.py" />
   <source>hides {n} runs</source>
   <translation>
    <numerusform>verbirgt {n} Lauf</numerusform>
    <numerusform>verbirgt {n} Läufe</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>hold the merge of {what}</source>
   <translation>Merge von {what} anhalten</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>hold {n} workstreams</source>
   <translation>
    <numerusform>{n} Arbeitsstrang anhalten</numerusform>
    <numerusform>{n} Arbeitsstränge anhalten</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>hold {what}</source>
   <translation>{what} anhalten</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>holds no jobs</source>
   <translation>enthält keine Jobs</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_delegate.py" />
   <source>holds up {number:,}</source>
   <translation>hält {number:,} auf</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/title_tools.py" />
   <source>hunk</source>
   <translation>Hunk</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/diff_lines.py" />
   <location filename="../../gui/panels/review/diff_pane.py" />
   <source>hunk {number} of {count}</source>
   <translation>Hunk {number} von {count}</translation>
  </message>
  <message>
   <location filename="../../gui/window/notifications.py" />
   <source>idle</source>
   <translation>in Ruhe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>ids of jobs it waits for</source>
   <translation>IDs der Jobs, auf die er wartet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>if it fails: a person decides</source>
   <translation>bei Fehlschlag: ein Mensch entscheidet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>if it fails: attempt {number} of {most}</source>
   <translation>bei Fehlschlag: Versuch {number} von {most}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>if it fails: escalate to {tool}</source>
   <translation>bei Fehlschlag: Eskalation an {tool}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>if it fails: quarantine</source>
   <translation>bei Fehlschlag: Quarantäne</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>in general</source>
   <translation>allgemein</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>in scope</source>
   <translation>im Rahmen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>in the inbox: {reason}</source>
   <translation>in der Inbox: {reason}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>in the inbox: {reason}; and {number:,} more</source>
   <translation>in der Inbox: {reason}; und {number:,} weitere</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>in the merge queue</source>
   <translation>in der Merge-Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/data/level_captions.py" />
   <source>info</source>
   <translation>Info</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <location filename="../../gui/data/attempts_model.py" />
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>interrupted</source>
   <translation>unterbrochen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>into</source>
   <translation>nach</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>into {target}</source>
   <translation>nach {target}</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>is checked on top of {target}</source>
   <translation>wird auf {target} geprüft</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>is held</source>
   <translation>ist angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>is in the merge queue</source>
   <translation>ist in der Merge-Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_list.py" />
   <source>is not valid</source>
   <translation>ist nicht gültig</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>is quarantined</source>
   <translation>ist in Quarantäne</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>is queued</source>
   <translation>ist in der Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>is running</source>
   <translation>läuft</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>it can be restored</source>
   <translation>wiederherstellbar</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>it has format {written}, this Signalbox knows up to {known}</source>
   <translation>sie hat Format {written}, dieses Signalbox kennt bis {known}</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>it has no format number</source>
   <translation>sie hat keine Formatnummer</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>it is empty</source>
   <translation>sie ist leer</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>it is larger than {number} bytes</source>
   <translation>sie ist größer als {number} Bytes</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>it is not a JSON object</source>
   <translation>sie ist kein JSON-Objekt</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>it is not valid JSON ({error})</source>
   <translation>sie ist kein gültiges JSON ({error})</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>it runs this once, as shown here</source>
   <translation>läuft es dieses eine Mal, wie hier gezeigt</translation>
  </message>
  <message>
   <location filename="../../gui/app.py" />
   <source>it was opened without an engine</source>
   <translation>es wurde ohne Engine geöffnet</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>its archive was pruned</source>
   <translation>sein Archiv wurde entfernt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/lane_marks.py" />
   <source>its check fails</source>
   <translation>die Prüfung schlägt fehl</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>its work is archived; it can be restored</source>
   <translation>seine Arbeit ist archiviert; sie lässt sich wiederherstellen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>job_id {job} is also in {name}; give one of them another id</source>
   <translation>job_id {job} steht auch in {name}; einer von beiden braucht eine andere ID</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>label {what}</source>
   <translation>{what} mit Label versehen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>last {days} days</source>
   <translation>letzte {days} Tage</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_draft.py" />
   <source>leave it out</source>
   <translation>auslassen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>less than a minute</source>
   <translation>weniger als einer Minute</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>line {line}: {problem}</source>
   <translation>Zeile {line}: {problem}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>loaded {loaded:,} lines</source>
   <translation>{loaded:,} Zeilen geladen</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>loaded {loaded:,} of {n} lines</source>
   <translation>
    <numerusform>{loaded:,} von {n} Zeile geladen</numerusform>
    <numerusform>{loaded:,} von {n} Zeilen geladen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>log-in not checked</source>
   <translation>Anmeldung nicht geprüft</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <location filename="../../gui/sheets/tool_form.py" />
   <source>logged in</source>
   <translation>angemeldet</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <location filename="../../gui/sheets/tool_form.py" />
   <source>looking for it…</source>
   <translation>wird gesucht…</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>looking…</source>
   <translation>wird gesucht…</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>machine was asleep</source>
   <translation>Rechner war im Ruhezustand</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/footer.py" />
   <source>match</source>
   <translation>Treffer</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>may be left empty</source>
   <translation>darf leer bleiben</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>merge held</source>
   <translation>Merge angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>merge waits</source>
   <translation>Merge wartet</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>merged</source>
   <translation>gemergt</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>merged into {target}</source>
   <translation>in {target} gemergt</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>missed</source>
   <translation>verpasst</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>model</source>
   <translation>Modell</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>modified</source>
   <translation>geändert</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>move {what}</source>
   <translation>{what} verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>need you</source>
   <translation>zu klären</translation>
  </message>
  <message>
   <location filename="../../gui/data/filter_captions.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>needs you</source>
   <translation>zu klären</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>next free slot</source>
   <translation>nächster freier Slot</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>next to start first</source>
   <translation>nächster Start zuerst</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>next window</source>
   <translation>nächstes Fenster</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>next {at}: {name}</source>
   <translation>als Nächstes {at}: {name}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>ninth in queue</source>
   <translation>als 9. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <source>no cost reported</source>
   <translation>keine Kosten gemeldet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>no engine</source>
   <translation>keine Engine</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>no level</source>
   <translation>keine Stufe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/limits_sheet.py" />
   <source>no limit</source>
   <translation>kein Limit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>no scope declared</source>
   <translation>kein Rahmen angekündigt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>no slot</source>
   <translation>kein Slot</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>no tests</source>
   <translation>keine Tests</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>no textual conflict with {name}</source>
   <translation>kein Textkonflikt mit {name}</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <location filename="../../gui/panels/dashboard/chart_plots.py" />
   <location filename="../../gui/panels/details/facts.py" />
   <location filename="../../gui/panels/review/file_words.py" />
   <location filename="../../gui/sheets/limits_sheet.py" />
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <location filename="../../gui/sheets/template_fields.py" />
   <source>none</source>
   <translation>keine</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>none of its own</source>
   <translation>keine eigenen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>none yet</source>
   <translation>noch keine</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>none: jobs from the inbox wait for you</source>
   <translation>keine: Jobs aus der Inbox warten auf Prüfung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>not added</source>
   <translation>nicht hinzugefügt</translation>
  </message>
  <message>
   <location filename="../../gui/data/filter_captions.py" />
   <source>not filtered by {parts}</source>
   <translation>nicht gefiltert nach {parts}</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>not found</source>
   <translation>nicht gefunden</translation>
  </message>
  <message>
   <location filename="../../gui/data/welcome_words.py" />
   <source>not logged in</source>
   <translation>nicht angemeldet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>not made yet</source>
   <translation>noch nicht angelegt</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <source>not queued</source>
   <translation>nicht eingereiht</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <source>not started</source>
   <translation>nicht gestartet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>not viewed</source>
   <translation>nicht angesehen</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>note on {what}</source>
   <translation>Notiz zu {what}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>nothing is running</source>
   <translation>nichts läuft</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tools_page.py" />
   <source>nothing known</source>
   <translation>nichts bekannt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>nothing more in this workstream</source>
   <translation>nichts mehr in diesem Arbeitsstrang</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>nothing to merge</source>
   <translation>nichts zu mergen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>nothing to say yet</source>
   <translation>noch nichts zu sagen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>nothing waits for it</source>
   <translation>nichts wartet darauf</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>nothing yet</source>
   <translation>noch nichts</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_differences.py" />
   <source>now also {names}</source>
   <translation>jetzt auch {names}</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_differences.py" />
   <source>now {now:,} failed instead of {was:,}</source>
   <translation>jetzt {now:,} statt {was:,} fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>number</source>
   <translation>Zahl</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>number from {least} to {most}</source>
   <translation>Zahl von {least} bis {most}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>number of at least {least}</source>
   <translation>Zahl ab {least}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>number of at most {most}</source>
   <translation>Zahl bis {most}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>number {place:,} in queue</source>
   <translation>als {place:,}. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>number {position} in the queue</source>
   <translation>Platz {position} in der Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_choice.py" />
   <source>of the repository</source>
   <translation>des Repositorys</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_strip.py" />
   <source>of {amount}</source>
   <translation>von {amount}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>older lines are being counted</source>
   <translation>ältere Zeilen werden gezählt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>oldest first</source>
   <translation>älteste zuerst</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <location filename="../../gui/panels/dashboard/needs_section.py" />
   <source>oldest {age}</source>
   <translation>älteste {age}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>on top of {target}</source>
   <translation>auf {target}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_strip.py" />
   <source>one at a time; each is tested on top of the target</source>
   <translation>eins nach dem anderen; jedes wird auf dem Ziel getestet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>only declared: {first} and {second}</source>
   <translation>nur angekündigt: {first} und {second}</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>only here {names}</source>
   <translation>nur hier {names}</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>only here {names}, {number:,} more</source>
   <translation>nur hier {names} und {number:,} weitere</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>open</source>
   <translation>offen</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/attempt_differences.py" />
   <source>other tests: {names}</source>
   <translation>
    <numerusform>anderer Test: {names}</numerusform>
    <numerusform>andere Tests: {names}</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <source>out of quota</source>
   <translation>Kontingent verbraucht</translation>
  </message>
  <message>
   <location filename="../../gui/data/level_captions.py" />
   <source>output</source>
   <translation>Ausgabe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>outside the scope</source>
   <translation>außerhalb des Rahmens</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>passed</source>
   <translation>bestanden</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>path</source>
   <translation>Pfad</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <location filename="../../gui/sheets/recurring_list.py" />
   <source>paused</source>
   <translation>pausiert</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>permission</source>
   <translation>Berechtigung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>permission {permission}</source>
   <translation>Berechtigung {permission}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_delegate.py" />
   <source>plan {done}/{total}</source>
   <translation>Plan {done}/{total}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/marks.py" />
   <source>predicted {conflict}</source>
   <translation>vorhergesagt: {conflict}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/schedule.py" />
   <source>priority {number} through {name}</source>
   <translation>Priorität {number} durch {name}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_view.py" />
   <source>progress</source>
   <translation>Fortschritt</translation>
  </message>
  <message>
   <location filename="../../gui/data/job_display.py" />
   <source>quarantined</source>
   <translation>in Quarantäne</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>queued</source>
   <translation>eingereiht</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <source>queued late</source>
   <translation>verspätet eingereiht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>quota until {at}</source>
   <translation>Kontingent bis {at}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>reading it…</source>
   <translation>wird gelesen…</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>recurring runs missed</source>
   <translation>
    <numerusform>wiederkehrender Lauf verpasst</numerusform>
    <numerusform>wiederkehrende Läufe verpasst</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/legend.py" />
   <source>red line</source>
   <translation>rote Linie</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>red on top of {target}</source>
   <translation>rot auf {target}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>release it to queue it</source>
   <translation>freigeben, um ihn einzureihen</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>release the merge of {what}</source>
   <translation>Merge von {what} freigeben</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>release {n} workstreams</source>
   <translation>
    <numerusform>{n} Arbeitsstrang freigeben</numerusform>
    <numerusform>{n} Arbeitsstränge freigeben</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>release {what}</source>
   <translation>{what} freigeben</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>remove {what}</source>
   <translation>{what} entfernen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>removed</source>
   <translation>entfernt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>removed, and its archive was pruned</source>
   <translation>entfernt, auch sein Archiv</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/diff_lines.py" />
   <source>removed, line {number}, {text}</source>
   <translation>entfernt, Zeile {number}, {text}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>renamed</source>
   <translation>umbenannt</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>repository</source>
   <translation>Repository</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>restore {what}</source>
   <translation>{what} wiederherstellen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>resumed</source>
   <translation>fortgesetzt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>retry it, or accept it as it is</source>
   <translation>neu versuchen oder unverändert annehmen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>retry it, or accept it as it is; {name} waits for it</source>
   <translation>neu versuchen oder unverändert annehmen; {name} wartet darauf</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>retry it, or accept it as it is; {number:,} jobs wait for it</source>
   <translation>neu versuchen oder unverändert annehmen; {number:,} Jobs warten darauf</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>retry {n} workstreams</source>
   <translation>
    <numerusform>{n} Arbeitsstrang neu versuchen</numerusform>
    <numerusform>{n} Arbeitsstränge neu versuchen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>retry {what}</source>
   <translation>{what} neu versuchen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>review</source>
   <translation>Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>review what it would run</source>
   <translation>prüfen, was er ausführen würde</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_panel.py" />
   <source>review {number} of {total}</source>
   <translation>Review {number} von {total}</translation>
  </message>
  <message>
   <location filename="../../gui/data/filter_captions.py" />
   <location filename="../../gui/window/palette_finder.py" />
   <source>run</source>
   <translation>Lauf</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_draft.py" />
   <source>run once as soon as an engine runs</source>
   <translation>einmal laufen, sobald eine Engine läuft</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/lanes.py" />
   <source>run {key}</source>
   <translation>Lauf {key}</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>rung</source>
   <translation>Sprosse</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>running</source>
   <translation>laufend</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>runs</source>
   <translation>läuft</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>runs for {since}</source>
   <translation>läuft seit {since}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>runs this once</source>
   <translation>läuft dieses eine Mal</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_differences.py" />
   <source>same failure</source>
   <translation>gleicher Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_figures.py" />
   <source>search {lasted:.0f} ms</source>
   <translation>Suche {lasted:.0f} ms</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_panel.py" />
   <source>searching…</source>
   <translation>wird durchsucht …</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>second in queue</source>
   <translation>als 2. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>send back {what}</source>
   <translation>{what} zurückgeben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>sent</source>
   <translation>gesendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>sent to attempt {number}</source>
   <translation>an Versuch {number} gesendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>settled</source>
   <translation>erledigt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>settled in attempt {number}</source>
   <translation>erledigt in Versuch {number}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>seventh in queue</source>
   <translation>als 7. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/arc_painter.py" />
   <source>shared</source>
   <translation>gemeinsam</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_words.py" />
   <source>shared with {names}</source>
   <translation>geteilt mit {names}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>shares {path} with {other}</source>
   <translation>teilt {path} mit {other}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_choice.py" />
   <source>shipped</source>
   <translation>mitgeliefert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>since the attempt began</source>
   <translation>seit Beginn des Versuchs</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>sixth in queue</source>
   <translation>als 6. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>skipped</source>
   <translation>übersprungen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>sorted by {field}</source>
   <translation>sortiert nach {field}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>starts at {at}</source>
   <translation>startet um {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>starts next</source>
   <translation>startet als Nächstes</translation>
  </message>
  <message>
   <location filename="../../gui/data/filter_captions.py" />
   <source>state</source>
   <translation>Zustand</translation>
  </message>
  <message>
   <location filename="../../gui/data/card_words.py" />
   <source>step {number} of {steps}: {name}</source>
   <translation>Schritt {number} von {steps}: {name}</translation>
  </message>
  <message>
   <location filename="../../gui/data/card_words.py" />
   <source>step {number} of {steps}: {name}, port {port}</source>
   <translation>Schritt {number} von {steps}: {name}, Port {port}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>step {number} of {total}</source>
   <translation>Schritt {number} von {total}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/details_panel.py" />
   <source>step {number} of {total}, {done} done</source>
   <translation>Schritt {number} von {total}, {done} fertig</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_pipeline.py" />
   <source>step {row}</source>
   <translation>Schritt {row}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>stops, then counts as cancelled</source>
   <translation>hält an, gilt dann als abgebrochen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>such as nightly</source>
   <translation>etwa nightly</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>summary</source>
   <translation>Zusammenfassung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>tenth in queue</source>
   <translation>als 10. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>tests not run</source>
   <translation>Tests nicht gelaufen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>that of this computer, or one such as Europe/Berlin</source>
   <translation>die dieses Computers, oder eine wie Europe/Berlin</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>the command failed: {reason}</source>
   <translation>der Befehl ist fehlgeschlagen: {reason}</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>the command is running</source>
   <translation>der Befehl läuft</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>the command is waiting</source>
   <translation>der Befehl wartet</translation>
  </message>
  <message>
   <location filename="../../gui/data/session_captions.py" />
   <source>the command was run</source>
   <translation>der Befehl wurde ausgeführt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>the engine stops</source>
   <translation>die Engine hält an</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>the files as they are now</source>
   <translation>die Dateien, wie sie jetzt sind</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/attempt_changes.py" />
   <source>the files as they are now, against {commit}</source>
   <translation>die Dateien, wie sie jetzt sind, gegen {commit}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>the finished work</source>
   <translation>die fertige Arbeit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>the first attempt</source>
   <translation>der erste Versuch</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>the first one found</source>
   <translation>der erste gefundene</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_sheet.py" />
   <source>the first one found: VS Code, Zed, Kate…</source>
   <translation>der erste gefundene: VS Code, Zed, Kate…</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/new_job_sheet.py" />
   <source>the first words of what it does</source>
   <translation>die ersten Wörter der Aufgabe</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>the folder of the file</source>
   <translation>der Ordner der Datei</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>the newest {loaded:,} of {n} matches in all output</source>
   <translation>
    <numerusform>die neuesten {loaded:,} von {n} Treffer in allen Ausgaben</numerusform>
    <numerusform>die neuesten {loaded:,} von {n} Treffern in allen Ausgaben</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <location filename="../../gui/sheets/recurring_form.py" />
   <location filename="../../gui/sheets/welcome_sheet.py" />
   <source>the repository or folder the job works in</source>
   <translation>das Repository oder der Ordner, in dem der Job arbeitet</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>the same job as in {name}</source>
   <translation>derselbe Job wie in {name}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>the tool's own choice</source>
   <translation>die eigene Wahl des Tools</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_form.py" />
   <source>the whole path of a job or pipeline file</source>
   <translation>der ganze Pfad einer Job- oder Pipeline-Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>then {names}</source>
   <translation>danach {names}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>third in queue</source>
   <translation>als 3. in der Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/legend.py" />
   <source>time in this stage: 1, 2, 4, 8, 16, 32 min</source>
   <translation>Zeit in dieser Stufe: 1, 2, 4, 8, 16, 32 min</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_captions.py" />
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/data/status_verbs.py" />
   <source>timed out</source>
   <translation>Zeitüberschreitung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>to review</source>
   <translation>zum Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>today</source>
   <translation>heute</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>tool</source>
   <translation>Tool</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>trusted as it is now</source>
   <translation>vertraut, wie sie jetzt ist</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>trusted whatever the repository holds</source>
   <translation>vertraut, was auch immer im Repository steht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/diff_lines.py" />
   <source>unchanged, line {number}, {text}</source>
   <translation>unverändert, Zeile {number}, {text}</translation>
  </message>
  <message>
   <location filename="../../engine/system/cost_text.py" />
   <location filename="../../gui/data/cost_captions.py" />
   <source>unknown</source>
   <translation>unbekannt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>until it is released</source>
   <translation>bis zur Freigabe</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>until it was started again</source>
   <translation>bis zum neuen Start</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>upgrade</source>
   <translation>Aktualisierung</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/quota_bands.py" />
   <source>used up</source>
   <translation>aufgebraucht</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>used up the quota</source>
   <translation>hat das Kontingent verbraucht</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>used up, back at {at}</source>
   <translation>aufgebraucht, wieder da um {at}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/forecast_words.py" />
   <source>usually off by {off}</source>
   <translation>meist um {off} daneben</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/forecast_words.py" />
   <source>usually off by {off}, mostly early</source>
   <translation>meist um {off} daneben, eher zu spät geschätzt</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/forecast_words.py" />
   <source>usually off by {off}, mostly late</source>
   <translation>meist um {off} daneben, eher zu früh geschätzt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>viewed</source>
   <translation>angesehen</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>wait for review</source>
   <translation>
    <numerusform>wartet auf Review</numerusform>
    <numerusform>warten auf Review</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_draft.py" />
   <source>wait until that one is over</source>
   <translation>warten, bis er zu Ende ist</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/data/job_display.py" />
   <source>waiting</source>
   <translation>wartend</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempts_model.py" />
   <source>waiting for quota</source>
   <translation>Warten auf Kontingent</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <source>waits</source>
   <translation>wartet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>waits for a disk</source>
   <translation>wartet auf eine Platte</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <location filename="../../gui/data/status_verbs.py" />
   <source>waits for review</source>
   <translation>wartet auf Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>waits for review {lasted}</source>
   <translation>wartet seit {lasted} auf Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>waits for you {lasted}</source>
   <translation>wartet {lasted} auf Entscheidung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>waits for {job}, which does not exist yet</source>
   <translation>wartet auf {job}, den es noch nicht gibt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>waits for {name}</source>
   <translation>wartet auf {name}</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/due_notes.py" />
   <source>waits for {run}</source>
   <translation>wartet auf {run}</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>waits to be merged into {target}</source>
   <translation>wartet auf den Merge in {target}</translation>
  </message>
  <message>
   <location filename="../../gui/data/level_captions.py" />
   <source>warning</source>
   <translation>Warnung</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>was cancelled</source>
   <translation>wurde abgebrochen</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>was discarded</source>
   <translation>wurde verworfen</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>was interrupted</source>
   <translation>wurde unterbrochen</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>was merged</source>
   <translation>wurde gemergt</translation>
  </message>
  <message>
   <location filename="../../gui/data/status_verbs.py" />
   <source>was skipped</source>
   <translation>wurde übersprungen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>when resumed</source>
   <translation>nach dem Fortsetzen</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/due_notes.py" />
   <source>when the clock was set ahead</source>
   <translation>als die Uhr vorgestellt wurde</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>when the engine runs</source>
   <translation>wenn die Engine läuft</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/due_notes.py" />
   <source>while it was removed</source>
   <translation>während er entfernt war</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/due_notes.py" />
   <source>while no engine ran</source>
   <translation>während keine Engine lief</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/due_notes.py" />
   <source>while the engine was held up</source>
   <translation>während die Engine aufgehalten war</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/due_notes.py" />
   <source>while the machine was asleep</source>
   <translation>während der Rechner schlief</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>window from {at}</source>
   <translation>Fenster ab {at}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/attempt_comparison_sheet.py" />
   <source>with</source>
   <translation>mit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>with {name}: {files}</source>
   <translation>mit {name}: {files}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>with {name}: {files} and {n} files more</source>
   <translation>
    <numerusform>mit {name}: {files} und {n} weiteren Datei</numerusform>
    <numerusform>mit {name}: {files} und {n} weiteren Dateien</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>withdraw the approval of {what}</source>
   <translation>Genehmigung von {what} zurückziehen</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>work: ~/.{tool}-work
</source>
   <translation>arbeit: ~/.{tool}-work
</translation>
  </message>
  <message>
   <location filename="../../gui/window/palette_finder.py" />
   <source>workstream</source>
   <translation>Arbeitsstrang</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>would be merged next</source>
   <translation>würde als Nächstes gemergt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>would be {place}</source>
   <translation>käme {place} an die Reihe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>would be {place}; {name} goes first and touches the same file</source>
   <translation>käme {place} an die Reihe; {name} kommt zuerst und ändert dieselbe Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>would conflict: {first} and {second}</source>
   <translation>gäbe einen Konflikt: {first} und {second}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>yes</source>
   <translation>ja</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_choice.py" />
   <source>yours</source>
   <translation>eigene</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>{account} quota used</source>
   <translation>Kontingent von {account} verbraucht</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/file_words.py" />
   <source>{added}, {n} lines removed.</source>
   <translation>
    <numerusform>{added}, {n} Zeile entfernt.</numerusform>
    <numerusform>{added}, {n} Zeilen entfernt.</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../engine/system/cost_text.py" />
   <location filename="../../gui/data/cost_captions.py" />
   <source>{amount}, a part is not known</source>
   <translation>{amount}, ein Teil ist nicht bekannt</translation>
  </message>
  <message>
   <location filename="../../engine/system/cost_text.py" />
   <location filename="../../gui/data/cost_captions.py" />
   <source>{amount}, estimated from the table of prices</source>
   <translation>{amount}, nach der Preistabelle geschätzt</translation>
  </message>
  <message>
   <location filename="../../engine/system/cost_text.py" />
   <location filename="../../gui/data/cost_captions.py" />
   <source>{amount}, reported by the tool</source>
   <translation>{amount}, vom Tool gemeldet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{answer}, the line has changed</source>
   <translation>{answer}, die Zeile ist geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{answer}, the line is as it was</source>
   <translation>{answer}, die Zeile ist wie zuvor</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{answer}, the line is gone</source>
   <translation>{answer}, die Zeile ist weg</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{answer}, the lines are as they were</source>
   <translation>{answer}, die Zeilen sind wie zuvor</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{answer}, the lines are gone</source>
   <translation>{answer}, die Zeilen sind weg</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{answer}, the lines have changed</source>
   <translation>{answer}, die Zeilen sind geändert</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <source>{at} {result}</source>
   <translation>{at} {result}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/filter_bar.py" />
   <source>{below:,} new below</source>
   <translation>{below:,} neue darunter</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/isolation_facts.py" />
   <source>{branch} into {target}</source>
   <translation>{branch} nach {target}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>{branch} of {names}</source>
   <translation>{branch} von {names}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>{by_folder}key: {variable}=env:WORK_KEY</source>
   <translation>{by_folder}key: {variable}=env:WORK_KEY</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{by}, attempt {attempts}</source>
   <translation>{by}, Versuch {attempts}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>{changed:,} changed, sort again</source>
   <translation>{changed:,} geändert, neu sortieren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/stored_reviews.py" />
   <source>{commit}, when the work began</source>
   <translation>{commit}, als die Arbeit begann</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>{concerns}; you have not reviewed this yet</source>
   <translation>{concerns}; noch nicht geprüft</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/painted_board.py" />
   <source>{count:,} below</source>
   <translation>{count:,} darunter</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_head.py" />
   <source>{count:,} found</source>
   <translation>{count:,} gefunden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_strip.py" />
   <source>{count:,}, into {targets}</source>
   <translation>{count:,}, nach {targets}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>{count:,}, not sent yet</source>
   <translation>{count:,}, noch nicht gesendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>{count:,}, sent</source>
   <translation>{count:,}, gesendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>{count:,}, settled</source>
   <translation>{count:,}, erledigt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>{count:,}, {those:,} not sent yet</source>
   <translation>{count:,}, {those:,} noch nicht gesendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>{count:,}, {those:,} sent</source>
   <translation>{count:,}, {those:,} gesendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>{count:,}, {those:,} settled</source>
   <translation>{count:,}, {those:,} erledigt</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <source>{counted} are done</source>
   <translation>{counted} sind fertig</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} are done.</source>
   <translation>{counted} sind fertig.</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <source>{counted} failed</source>
   <translation>{counted} fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} failed.</source>
   <translation>{counted} fehlgeschlagen.</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} is done.</source>
   <translation>{counted} ist fertig.</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <source>{counted} need you</source>
   <translation>{counted} zu klären</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} need you.</source>
   <translation>{counted} sind zu klären.</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} needs you.</source>
   <translation>{counted} ist zu klären.</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} run.</source>
   <translation>{counted} laufen.</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} runs.</source>
   <translation>{counted} läuft.</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} wait.</source>
   <translation>{counted} warten.</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{counted} waits.</source>
   <translation>{counted} wartet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{counts}, {repos} repositories</source>
   <translation>{counts}, {repos} Repositorys</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <source>{counts}; press to select the next one</source>
   <translation>{counts}; drücken, um den nächsten auszuwählen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>{count}, searching…</source>
   <translation>{count}, wird durchsucht …</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <source>{detail}, due {at}</source>
   <translation>{detail}, fällig {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/needs_section.py" />
   <source>{done} of {total}</source>
   <translation>{done} von {total}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <location filename="../../gui/panels/timeline/named_night.py" />
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{done} of {total} done</source>
   <translation>{done} von {total} fertig</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/named_night.py" />
   <source>{due} Press to see it.</source>
   <translation>{due} Drücken, um ihn zu sehen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/facets_view.py" />
   <source>{errors:,} err</source>
   <translation>{errors:,} Fehler</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/facets.py" />
   <source>{facet}, hidden</source>
   <translation>{facet}, ausgeblendet</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/facets.py" />
   <source>{facet}, shown alone</source>
   <translation>{facet}, allein gezeigt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <source>{fact}, estimates {error}</source>
   <translation>{fact}, Schätzungen {error}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_conflict.py" />
   <source>{field}: {value}</source>
   <translation>{field}: {value}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/radar/disc.py" />
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{files} in {n} workstreams</source>
   <translation>
    <numerusform>{files} in {n} Arbeitsstrang</numerusform>
    <numerusform>{files} in {n} Arbeitssträngen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} failed, have been in {stage} for {lasted}</source>
   <translation>{files} von {title} fehlgeschlagen, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} have been in {stage} for {lasted}, held</source>
   <translation>{files} von {title} angehalten, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} have been in {stage} for {lasted}, quarantined</source>
   <translation>{files} von {title} in Quarantäne, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} have run in {stage} for {lasted}</source>
   <translation>{files} von {title} laufen seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} have run in {stage} for {lasted} (usually {usual})</source>
   <translation>{files} von {title} laufen seit {lasted} (üblich: {usual}) in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} have waited for you in {stage} for {lasted}</source>
   <translation>{files} von {title} warten seit {lasted} auf Entscheidung in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} have waited in {stage} for {lasted}</source>
   <translation>{files} von {title} warten seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{files} of {title} timed out, have been in {stage} for {lasted}</source>
   <translation>{files} von {title} mit Zeitüberschreitung, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>{files}, {n} jobs to add</source>
   <translation>
    <numerusform>{files}, {n} Job zum Hinzufügen</numerusform>
    <numerusform>{files}, {n} Jobs zum Hinzufügen</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/control/maintenance_tasks.py" />
   <source>{file} cannot be used: {reason}.</source>
   <translation>{file} ist nicht benutzbar: {reason}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/level_rules_text.py" />
   <source>{file}: is not text in UTF-8</source>
   <translation>{file}: ist kein Text in UTF-8</translation>
  </message>
  <message>
   <location filename="../../gui/window/status_bar.py" />
   <source>{held}, back at {at}</source>
   <translation>{held}, wieder da um {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>{hidden} in all.</source>
   <translation>{hidden} insgesamt.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>{history}; tick it to run it again as a copy with a new id</source>
   <translation>{history}; anhaken, um ihn als Kopie mit neuer ID noch einmal auszuführen</translation>
  </message>
  <message>
   <location filename="../../gui/data/cost_captions.py" />
   <source>{into} in ({cached:,} cached) / {out} out</source>
   <translation>{into} ein ({cached:,} aus dem Cache) / {out} aus</translation>
  </message>
  <message>
   <location filename="../../gui/data/cost_captions.py" />
   <source>{into} in / {out} out</source>
   <translation>{into} ein / {out} aus</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/tabs.py" />
   <source>{job_id} has no job file.</source>
   <translation>{job_id} hat keine Job-Datei.</translation>
  </message>
  <message>
   <location filename="../../gui/window/sheet_registry.py" />
   <source>{job} cannot be read right now: {error}</source>
   <translation>{job} lässt sich gerade nicht lesen: {error}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>{label} alone</source>
   <translation>nur {label}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/tool_form.py" />
   <source>{label} of {tool}</source>
   <translation>{label} von {tool}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/away_summary.py" />
   <source>{lasted} of work</source>
   <translation>{lasted} Arbeit</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>{lasted} silence</source>
   <translation>{lasted} Stille</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/column_header.py" />
   <location filename="../../gui/panels/timeline/named_night.py" />
   <source>{line}, folded</source>
   <translation>{line}, eingeklappt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{listed:,} listed, {loaded}</source>
   <translation>{listed:,} aufgelistet, {loaded}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{listed:,} of {n} lines</source>
   <translation>
    <numerusform>{listed:,} von {n} Zeile</numerusform>
    <numerusform>{listed:,} von {n} Zeilen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{listed:,} of {n} lines pass the filters</source>
   <translation>
    <numerusform>{listed:,} von {n} Zeile passt zu den Filtern</numerusform>
    <numerusform>{listed:,} von {n} Zeilen passen zu den Filtern</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{longest}, {n} more are stuck</source>
   <translation>
    <numerusform>{longest}; {n} weiterer hängt fest</numerusform>
    <numerusform>{longest}; {n} weitere hängen fest</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>{mask}  from the job file</source>
   <translation>{mask}  aus der Job-Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>{mask}  from {origin}</source>
   <translation>{mask}  von {origin}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>{mask}  passed on by Signalbox</source>
   <translation>{mask}  von Signalbox weitergegeben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>{megabytes} MB of output</source>
   <translation>{megabytes} MB Ausgabe</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{mine} and {name} both changed {file}</source>
   <translation>{mine} und {name} haben beide {file} geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <location filename="../../gui/panels/radar/conflict_list.py" />
   <source>{more:,} more</source>
   <translation>{more:,} weitere</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_model.py" />
   <source>{more:,} more, {new:,} new</source>
   <translation>{more:,} weitere, {new:,} neu</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{names} and {last}</source>
   <translation>{names} und {last}</translation>
  </message>
  <message>
   <location filename="../../gui/data/captions.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <source>{names} and {number:,} more</source>
   <translation>{names} und {number:,} weitere</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/notification.py" />
   <source>{names} and {n} more</source>
   <translation>
    <numerusform>{names} und {n} weiteres</numerusform>
    <numerusform>{names} und {n} weitere</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} accepted as is</source>
   <translation>{name} unverändert angenommen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/returned_work.py" />
   <source>{name} also changed {files}</source>
   <translation>{name} hat auch {files} geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{name} also declares this file</source>
   <translation>{name} kündigt diese Datei auch an</translation>
  </message>
  <message>
   <location filename="../../gui/panels/details/facts.py" />
   <source>{name} and {number} more</source>
   <translation>{name} und {number} weitere</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} cancelled</source>
   <translation>{name} abgebrochen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <source>{name} could not be queued</source>
   <translation>{name} konnte nicht eingereiht werden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} discarded by you</source>
   <translation>{name} verworfen</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{name} failed</source>
   <translation>{name} ist fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/data/failure_cause.py" />
   <source>{name} failed with exit code {code}.</source>
   <translation>{name} ist mit Exit-Code {code} fehlgeschlagen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} failed, has been in {stage} for {lasted}</source>
   <translation>{name} fehlgeschlagen, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/data/failure_cause.py" />
   <source>{name} failed.</source>
   <translation>{name} ist fehlgeschlagen.</translation>
  </message>
  <message>
   <location filename="../../gui/control/preferences.py" />
   <source>{name} has a value of the wrong type</source>
   <translation>{name} hat einen Wert vom falschen Typ</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} has been in {stage} for {lasted}, held</source>
   <translation>{name} angehalten, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} has been in {stage} for {lasted}, quarantined</source>
   <translation>{name} in Quarantäne, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{name} has changed it too</source>
   <translation>{name} hat sie auch geändert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} has run in {stage} for {lasted}</source>
   <translation>{name} läuft seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} has run in {stage} for {lasted} (usually {usual})</source>
   <translation>{name} läuft seit {lasted} (üblich: {usual}) in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} has used its quota; its jobs start again at {at}{reason}.</source>
   <translation>{name} hat das Kontingent verbraucht; die Jobs starten wieder um {at}{reason}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} has used its quota; its jobs start again{reason}.</source>
   <translation>{name} hat das Kontingent verbraucht; die Jobs starten wieder{reason}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} has used its quota{reason}; starts again at {at}.</source>
   <translation>{name} hat das Kontingent verbraucht{reason}; startet wieder um {at}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} has used its quota{reason}; starts again.</source>
   <translation>{name} hat das Kontingent verbraucht{reason}; startet wieder.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} has waited for you in {stage} for {lasted}</source>
   <translation>{name} wartet seit {lasted} auf Entscheidung in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} has waited in {stage} for {lasted}</source>
   <translation>{name} wartet seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} held by you</source>
   <translation>{name} von Hand angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>{name} is an alarm for what jobs print from now on.</source>
   <translation>{name} ist ein Alarm für das, was Jobs ab jetzt ausgeben.</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <source>{name} is done</source>
   <translation>{name} ist fertig</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/due_marks.py" />
   <source>{name} is due at {at}: {every}.</source>
   <translation>{name} ist um {at} fällig: {every}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>{name} is no alarm any more.</source>
   <translation>{name} ist kein Alarm mehr.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} is on hold{reason}; its jobs start again at {at}.</source>
   <translation>{name} ist angehalten{reason}; die Jobs starten wieder um {at}.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} is on hold{reason}; its jobs wait until it is resumed.</source>
   <translation>{name} ist angehalten{reason}; die Jobs warten auf das Fortsetzen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} is on hold{reason}; resume it to continue.</source>
   <translation>{name} ist angehalten{reason}; zum Weitermachen fortsetzen.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{name} is on hold{reason}; starts again at {at}.</source>
   <translation>{name} ist angehalten{reason}; startet wieder um {at}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{name} is quarantined</source>
   <translation>{name} ist in Quarantäne</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/saved_filters.py" />
   <source>{name} is there again.</source>
   <translation>{name} ist wieder da.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>{name} is {number:,} ahead</source>
   <translation>{name} ist {number:,} voraus</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>{name} is {number:,} ahead, a textual conflict with it</source>
   <translation>{name} ist {number:,} voraus, mit Textkonflikt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_head.py" />
   <source>{name} is {number:,} ahead, no textual conflict with it</source>
   <translation>{name} ist {number:,} voraus, ohne Textkonflikt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} limit</source>
   <translation>Limit von {name}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} limit over</source>
   <translation>Limit von {name} vorbei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} merged</source>
   <translation>{name} gemergt</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{name} needs you</source>
   <translation>{name} ist zu klären</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <location filename="../../gui/window/status_bar.py" />
   <source>{name} on hold</source>
   <translation>{name} angehalten</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} quarantined</source>
   <translation>{name} in Quarantäne</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>{name} quota</source>
   <translation>Kontingent von {name}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/past_waits.py" />
   <source>{name} quota until {at}</source>
   <translation>Kontingent von {name} bis {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{name} sent back by you</source>
   <translation>{name} zurückgegeben</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <source>{name} set off an alarm</source>
   <translation>{name} hat einen Alarm ausgelöst</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{name} timed out</source>
   <translation>{name}: Zeitüberschreitung</translation>
  </message>
  <message>
   <location filename="../../gui/data/failure_cause.py" />
   <source>{name} timed out with exit code {code}.</source>
   <translation>{name}: Zeitüberschreitung, Exit-Code {code}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <source>{name} timed out, has been in {stage} for {lasted}</source>
   <translation>{name} mit Zeitüberschreitung, seit {lasted} in dieser Stufe: {stage}</translation>
  </message>
  <message>
   <location filename="../../gui/data/failure_cause.py" />
   <source>{name} timed out.</source>
   <translation>{name}: Zeitüberschreitung.</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{name} waits for review</source>
   <translation>{name} wartet auf Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{name} was interrupted</source>
   <translation>{name} wurde unterbrochen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <source>{name} was missed</source>
   <translation>{name} wurde verpasst</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{name} was refused</source>
   <translation>{name} wurde abgelehnt</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>{name} was removed. What it has queued stays.</source>
   <translation>{name} wurde entfernt. Was schon in der Warteschlange steht, bleibt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/evidence_words.py" />
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>{name} {verb}</source>
   <translation>{name}: {verb}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>{name} {verb} at {at}</source>
   <translation>{name}: {verb}, {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{name}, waited for your review</source>
   <translation>{name}, wartete auf Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{name}, waits for your review</source>
   <translation>{name}, wartet auf Review</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>{name}, {n} jobs</source>
   <translation>
    <numerusform>{name}, {n} Job</numerusform>
    <numerusform>{name}, {n} Jobs</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{name}, {step}, attempt {number}, {tool}, {state}</source>
   <translation>{name}, {step}, Versuch {number}, {tool}, {state}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{name}, {step}, {tool}, estimated: may end at {at}</source>
   <translation>{name}, {step}, {tool}, Ende geschätzt: {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{name}, {step}, {tool}, estimated: may start at {at}</source>
   <translation>{name}, {step}, {tool}, Start geschätzt: {at}</translation>
  </message>
  <message>
   <location filename="../../gui/window/filter_chips.py" />
   <source>{name}. Press to remove this filter; Esc shows everything again.</source>
   <translation>{name}. Drücken, um diesen Filter aufzuheben; Esc zeigt wieder alles.</translation>
  </message>
  <message>
   <location filename="../../engine/streams/attempt_comparison.py" />
   <source>{name}: {first} → {second}</source>
   <translation>{name}: {first} → {second}</translation>
  </message>
  <message>
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{needing} ({failed:,} failed)</source>
   <translation>{needing} ({failed:,} fehlgeschlagen)</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_differences.py" />
   <source>{now} instead of {was}</source>
   <translation>{now} statt {was}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/drafts.py" />
   <source>{number:,} characters; {most:,} are the most</source>
   <translation>{number:,} Zeichen; höchstens {most:,}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>{number:,} characters; {most:,} are the most.</source>
   <translation>{number:,} Zeichen; höchstens {most:,} sind möglich.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/follow_up_sheet.py" />
   <source>{number:,} characters; {most_words:,} are the most.</source>
   <translation>{number:,} Zeichen; höchstens {most_words:,}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/marks.py" />
   <source>{number:,} denied</source>
   <translation>{number:,} verweigert</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>{number:,} events, last of {label}: {text}</source>
   <translation>{number:,} Ereignisse, zuletzt von {label}: {text}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>{number:,} events, last: {text}</source>
   <translation>{number:,} Ereignisse, zuletzt: {text}</translation>
  </message>
  <message>
   <location filename="../../gui/control/notification.py" />
   <source>{number:,} jobs and workstreams</source>
   <translation>{number:,} Jobs und Arbeitsstränge</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/intake/trust_card.py" />
   <source>{number:,} of {total:,}</source>
   <translation>{number:,} von {total:,}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>{number:,} today</source>
   <translation>{number:,} heute</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>{number} done</source>
   <translation>{number} fertig</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>{number} editing</source>
   <translation>{number} in Bearbeitung</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>{number} files were written to {target}. Nothing was sent.</source>
   <translation>{number} Dateien wurden nach {target} geschrieben. Nichts wurde gesendet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/threads.py" />
   <source>{number} of {count} comments</source>
   <translation>{number} von {count} Kommentaren</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>{number} queued</source>
   <translation>{number} in der Warteschlange</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>{number} review</source>
   <translation>{number} im Review</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/wait_phrases.py" />
   <source>{number} still run</source>
   <translation>{number} laufen noch</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/pipeline_records.py" />
   <source>{number} testing</source>
   <translation>{number} im Test</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_panel.py" />
   <source>{number} to review</source>
   <translation>{number} zum Review</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/runs_model.py" />
   <source>{number} {word}</source>
   <translation>{word}: {number}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/merge_lines.py" />
   <source>{number}th</source>
   <translation>als {number}.</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/evidence_strip.py" />
   <location filename="../../gui/panels/review/marks.py" />
   <source>{n} attempts</source>
   <translation>
    <numerusform>{n} Versuch</numerusform>
    <numerusform>{n} Versuche</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/command_captions.py" />
   <source>{n} cannot be cancelled</source>
   <translation>
    <numerusform>{n} lässt sich nicht abbrechen</numerusform>
    <numerusform>{n} lassen sich nicht abbrechen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/command_captions.py" />
   <source>{n} cannot be held</source>
   <translation>
    <numerusform>{n} lässt sich nicht anhalten</numerusform>
    <numerusform>{n} lassen sich nicht anhalten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/command_captions.py" />
   <source>{n} cannot be released</source>
   <translation>
    <numerusform>{n} lässt sich nicht freigeben</numerusform>
    <numerusform>{n} lassen sich nicht freigeben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/command_captions.py" />
   <source>{n} cannot be retried</source>
   <translation>
    <numerusform>{n} lässt sich nicht neu versuchen</numerusform>
    <numerusform>{n} lassen sich nicht neu versuchen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/unseen_news.py" />
   <source>{n} cards failed or need you</source>
   <translation>
    <numerusform>{n} Karte ist fehlgeschlagen oder zu klären</numerusform>
    <numerusform>{n} Karten sind fehlgeschlagen oder zu klären</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>{n} cents</source>
   <translation>
    <numerusform>{n} Cent</numerusform>
    <numerusform>{n} Cent</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/decisions.py" />
   <source>{n} changed files will not be merged. The work is archived, and Undo brings it back.</source>
   <translation>
    <numerusform>{n} geänderte Datei wird nicht gemergt. Die Arbeit wird archiviert; Rückgängig holt sie zurück.</numerusform>
    <numerusform>{n} geänderte Dateien werden nicht gemergt. Die Arbeit wird archiviert; Rückgängig holt sie zurück.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/card_words.py" />
   <location filename="../../gui/panels/review/evidence_strip.py" />
   <location filename="../../gui/panels/review/marks.py" />
   <source>{n} commands denied</source>
   <translation>
    <numerusform>{n} Befehl verweigert</numerusform>
    <numerusform>{n} Befehle verweigert</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/side_model.py" />
   <source>{n} comments</source>
   <translation>
    <numerusform>{n} Kommentar</numerusform>
    <numerusform>{n} Kommentare</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/decisions.py" />
   <source>{n} comments were typed and not added. If you approve without them, their text stays here.</source>
   <translation>
    <numerusform>{n} Kommentar wurde geschrieben und nicht hinzugefügt. Wird ohne ihn genehmigt, bleibt sein Text hier.</numerusform>
    <numerusform>{n} Kommentare wurden geschrieben und nicht hinzugefügt. Wird ohne sie genehmigt, bleibt ihr Text hier.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/review_head.py" />
   <source>{n} commits</source>
   <translation>
    <numerusform>{n} Commit</numerusform>
    <numerusform>{n} Commits</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/radar/file_facts.py" />
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <source>{n} conflicts</source>
   <translation>
    <numerusform>{n} Konflikt</numerusform>
    <numerusform>{n} Konflikte</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/order_proposal.py" />
   <source>{n} conflicts fewer if {names} come last.</source>
   <translation>
    <numerusform>{n} Konflikt weniger, wenn {names} zuletzt kommen.</numerusform>
    <numerusform>{n} Konflikte weniger, wenn {names} zuletzt kommen.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/order_proposal.py" />
   <source>{n} conflicts fewer if {name} comes last.</source>
   <translation>
    <numerusform>{n} Konflikt weniger, wenn {name} zuletzt kommt.</numerusform>
    <numerusform>{n} Konflikte weniger, wenn {name} zuletzt kommt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/run_selector.py" />
   <source>{n} earlier runs, in which nothing is open, are neither shown nor counted here.</source>
   <translation>
    <numerusform>{n} früherer Lauf, in dem nichts offen ist, wird hier weder gezeigt noch gezählt.</numerusform>
    <numerusform>{n} frühere Läufe, in denen nichts offen ist, werden hier weder gezeigt noch gezählt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/minimap.py" />
   <source>{n} errors</source>
   <translation>
    <numerusform>{n} Fehler</numerusform>
    <numerusform>{n} Fehler</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{n} errors in all output</source>
   <translation>
    <numerusform>{n} Fehler in allen Ausgaben</numerusform>
    <numerusform>{n} Fehler in allen Ausgaben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{n} errors in all output so far</source>
   <translation>
    <numerusform>bisher {n} Fehler in allen Ausgaben</numerusform>
    <numerusform>bisher {n} Fehler in allen Ausgaben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>{n} events</source>
   <translation>
    <numerusform>{n} Ereignis</numerusform>
    <numerusform>{n} Ereignisse</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{n} failed</source>
   <translation>
    <numerusform>{n} fehlgeschlagen</numerusform>
    <numerusform>{n} fehlgeschlagen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/card_words.py" />
   <location filename="../../gui/data/cards_model.py" />
   <location filename="../../gui/panels/board/card_delegate.py" />
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <location filename="../../gui/panels/radar/disc.py" />
   <location filename="../../gui/panels/radar/disc_items.py" />
   <location filename="../../gui/panels/radar/file_facts.py" />
   <location filename="../../gui/panels/radar/label_painter.py" />
   <location filename="../../gui/panels/radar/pointer.py" />
   <location filename="../../gui/panels/radar/radar_panel.py" />
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <location filename="../../gui/panels/radar/state_menu.py" />
   <location filename="../../gui/panels/radar/stuck_files.py" />
   <location filename="../../gui/panels/review/side_rows.py" />
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>{n} files</source>
   <translation>
    <numerusform>{n} Datei</numerusform>
    <numerusform>{n} Dateien</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>{n} files have errors and stay where they are.</source>
   <translation>
    <numerusform>Eine Datei hat einen Fehler und bleibt, wo sie ist.</numerusform>
    <numerusform>{n} Dateien haben Fehler und bleiben, wo sie sind.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/card_words.py" />
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{n} files outside scope</source>
   <translation>
    <numerusform>{n} Datei außerhalb des Rahmens</numerusform>
    <numerusform>{n} Dateien außerhalb des Rahmens</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/drop_sheet.py" />
   <source>{n} files were added before and are not ticked.</source>
   <translation>
    <numerusform>Eine Datei wurde schon hinzugefügt und ist nicht angehakt.</numerusform>
    <numerusform>{n} Dateien wurden schon hinzugefügt und sind nicht angehakt.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} files were refused</source>
   <translation>
    <numerusform>{n} Datei wurde abgelehnt</numerusform>
    <numerusform>{n} Dateien wurden abgelehnt</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/cost_captions.py" />
   <source>{n} hours</source>
   <translation>
    <numerusform>{n} Stunde</numerusform>
    <numerusform>{n} Stunden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} job files wait for your trust</source>
   <translation>
    <numerusform>{n} Job-Datei wartet auf Vertrauen</numerusform>
    <numerusform>{n} Job-Dateien warten auf Vertrauen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/notification.py" />
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/data/job_display.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <source>{n} jobs</source>
   <translation>
    <numerusform>{n} Job</numerusform>
    <numerusform>{n} Jobs</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} jobs are quarantined</source>
   <translation>
    <numerusform>{n} Job ist in Quarantäne</numerusform>
    <numerusform>{n} Jobs sind in Quarantäne</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} jobs failed the same way</source>
   <translation>
    <numerusform>{n} Job auf dieselbe Art fehlgeschlagen</numerusform>
    <numerusform>{n} Jobs auf dieselbe Art fehlgeschlagen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} jobs need you</source>
   <translation>
    <numerusform>{n} Job ist zu klären</numerusform>
    <numerusform>{n} Jobs sind zu klären</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/closing_question.py" />
   <source>{n} jobs run</source>
   <translation>
    <numerusform>{n} Job läuft</numerusform>
    <numerusform>{n} Jobs laufen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/closing_question.py" />
   <source>{n} jobs start by themselves</source>
   <translation>
    <numerusform>{n} Job startet von selbst</numerusform>
    <numerusform>{n} Jobs starten von selbst</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} jobs timed out the same way</source>
   <translation>
    <numerusform>{n} Job mit derselben Zeitüberschreitung</numerusform>
    <numerusform>{n} Jobs mit derselben Zeitüberschreitung</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/closing_question.py" />
   <source>{n} jobs wait for a person</source>
   <translation>
    <numerusform>{n} Job wartet auf einen Menschen</numerusform>
    <numerusform>{n} Jobs warten auf einen Menschen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/timeline/quota_bands.py" />
   <source>{n} jobs wait for it</source>
   <translation>
    <numerusform>{n} Job wartet darauf</numerusform>
    <numerusform>{n} Jobs warten darauf</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} jobs were interrupted</source>
   <translation>
    <numerusform>{n} Job wurde unterbrochen</numerusform>
    <numerusform>{n} Jobs wurden unterbrochen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/trial_result.py" />
   <location filename="../../gui/panels/details/output_view.py" />
   <location filename="../../gui/panels/logs/facets.py" />
   <location filename="../../gui/panels/logs/log_figures.py" />
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <location filename="../../gui/sheets/alarm_form.py" />
   <source>{n} lines</source>
   <translation>
    <numerusform>{n} Zeile</numerusform>
    <numerusform>{n} Zeilen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/file_words.py" />
   <location filename="../../gui/panels/review/side_model.py" />
   <source>{n} lines added</source>
   <translation>
    <numerusform>{n} Zeile hinzugefügt</numerusform>
    <numerusform>{n} Zeilen hinzugefügt</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_empty.py" />
   <source>{n} lines are hidden</source>
   <translation>
    <numerusform>{n} Zeile ist ausgeblendet</numerusform>
    <numerusform>{n} Zeilen sind ausgeblendet</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/details/output_view.py" />
   <source>{n} lines around the first error; all of it is in Logs.</source>
   <translation>
    <numerusform>{n} Zeile um den ersten Fehler; alles steht in den Logs.</numerusform>
    <numerusform>{n} Zeilen um den ersten Fehler; alles steht in den Logs.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_feed.py" />
   <source>{n} lines came faster than lines can be listed; Search all output finds them.</source>
   <translation>
    <numerusform>{n} Zeile kam schneller, als Zeilen aufgelistet werden können; „Alle Ausgaben durchsuchen“ findet sie.</numerusform>
    <numerusform>{n} Zeilen kamen schneller, als Zeilen aufgelistet werden können; „Alle Ausgaben durchsuchen“ findet sie.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/minimap.py" />
   <source>{n} matches</source>
   <translation>
    <numerusform>{n} Treffer</numerusform>
    <numerusform>{n} Treffer</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{n} matches in all output</source>
   <translation>
    <numerusform>{n} Treffer in allen Ausgaben</numerusform>
    <numerusform>{n} Treffer in allen Ausgaben</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{n} matches in all output so far, still counting</source>
   <translation>
    <numerusform>bisher {n} Treffer in allen Ausgaben, wird noch gezählt</numerusform>
    <numerusform>bisher {n} Treffer in allen Ausgaben, wird noch gezählt</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_figures.py" />
   <source>{n} matches, {in_view:,} in view</source>
   <translation>
    <numerusform>{n} Treffer, {in_view:,} zu sehen</numerusform>
    <numerusform>{n} Treffer, {in_view:,} zu sehen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/cost_captions.py" />
   <source>{n} minutes</source>
   <translation>
    <numerusform>{n} Minute</numerusform>
    <numerusform>{n} Minuten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/undo.py" />
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{n} missed recurring runs</source>
   <translation>
    <numerusform>{n} verpasster wiederkehrender Lauf</numerusform>
    <numerusform>{n} verpasste wiederkehrende Läufe</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/closing_question.py" />
   <source>{n} more jobs start by themselves</source>
   <translation>
    <numerusform>{n} weiterer Job startet von selbst</numerusform>
    <numerusform>{n} weitere Jobs starten von selbst</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/board/card_preview.py" />
   <source>{n} more steps</source>
   <translation>
    <numerusform>{n} weiterer Schritt</numerusform>
    <numerusform>{n} weitere Schritte</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{n} need you</source>
   <translation>
    <numerusform>{n} zu klären</numerusform>
    <numerusform>{n} zu klären</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/board/column_header.py" />
   <source>{n} new cards stand last until the pointer leaves the column</source>
   <translation>
    <numerusform>{n} neue Karte steht hinten, bis der Zeiger die Spalte verlässt</numerusform>
    <numerusform>{n} neue Karten stehen hinten, bis der Zeiger die Spalte verlässt</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/unseen_news.py" />
   <source>{n} new conflicts</source>
   <translation>
    <numerusform>{n} neuer Konflikt</numerusform>
    <numerusform>{n} neue Konflikte</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/unseen_news.py" />
   <source>{n} new errors</source>
   <translation>
    <numerusform>{n} neuer Fehler</numerusform>
    <numerusform>{n} neue Fehler</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/unseen_news.py" />
   <source>{n} new reviews</source>
   <translation>
    <numerusform>{n} neues Review</numerusform>
    <numerusform>{n} neue Reviews</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/board/painted_board.py" />
   <source>{n} new, last</source>
   <translation>
    <numerusform>{n} neu, hinten</numerusform>
    <numerusform>{n} neu, hinten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/note_sheet.py" />
   <source>{n} of the {total} jobs have notes, which differ. What you type replaces all of them.</source>
   <translation>
    <numerusform>{n} der {total} Jobs hat eine Notiz. Die Eingabe ersetzt sie.</numerusform>
    <numerusform>{n} der {total} Jobs haben verschiedene Notizen. Die Eingabe ersetzt alle.</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/window/run_selector.py" />
   <source>{n} of {all} runs, {workstreams}</source>
   <translation>{n} von {all} Läufen, {workstreams}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/status_bar.py" />
   <source>{n} older jobs not loaded</source>
   <translation>
    <numerusform>{n} älterer Job nicht geladen</numerusform>
    <numerusform>{n} ältere Jobs nicht geladen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/logs/log_sentences.py" />
   <source>{n} older lines not loaded yet</source>
   <translation>
    <numerusform>{n} ältere Zeile noch nicht geladen</numerusform>
    <numerusform>{n} ältere Zeilen noch nicht geladen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/needs_section.py" />
   <source>{n} older ones are not loaded.</source>
   <translation>
    <numerusform>{n} älterer ist nicht geladen.</numerusform>
    <numerusform>{n} ältere sind nicht geladen.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/evidence_words.py" />
   <source>{n} passed</source>
   <translation>
    <numerusform>{n} bestanden</numerusform>
    <numerusform>{n} bestanden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <source>{n} recurring runs could not be queued</source>
   <translation>
    <numerusform>{n} wiederkehrender Lauf konnte nicht eingereiht werden</numerusform>
    <numerusform>{n} wiederkehrende Läufe konnten nicht eingereiht werden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/missed_needs.py" />
   <source>{n} recurring runs were missed</source>
   <translation>
    <numerusform>{n} wiederkehrender Lauf wurde verpasst</numerusform>
    <numerusform>{n} wiederkehrende Läufe wurden verpasst</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/undo.py" />
   <location filename="../../gui/data/bucket_captions.py" />
   <source>{n} refused files</source>
   <translation>
    <numerusform>{n} abgelehnte Datei</numerusform>
    <numerusform>{n} abgelehnte Dateien</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/panels/review/review_panel.py" />
   <source>{n} reviews</source>
   <translation>
    <numerusform>{n} Review</numerusform>
    <numerusform>{n} Reviews</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/board/lanes.py" />
   <location filename="../../gui/panels/dashboard/dashboard_panel.py" />
   <source>{n} runs</source>
   <translation>
    <numerusform>{n} Lauf</numerusform>
    <numerusform>{n} Läufe</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/cost_captions.py" />
   <source>{n} seconds</source>
   <translation>
    <numerusform>{n} Sekunde</numerusform>
    <numerusform>{n} Sekunden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{n} shared files</source>
   <translation>
    <numerusform>{n} gemeinsame Datei</numerusform>
    <numerusform>{n} gemeinsame Dateien</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/evidence_strip.py" />
   <location filename="../../gui/panels/review/marks.py" />
   <source>{n} tests passed</source>
   <translation>
    <numerusform>{n} Test bestanden</numerusform>
    <numerusform>{n} Tests bestanden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/dropped_file_delegate.py" />
   <source>{n} tools</source>
   <translation>
    <numerusform>{n} Tool</numerusform>
    <numerusform>{n} Tools</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/details/facts.py" />
   <source>{n} turns</source>
   <translation>
    <numerusform>{n} Runde</numerusform>
    <numerusform>{n} Runden</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/row_painter.py" />
   <source>{n} unchanged lines</source>
   <translation>
    <numerusform>{n} unveränderte Zeile</numerusform>
    <numerusform>{n} unveränderte Zeilen</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/diff_lines.py" />
   <source>{n} unchanged lines above</source>
   <translation>
    <numerusform>{n} unveränderte Zeile darüber</numerusform>
    <numerusform>{n} unveränderte Zeilen darüber</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/diff_lines.py" />
   <source>{n} unchanged lines below</source>
   <translation>
    <numerusform>{n} unveränderte Zeile darunter</numerusform>
    <numerusform>{n} unveränderte Zeilen darunter</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/review/review_panel.py" />
   <source>{n} wait</source>
   <translation>
    <numerusform>{n} wartet</numerusform>
    <numerusform>{n} warten</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/control/notification.py" />
   <location filename="../../gui/control/undo.py" />
   <location filename="../../gui/data/bucket_captions.py" />
   <location filename="../../gui/panels/board/board_panel.py" />
   <location filename="../../gui/panels/board/column_header.py" />
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <location filename="../../gui/window/run_selector.py" />
   <source>{n} workstreams</source>
   <translation>
    <numerusform>{n} Arbeitsstrang</numerusform>
    <numerusform>{n} Arbeitsstränge</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/window/notifications.py" />
   <source>{n} workstreams need you.</source>
   <translation>
    <numerusform>{n} Arbeitsstrang ist zu klären.</numerusform>
    <numerusform>{n} Arbeitsstränge sind zu klären.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{n} workstreams wait for review</source>
   <translation>
    <numerusform>{n} Arbeitsstrang wartet auf Review</numerusform>
    <numerusform>{n} Arbeitsstränge warten auf Review</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_panel.py" />
   <source>{older:,} older ones not loaded</source>
   <translation>{older:,} ältere nicht geladen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/board_facts.py" />
   <source>{open:,} open, {done:,} done today</source>
   <translation>{open:,} offen, {done:,} heute fertig</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/job_file_sheet.py" />
   <source>{path} cannot be written: {strerror}. Save it somewhere else.</source>
   <translation>{path} kann nicht geschrieben werden: {strerror}. Bitte woanders speichern.</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/schedule.py" />
   <source>{priority} through {name}</source>
   <translation>{priority} durch {name}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/file_checks.py" />
   <source>{problem}; and {n} more</source>
   <translation>
    <numerusform>{problem}; und {n} weiteres</numerusform>
    <numerusform>{problem}; und {n} weitere</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_model.py" />
   <source>{removed:,} removed</source>
   <translation>{removed:,} entfernt</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/recurring_rows.py" />
   <source>{result}: {reason}</source>
   <translation>{result}: {reason}</translation>
  </message>
  <message>
   <location filename="../../gui/data/projection.py" />
   <location filename="../../gui/sheets/limits_sheet.py" />
   <location filename="../../gui/window/status_bar.py" />
   <source>{running:,} running</source>
   <translation>{running:,} laufen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{runs}, attempt {number} of {most}</source>
   <translation>{runs}, Versuch {number} von {most}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/notable_events.py" />
   <source>{run} added</source>
   <translation>{run} hinzugefügt</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/recurring_sheet.py" />
   <source>{run} is in the inbox.</source>
   <translation>{run} liegt im Eingang.</translation>
  </message>
  <message>
   <location filename="../../engine/recurring/due_notes.py" />
   <source>{run} was not over</source>
   <translation>{run} war nicht beendet</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/bulk_bar.py" />
   <source>{selected:,} selected</source>
   <translation>{selected:,} ausgewählt</translation>
  </message>
  <message>
   <location filename="../../gui/control/problem_banners.py" />
   <source>{sentence} What is shown may be old.</source>
   <translation>{sentence} Das Gezeigte ist vielleicht veraltet.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>{sentence}. Each bar is a quarter of an hour; {value} on average since {at}.</source>
   <translation>{sentence}. Jeder Balken ist eine Viertelstunde; im Mittel {value} seit {at}.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/quota_bands.py" />
   <source>{share} until {at}</source>
   <translation>{share} bis {at}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/more_button.py" />
   <location filename="../../gui/panels/jobs/jobs_panel.py" />
   <location filename="../../gui/panels/review/file_head.py" />
   <source>{shown:,} of {total:,}</source>
   <translation>{shown:,} von {total:,}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/filter_captions.py" />
   <location filename="../../gui/panels/logs/table_model.py" />
   <source>{shown} and {n} more</source>
   <translation>
    <numerusform>{shown} und {n} weiterer</numerusform>
    <numerusform>{shown} und {n} weitere</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/file_words.py" />
   <source>{sizes} Open it in an editor.</source>
   <translation>{sizes} In einem Editor öffnen.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/chart_plots.py" />
   <source>{span}: {completed} completed, {failed} failed</source>
   <translation>{span}: {completed} abgeschlossen, {failed} fehlgeschlagen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{stage} for {age}</source>
   <translation>{stage} seit {age}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{stage}, step {step} of {steps}</source>
   <translation>{stage}, Schritt {step} von {steps}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{stage}, {title} step {step} of {steps}</source>
   <translation>{stage}, {title}, Schritt {step} von {steps}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>{start} to now, {took}</source>
   <translation>{start} bis jetzt, {took}</translation>
  </message>
  <message>
   <location filename="../../gui/data/captions.py" />
   <source>{start} to {end}</source>
   <translation>{start} bis {end}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/attempt_facts.py" />
   <source>{steps}, estimated to start at {at}</source>
   <translation>{steps}, Start geschätzt: {at}</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/data/projection.py" />
   <source>{taken:,} of {n} slots</source>
   <translation>
    <numerusform>{taken:,} von {n} Slot</numerusform>
    <numerusform>{taken:,} von {n} Slots</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/support_sheet.py" />
   <source>{target} could not be written: {reason}. Choose another place and save again.</source>
   <translation>{target} konnte nicht geschrieben werden: {reason}. Anderen Ort wählen und erneut speichern.</translation>
  </message>
  <message>
   <location filename="../../gui/data/shown_review.py" />
   <source>{target} had all of it already</source>
   <translation>{target} hatte schon alles</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/more_button.py" />
   <source>{text}, {share} shown</source>
   <translation>{text}, {share} zu sehen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/jobs/column_chooser.py" />
   <source>{title} (always)</source>
   <translation>{title} (immer)</translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/file_facts.py" />
   <source>{title} and {name} both changed {files}</source>
   <translation>{title} und {name} haben beide {files} geändert</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/sheets/intake/dropped_files_model.py" />
   <source>{title} and {n} more</source>
   <translation>
    <numerusform>{title} und {n} weiterer</numerusform>
    <numerusform>{title} und {n} weitere</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <source>{title}, {stage}: no files</source>
   <translation>{title}, {stage}: keine Dateien</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/radar/stage_matrix_model.py" />
   <source>{title}, {stage}: {n} files</source>
   <translation>
    <numerusform>{title}, {stage}: {n} Datei</numerusform>
    <numerusform>{title}, {stage}: {n} Dateien</numerusform>
   </translation>
  </message>
  <message>
   <location filename="../../gui/sheets/template_fields.py" />
   <source>{title}: a file</source>
   <translation>{title}: eine Datei</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/thread_card.py" />
   <source>{title}: comments on {lines}</source>
   <translation>{title}: Kommentare zu {lines}</translation>
  </message>
  <message>
   <location filename="../../gui/data/command_captions.py" />
   <source>{title}: {command}</source>
   <translation>{title}: {command}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>{tool} has used its quota; starts again at {at}.</source>
   <translation>{tool} hat das Kontingent verbraucht; startet wieder um {at}.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/maintenance_sheet.py" />
   <source>{tool} in {repo}: {join}</source>
   <translation>{tool} in {repo}: {join}</translation>
  </message>
  <message>
   <location filename="../../gui/data/attempt_differences.py" />
   <source>{tool} instead of {before}</source>
   <translation>{tool} statt {before}</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/tool_choice.py" />
   <source>{tool} was not found. Install it, or give its path in the settings, before the job starts.</source>
   <translation>{tool} wurde nicht gefunden. Vor dem Start des Jobs installieren oder den Pfad in den Einstellungen angeben.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/chart_plots.py" />
   <source>{tool}, day by day: {days}</source>
   <translation>{tool}, Tag für Tag: {days}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{tool}, limit</source>
   <translation>{tool}, Limit</translation>
  </message>
  <message>
   <location filename="../../gui/widgets/tool_choice.py" />
   <source>{tool}, not found</source>
   <translation>{tool}, nicht gefunden</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/queue_model.py" />
   <source>{usd:,.2f} dollars</source>
   <translation>{usd:,.2f} Dollar</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>{used} in use</source>
   <translation>{used} belegt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_head_painter.py" />
   <source>{used} of {limit} in use</source>
   <translation>{used} von {limit} belegt</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/charts.py" />
   <source>{value} on average</source>
   <translation>im Mittel {value}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{verb} all {number:,}</source>
   <translation>Alle {number:,}: {verb}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{verb} both</source>
   <translation>Beide: {verb}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/side_rows.py" />
   <source>{viewed:,} of {total:,} viewed</source>
   <translation>{viewed:,} von {total:,} angesehen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/review/review_panel.py" />
   <source>{waiting}, oldest {age}</source>
   <translation>{waiting}, älteste {age}</translation>
  </message>
  <message>
   <location filename="../../engine/scheduling/explainer.py" />
   <source>{wait}; {handed}.</source>
   <translation>{wait}; {handed}.</translation>
  </message>
  <message>
   <location filename="../../gui/data/filter_captions.py" />
   <source>{what} hidden by {limits}</source>
   <translation>{what} verborgen durch {limits}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_records.py" />
   <source>{what} since {start}, {took}</source>
   <translation>{what} seit {start}, {took}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/timeline/night_rows.py" />
   <source>{what}, since {start}</source>
   <translation>{what}, seit {start}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/dashboard/attention_items.py" />
   <source>{why}, in {names}</source>
   <translation>{why}, in {names}</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>{words}, {count} lines</source>
   <translation>{words}, {count} Zeilen</translation>
  </message>
  <message>
   <location filename="../../gui/panels/logs/chips.py" />
   <source>{words}. Click to invert, Del to remove.</source>
   <translation>{words}. Klicken kehrt um, Entf entfernt.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_drop.py" />
   <source>{words}; {left:,} cannot be moved there</source>
   <translation>{words}; {left:,} lassen sich nicht dorthin verschieben</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_requests.py" />
   <source>{word} does not apply to these {number} cards now.</source>
   <translation>„{word}“ ist bei diesen {number} Karten jetzt nicht möglich.</translation>
  </message>
  <message>
   <location filename="../../gui/panels/board/card_requests.py" />
   <source>{word} does not apply to {name} now.</source>
   <translation>„{word}“ ist bei {name} jetzt nicht möglich.</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>{word} of step {number}</source>
   <translation>{word} von Schritt {number}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/pipeline_steps.py" />
   <source>{word} step {number}</source>
   <translation>{word}: Schritt {number}</translation>
  </message>
  <message>
   <location filename="../../gui/sheets/settings_more.py" />
   <source>{word}: no limit</source>
   <translation>{word}: kein Limit</translation>
  </message>
  <message numerus="yes">
   <location filename="../../gui/panels/timeline/night_panel.py" />
   <source>{workstreams} in {n} runs</source>
   <translation>
    <numerusform>{workstreams} in {n} Lauf</numerusform>
    <numerusform>{workstreams} in {n} Läufen</numerusform>
   </translation>
  </message>
 </context>
</TS>
