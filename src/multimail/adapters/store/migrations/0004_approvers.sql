-- Approval by rule: what an operator lets pass without a person, and mails that share one review.

-- What a program may decide on; the rest of its decisions hands a mail on to a person. JSON, null for no limit.
alter table principals add column approval_limit text;

-- `conditions` is JSON. A rule that was taken away stays for the record.
create table approval_rules (
    id text primary key,
    name text not null,
    mailbox_id text references mailboxes (id),
    conditions text not null,
    created_by text not null,
    created_at integer not null,
    deleted_at integer,
    hits integer not null default 0,
    last_hit_at integer
) without rowid;
create unique index approval_rules_by_name on approval_rules (name) where deleted_at is null;

-- Texts of an operator with slots for values.
create table templates (
    id text primary key,
    name text not null,
    subject text not null,
    body text not null,
    created_by text not null,
    created_at integer not null,
    deleted_at integer
) without rowid;
create unique index templates_by_name on templates (name) where deleted_at is null;

-- Mails that were written at once from one text. The text of a template is copied: what was sent stays known.
create table batches (
    id text primary key,
    principal_id text not null,
    mailbox_id text not null references mailboxes (id),
    subject text not null,
    body text not null,
    template_id text references templates (id),
    created_at integer not null
) without rowid;

-- What was filled in for each recipient: personal data, in rows of its own.
create table batch_mails (
    batch_id text not null references batches (id),
    message_id text not null references messages (id),
    address text not null,
    slots text not null,
    primary key (batch_id, message_id)
) without rowid;

alter table messages add column batch_id text;
create index messages_by_batch on messages (batch_id, seq) where batch_id is not null;
create index messages_held_in_batches on messages (principal_id, batch_id)
    where batch_id is not null and status in ('changes_requested', 'escalated', 'pending_approval');
