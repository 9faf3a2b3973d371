-- What oversight can be measured by, mail that goes although sending is frozen, and the audit by its columns.

-- The revision that an operator lets go although its mailbox, or everything, is frozen. A freeze takes it away again.
alter table messages add column thawed_digest text;
create index messages_thawed on messages (mailbox_id) where thawed_digest is not null;

-- What the policy was told, and said, when a mail was first admitted: what no other row keeps as it was then. `tags`
-- are those of the recipients' contacts, in the order of the first revision's recipients; JSON.
create table admissions (
    message_id text primary key references messages (id) on delete cascade,
    outcome text not null check (outcome in ('held', 'left', 'left_out')),
    rules text not null default '[]',
    tags text,
    known_sender integer
) without rowid;

create index decisions_by_time on decisions (at);

-- Mail that no person had to let go, which is counted by what became of it without a look at the rows.
create index messages_left_alone on messages (mailbox_id, created_at, status)
    where released_digest = digest and approved_digest is null and direction = 'outbound' and class <> 'system';

-- The audit is read newest first, by time: by whom, of which mailbox, of which kind.
create index events_by_time on events (at);
create index events_by_mailbox on events (mailbox_id, at) where mailbox_id is not null;
create index events_by_principal on events (principal_id, at) where principal_id is not null;
create index events_by_kind on events (kind, at);
create index calls_by_time on calls (at);
create index calls_by_operation on calls (operation, at);
create index calls_by_principal_and_time on calls (principal_id, at);
create index calls_refused on calls (outcome, at) where outcome <> 'ok';
