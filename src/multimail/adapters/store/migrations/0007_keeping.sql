-- How long mail is kept, and notices that something waits.

alter table mailboxes add column retention_days integer;
alter table mailboxes add column retention_messages integer;
alter table mailboxes add column notices text not null default 'immediate'
    check (notices in ('immediate', 'digest', 'off'));
alter table mailboxes add column notice_minutes integer;
alter table mailboxes add column notice_details integer not null default 0;

-- The server's own mail that nobody has read: not counted where mail is.
create index messages_system_unread on messages (mailbox_id) where class = 'system' and status = 'unread';

-- Deleting for good that is under way: what of a mailbox was stored up to a place and before a time. It is ended by
-- whoever began it, or after a crash by the next server, and stays for a day so that both know how much went.
-- `tidied` says that the search index was looked after: it has no words left of what went, or is too large to.
create table purges (
    id text primary key,
    mailbox_id text not null,
    through_seq integer not null,
    before_at integer not null,
    principal_id text not null,
    reason text not null check (reason in ('asked', 'single', 'retention')),
    deleted integer not null default 0,
    created_at integer not null,
    ended_at integer,
    tidied integer not null default 0
) without rowid;

-- What deleting a mail looks for by the mail.
create index served_by_message on served (message_id);
create index batch_mails_by_message on batch_mails (message_id);
create index idempotency_by_message on idempotency (message_id);
create index interactions_by_message on interactions (message_id) where message_id is not null;

-- Who decided what about which digest outlives the mail, so it refers to no row of one.
create table decisions_kept (
    id text primary key,
    message_id text not null,
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
insert into decisions_kept select id, message_id, revision, digest, principal_id, decision, note, via, host, diff, at
    from decisions;
drop table decisions;
alter table decisions_kept rename to decisions;
create index decisions_by_message on decisions (message_id, at);

-- What waits for a person, since when, and whether the oversight address was told. The triggers keep it in step with
-- the mail, whoever moves it.
create table awaiting (
    message_id text primary key references messages (id) on delete cascade,
    mailbox_id text not null,
    since integer not null,
    told_at integer
) without rowid;
create index awaiting_untold on awaiting (mailbox_id, since) where told_at is null;
create index awaiting_by_mailbox on awaiting (mailbox_id, since);
insert into awaiting (message_id, mailbox_id, since) select id, mailbox_id, updated_at from messages
    where status in ('pending_approval', 'escalated', 'pending_inbound_approval') and class <> 'system';
create trigger awaiting_born after insert on messages
    when new.status in ('pending_approval', 'escalated', 'pending_inbound_approval') and new.class <> 'system'
    begin
        insert into awaiting (message_id, mailbox_id, since) values (new.id, new.mailbox_id, new.created_at);
    end;
create trigger awaiting_begun after update of status on messages
    when new.status is not old.status and new.class <> 'system'
        and new.status in ('pending_approval', 'escalated', 'pending_inbound_approval')
    begin
        insert into awaiting (message_id, mailbox_id, since) values (new.id, new.mailbox_id, new.updated_at)
            on conflict (message_id) do update set since = excluded.since, told_at = null;
    end;
create trigger awaiting_over after update of status on messages
    when new.status not in ('pending_approval', 'escalated', 'pending_inbound_approval')
        and old.status in ('pending_approval', 'escalated', 'pending_inbound_approval')
    begin
        delete from awaiting where message_id = new.id;
    end;
