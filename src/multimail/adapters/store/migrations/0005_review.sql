-- What a person is told about waiting mail before deciding.

-- What was found in one revision, and how risky the mail was when it was last looked at. `codes` is a JSON list;
-- `sketch` is what likeness is measured by, empty where there is too little text.
create table cautions (
    message_id text primary key references messages (id) on delete cascade,
    revision integer not null,
    risk integer not null,
    codes text not null,
    sketch blob not null,
    at integer not null
) without rowid;

-- When a principal first and last had a revision before it, to decide on it. No text, so it outlives the mail.
create table looks (
    principal_id text not null,
    message_id text not null,
    digest text not null,
    first_at integer not null,
    last_at integer not null,
    primary key (principal_id, message_id, digest)
) without rowid;
create index looks_by_message on looks (message_id);

-- Waiting mail whose newest revision nobody examined yet: written down with the mail itself, whoever wrote it and why
-- ever it waits, and taken away by who examines it.
create table unexamined (
    message_id text primary key references messages (id) on delete cascade
) without rowid;
insert into unexamined (message_id) select id from messages where status in
    ('pending_approval', 'escalated', 'changes_requested', 'scheduled', 'pending_inbound_approval');
create trigger unexamined_born after insert on messages when new.status in
    ('pending_approval', 'escalated', 'changes_requested', 'scheduled', 'pending_inbound_approval')
begin
    insert into unexamined (message_id) values (new.id);
end;
create trigger unexamined_changed after update of status, revision on messages when new.status in
    ('pending_approval', 'escalated', 'changes_requested', 'scheduled', 'pending_inbound_approval')
    and not exists (select 1 from cautions c where c.message_id = new.id and c.revision = new.revision)
begin
    insert into unexamined (message_id) values (new.id) on conflict do nothing;
end;
-- Whom a mailbox wrote to, without reading past all that came in from them.
create index interactions_written on interactions (contact_id, mailbox_id) where kind in ('sent', 'replied') and hidden = 0;
