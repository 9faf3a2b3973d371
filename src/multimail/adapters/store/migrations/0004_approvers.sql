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
