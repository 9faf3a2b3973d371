-- Suppression records, and unsubscribing by link.

-- What addresses are known by without being kept, and what links of recipients are signed with: 32 random bytes.
insert into settings (name, value) values ('address_secret', '"' || lower(hex(randomblob(32))) || '"');

-- Who is not to be written to, why, and for which mail: '' as mailbox_id is every mailbox, '' as topic every topic. One
-- record a reason is in force at a time; what was lifted stays as it was. address_key is the key in hexadecimal;
-- address and evidence go with an erasure, the key stays.
create table suppressions (
    seq integer primary key,
    address_key text not null,
    address text, -- personal: address
    reason text not null,
    mailbox_id text not null default '',
    topic text not null default '',
    source text not null,
    evidence text not null default '{}', -- personal: evidence
    made_at integer not null,
    made_by text not null default '',
    expires_at integer,
    lifted_at integer,
    lifted_by text,
    lifted_why text -- personal: lifted_why
);
create unique index suppressions_in_force on suppressions (address_key, mailbox_id, topic, reason) where lifted_at is null;
create index suppressions_by_address on suppressions (address, seq) where address is not null;
create index suppressions_by_reason on suppressions (reason, seq) where lifted_at is null;
create index suppressions_live on suppressions (seq) where lifted_at is null;

-- Requests to be left alone, however they came, and how long each took from its arrival until it held.
create table unsubscribe_requests (
    seq integer primary key,
    address_key text not null,
    mailbox_id text not null,
    topic text not null default '',
    way text not null,
    message_id text, -- the mail that asked, or the one whose link was used
    requested_at integer not null,
    honoured_at integer not null
);
create index unsubscribe_requests_by_time on unsubscribe_requests (honoured_at);
create index unsubscribe_requests_by_person on unsubscribe_requests (address_key, seq);

-- When somebody was last told that his request was honoured: once a month is enough.
create table unsubscribe_confirmations (
    address_key text primary key,
    confirmed_at integer not null
) without rowid;

-- A number that moves whenever somebody may be reached who was not to be before, or the other way round: what was read
-- before a hand-over is asked again only if it did. Other tables that decide on this move it by triggers of their own.
create table reach_version (
    id integer primary key check (id = 1),
    version integer not null
);
insert into reach_version (id, version) values (1, 0);
create trigger reach_suppressed after insert on suppressions begin
    update reach_version set version = version + 1;
end;
create trigger reach_suppression_changed after update on suppressions begin
    update reach_version set version = version + 1;
end;
create trigger reach_tagged after insert on tags
when new.kind = 'contact' and new.tag in ('unsubscribed', 'suppressed') begin
    update reach_version set version = version + 1;
end;
create trigger reach_mailbox_changed after update of metadata on mailboxes when new.metadata <> old.metadata begin
    update reach_version set version = version + 1;
end;
create index unsubscribe_requests_by_message on unsubscribe_requests (message_id) where message_id is not null;
