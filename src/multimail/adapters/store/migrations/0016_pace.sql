-- Pace: how often and at which hours people are written to; and sequences of mails.

-- One rule for a mailbox and topic; '' is all of them. What it says is in `rule`, as JSON.
create table pace_rules (
    id text primary key,
    mailbox_id text not null default '',
    topic text not null default '',
    rule text not null,
    principal_id text not null,
    made_at integer not null,
    updated_at integer not null,
    unique (mailbox_id, topic)
) without rowid;

-- Which clock people at a domain live by.
create table domain_time_zones (
    domain text primary key,
    time_zone text not null,
    principal_id text not null,
    at integer not null
) without rowid;

-- What was handed over to whom, as far as a cap counts it; written with the mark that nothing is tried twice after.
-- address_key is the key in hexadecimal.
create table pace_handed (
    address_key text not null,
    at integer not null,
    delivery_id text not null,
    mailbox_id text not null,
    topic text not null,
    primary key (address_key, at, delivery_id)
) without rowid;
create index pace_handed_by_delivery on pace_handed (delivery_id);
create index pace_handed_by_time on pace_handed (at);

create table sequences (
    id text primary key,
    name text not null, -- names are an operator's or program's words, unique among those that go on
    mailbox_id text not null references mailboxes (id),
    plan text not null,
    run_by text not null,
    status text not null,
    reason text not null default '',
    principal_id text not null,
    made_at integer not null,
    updated_at integer not null
) without rowid;
create unique index sequences_by_name on sequences (mailbox_id, name) where status <> 'stopped';

-- Where somebody is in a sequence; the address is the contact's. `version` moves with every change.
create table enrollments (
    id text primary key,
    sequence_id text not null references sequences (id),
    contact_id text not null,
    address_key text not null,
    step integer not null default 0,
    status text not null,
    reason text not null default '',
    due_at integer not null,
    lease text not null default '',
    lease_by text not null default '',
    lease_until integer not null default 0,
    last_message text,
    looked_at integer not null default 1, -- 0: something happened that may end it
    version integer not null default 1,
    made_at integer not null,
    updated_at integer not null,
    unique (sequence_id, address_key)
) without rowid;
create index enrollments_due on enrollments (sequence_id, due_at) where status = 'active';
create index enrollments_of_somebody on enrollments (address_key) where status = 'active';
create index enrollments_to_look_at on enrollments (id) where status = 'active' and looked_at = 0;
create index enrollments_of_contact on enrollments (contact_id) where status = 'active';
create index enrollments_by_message on enrollments (last_message) where last_message is not null;

-- Whatever may end somebody's sequence has it looked at, by whichever way it came.
create trigger enrollments_tagged after insert on tags when new.kind = 'contact' begin
    update enrollments set looked_at = 0 where contact_id = new.target and status = 'active';
end;
create trigger enrollments_suppressed after insert on suppressions begin
    update enrollments set looked_at = 0 where address_key = new.address_key and status = 'active';
end;
create trigger enrollments_mail_over after update of status on messages
when new.status in ('bounced', 'failed', 'rejected', 'cancelled', 'expired', 'suppressed') begin
    update enrollments set looked_at = 0 where last_message = new.id and status = 'active';
end;
create trigger enrollments_contact_gone after delete on contacts begin
    update enrollments set looked_at = 0 where contact_id = old.id and status = 'active';
end;
