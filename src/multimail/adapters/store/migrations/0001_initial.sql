-- All times are microseconds since the epoch, UTC. Lists and objects that no WHERE looks into are JSON text.
-- Triggers that enforce the lifecycle are generated from core.lifecycle at every start, not written here.

create table settings (
    name text primary key,
    value text not null
) without rowid;

create table principals (
    id text primary key,
    kind text not null,
    name text not null,
    role text not null,
    scopes text not null,
    mailboxes text,
    self_approving integer not null default 0,
    elicitation integer not null default 1,
    key_hash text unique,
    key_prefix text not null default '',
    passphrase_hash text,
    cap_per_hour integer,
    cap_per_day integer,
    created_at integer not null,
    expires_at integer,
    revoked_at integer
) without rowid;

create table mailboxes (
    id text primary key,
    address text not null unique,
    display_name text not null default '',
    default_mode text not null,
    ceiling text not null,
    oversight_address text not null default '',
    trusted text not null default '[]',
    allowed text,
    auto_cc text not null default '[]',
    auto_bcc text not null default '[]',
    undo_seconds integer,
    deliver text not null default 'live' check (deliver in ('capture', 'hold', 'live')),
    two_person integer not null default 0,
    resend_unknown integer not null default 0,
    cap_per_hour integer,
    cap_per_day integer,
    signature text not null default '',
    metadata text not null default '{}',
    catches_all integer not null default 0,
    frozen_at integer,
    created_at integer not null,
    deleted_at integer
) without rowid;

create table threads (
    id text primary key,
    mailbox_id text not null references mailboxes (id),
    subject text not null,
    base_subject text not null,
    created_at integer not null,
    last_at integer not null,
    merged_into text references threads (id)
) without rowid;
create index threads_by_subject on threads (mailbox_id, base_subject, last_at) where base_subject <> '';
create index threads_merged on threads (merged_into) where merged_into is not null;

create table thread_participants (
    thread_id text not null references threads (id),
    address text not null,
    primary key (thread_id, address)
) without rowid;

create table messages (
    seq integer primary key,
    id text not null unique,
    mailbox_id text not null references mailboxes (id),
    thread_id text not null references threads (id),
    direction text not null check (direction in ('inbound', 'outbound')),
    status text not null,
    held_from_agents integer not null default 0,
    class text not null default 'transactional',
    mode text,
    requested_mode text,
    operation text not null default '',
    principal_id text,
    answers text,
    sender text not null,
    sender_name text not null default '',
    reply_to text not null default '',
    subject text not null,
    preview text not null default '',
    header_id text not null,
    in_reply_to text not null default '',
    header_refs text not null default '',
    has_attachments integer not null default 0,
    has_replies integer not null default 0,
    new_sender integer not null default 0,
    size integer not null default 0,
    metadata text not null default '{}',
    problems text not null default '[]',
    hidden_text text not null default '{}',
    authentication text not null default '{}',
    verdict text not null default '{}',
    revision integer not null default 0,
    digest text,
    approved_digest text,
    approved_by text,
    approved_at integer,
    released_digest text,
    delivery text,
    scheduled_at integer,
    undo_until integer,
    expires_at integer,
    superseded_by text,
    content_hash text not null default '',
    created_at integer not null,
    updated_at integer not null
);
create index messages_by_mailbox on messages (mailbox_id, seq);
create index messages_by_thread on messages (thread_id, seq);
create index messages_by_status on messages (status, mailbox_id, seq);
create index messages_expiring on messages (expires_at) where expires_at is not null;
create index messages_answering on messages (answers, principal_id) where answers is not null;
create index messages_by_author on messages (principal_id, created_at) where principal_id is not null;
create index messages_held_by_author on messages (principal_id, status)
    where status in ('changes_requested', 'escalated', 'pending_approval');
create index messages_twins on messages (principal_id, content_hash) where content_hash <> '';
create index messages_scheduled on messages (scheduled_at) where status = 'scheduled';
create index messages_outbound on messages (mailbox_id, created_at) where direction = 'outbound';

-- One row per body: inbound has revision 0, outbound one per revision. `raw` is zlib-compressed MIME, NULL once it was
-- erased; last, so that reading a body does not read it. With row ids, because bodies are long: in a tree without them
-- each takes several pages, and adding one writes its neighbours' again.
create table revisions (
    message_id text not null references messages (id),
    number integer not null,
    digest text not null,
    author text not null,
    subject text not null,
    body text not null,
    envelope text not null default '{}',
    created_at integer not null,
    raw blob,
    primary key (message_id, number)
);

create table recipients (
    message_seq integer not null references messages (seq),
    position integer not null,
    kind text not null,
    address text not null,
    name text not null default '',
    automatic integer not null default 0,
    primary key (message_seq, position)
) without rowid;
create index recipients_by_address on recipients (address, message_seq);
create index messages_by_sender on messages (sender, seq);

create table attachments (
    message_id text not null references messages (id),
    position integer not null,
    filename text not null,
    content_type text not null,
    size integer not null,
    sha256 text not null,
    inline integer not null default 0,
    primary key (message_id, position)
) without rowid;

-- Header ids per mailbox, bounded: (mailbox, header id) names one thread. `seen` 0 means only referenced so far.
create table message_ids (
    mailbox_id text not null,
    header_id text not null,
    thread_id text not null,
    message_id text,
    primary key (mailbox_id, header_id)
) without rowid;
create index message_ids_by_thread on message_ids (thread_id);

-- A peer's retry of a mail that was taken is a no-op.
create table arrivals (
    mailbox_id text not null,
    header_id text not null,
    content_hash text not null,
    message_id text not null,
    primary key (mailbox_id, header_id, content_hash)
) without rowid;

create table deliveries (
    id text primary key,
    message_id text not null references messages (id),
    address text not null,
    status text not null,
    attempts integer not null default 0,
    first_at integer,
    due_at integer not null,
    lease_owner text,
    lease_until integer,
    smtp_code integer,
    detail text not null default '',
    token text not null default '',
    updated_at integer not null
) without rowid;
create index deliveries_due on deliveries (due_at) where status = 'queued';
create index deliveries_leased on deliveries (lease_until) where status in ('claimed', 'sending');
create index deliveries_by_message on deliveries (message_id);

create table decisions (
    id text primary key,
    message_id text not null references messages (id),
    revision integer not null,
    digest text not null,
    principal_id text not null,
    decision text not null,
    note text not null default '',
    via text not null,
    host text not null default '',
    diff text not null default '',
    at integer not null
) without rowid;
create index decisions_by_message on decisions (message_id, at);

-- Which revision a principal was last shown: what a decision without a digest applies to.
create table served (
    principal_id text not null,
    message_id text not null,
    revision integer not null,
    digest text not null,
    at integer not null,
    primary key (principal_id, message_id)
) without rowid;

create table tags (
    kind text not null check (kind in ('message', 'thread', 'contact')),
    target text not null,
    tag text not null,
    value text not null default '',
    principal_id text not null default '',
    origin text not null default '',
    at integer not null,
    primary key (kind, target, tag)
) without rowid;
create index tags_by_tag on tags (kind, tag, target);
create index tags_by_origin on tags (origin) where origin <> '';

create table contacts (
    id text primary key,
    address text not null unique,
    domain text not null,
    name text not null default '',
    metadata text not null default '{}',
    last_contacted integer,
    last_inbound integer,
    replied integer not null default 0,
    interaction_count integer not null default 0,
    latest_thread_id text,
    hidden integer not null default 0,
    created_at integer not null,
    updated_at integer not null
) without rowid;
create index contacts_by_domain on contacts (domain, id);
create index contacts_by_contacted on contacts (last_contacted);

create table interactions (
    seq integer primary key,
    contact_id text not null references contacts (id) on delete cascade,
    kind text not null check (kind in ('sent', 'replied', 'received', 'read')),
    message_id text,
    thread_id text,
    mailbox_id text not null,
    hidden integer not null default 0,
    at integer not null
);
create index interactions_by_contact on interactions (contact_id, seq);
create index interactions_hidden on interactions (message_id) where hidden = 1;

create table idempotency (
    principal_id text not null,
    key text not null,
    operation text not null,
    fingerprint text not null,
    message_id text not null,
    answer text not null,
    at integer not null,
    primary key (principal_id, key)
) without rowid;
create index idempotency_by_age on idempotency (at);

-- The audit log, the timeline and the source of wake-ups: ids and codes only, never an address or text.
create table events (
    seq integer primary key,
    at integer not null,
    kind text not null,
    mailbox_id text,
    message_id text,
    thread_id text,
    contact_id text,
    principal_id text,
    data text not null default '{}'
);
create index events_by_message on events (message_id, seq) where message_id is not null;

-- Every call of an operation, reads included.
create table calls (
    seq integer primary key,
    at integer not null,
    principal_id text not null,
    operation text not null,
    surface text not null,
    outcome text not null,
    target text
);
create index calls_by_principal on calls (principal_id, seq);

-- Mail that could not be parsed or filed, kept raw for a person.
create table set_aside (
    id text primary key,
    at integer not null,
    reason text not null,
    envelope text not null,
    raw blob not null
) without rowid;

create table sessions (
    id_hash text primary key,
    principal_id text not null references principals (id),
    csrf text not null,
    confirmed_at integer,
    created_at integer not null,
    expires_at integer not null
) without rowid;

create table sign_in_links (
    hash text primary key,
    principal_id text not null references principals (id),
    created_at integer not null,
    expires_at integer not null,
    used_at integer
) without rowid;

-- Free text over subject, people and body; contentless, rowid = messages.seq.
create virtual table search using fts5 (subject, people, body, content = '', columnsize = 0, tokenize = "unicode61 remove_diacritics 2");
-- Every commit adds a piece to the index; so many of one size are merged into the next. Twice the default: half the
-- pages are written for it, and a search looks into a few pieces more.
insert into search (search, rank) values ('automerge', 8);
