-- Counts of what was sent and what came back, and breakers.

-- By hour (hours since the epoch), written with what is counted. For a mailbox its id, for a domain its name, for a
-- campaign its tag.
-- personal: subject where kind = 'domain', and that only where a domain is one person's
create table reputation_counts (
    kind text not null check (kind in ('mailbox', 'domain', 'campaign')),
    subject text not null,
    hour integer not null,
    sent integer not null default 0,
    bounced integer not null default 0,
    soft_bounced integer not null default 0,
    complained integer not null default 0,
    unsubscribed integer not null default 0,
    replied integer not null default 0,
    opened integer not null default 0,
    primary key (kind, subject, hour)
) without rowid;
create index reputation_counts_by_hour on reputation_counts (hour);

-- Which mail belongs to which campaign: the tags it was sent with. What is tagged later changes nothing here.
create table campaign_mails (
    message_id text not null references messages (id) on delete cascade,
    tag text not null,
    variant text not null default '',
    primary key (message_id, tag)
) without rowid;

-- All that became of a campaign so far, by variant and by the mailbox it left.
create table campaign_totals (
    tag text not null,
    variant text not null default '',
    mailbox_id text not null,
    sent integer not null default 0,
    bounced integer not null default 0,
    soft_bounced integer not null default 0,
    complained integer not null default 0,
    unsubscribed integer not null default 0,
    replied integer not null default 0,
    opened integer not null default 0,
    first_at integer not null,
    last_at integer not null,
    primary key (tag, variant, mailbox_id)
) without rowid;
create index campaign_totals_by_time on campaign_totals (last_at);

-- A tag is words of whoever sent the mail: with the last mail of a campaign goes all that names it, but for what an
-- operator set or has to decide on.
create index campaign_mails_by_tag on campaign_mails (tag);
create trigger campaign_over after delete on campaign_mails
    when not exists (select 1 from campaign_mails where tag = old.tag)
    begin
        delete from campaign_totals where tag = old.tag;
        delete from reputation_counts where kind = 'campaign' and subject = old.tag;
        delete from breakers where kind = 'campaign' and subject = old.tag and state = 'normal';
    end;

-- What was counted of a delivery, each once.
create table delivery_outcomes (
    delivery_id text not null references deliveries (id) on delete cascade,
    kind text not null,
    at integer not null,
    primary key (delivery_id, kind)
) without rowid;

-- Breakers that are or were anything but normal. After an operator's resume rates are counted from `from_hour` on,
-- without what that hour had by then: `base`, JSON.
create table breakers (
    kind text not null check (kind in ('mailbox', 'campaign')),
    subject text not null,
    state text not null check (state in ('normal', 'warned', 'throttled', 'paused')),
    reason text not null default '',
    since integer not null,
    principal_id text not null default '',
    from_hour integer not null default 0,
    base text not null default '{}',
    told_at integer,
    primary key (kind, subject)
) without rowid;

create index breakers_tripped on breakers (kind, subject) where state <> 'normal';

-- What an operator set for breakers: of one mailbox or campaign, or of all where `kind` is empty. JSON.
create table breaker_rules (
    kind text not null check (kind in ('', 'mailbox', 'campaign')),
    subject text not null default '',
    rules text not null,
    primary key (kind, subject)
) without rowid;

create table warm_ups (
    mailbox_id text primary key references mailboxes (id),
    started_at integer not null,
    first integer not null,
    target integer not null,
    days integer not null,
    day integer not null default 0,
    used integer not null default 0
) without rowid;

-- What stops mail from being claimed. A stop that was lifted stays until no delivery waits behind it any more.
-- `aligned` says that all that was queued before it has its lane.
create table sending_stops (
    id integer primary key,
    kind text not null check (kind in ('mailbox', 'campaign')),
    subject text not null,
    mode text not null check (mode in ('paused', 'throttled', 'warming')),
    per_minute integer not null default 0,
    window_at integer not null default 0,
    used integer not null default 0,
    until integer,
    aligned integer not null default 0,
    lifted_at integer
);
create unique index sending_stops_on on sending_stops (kind, subject, mode = 'warming') where lifted_at is null;

create view covering_stops as
    select m.id as message_id, s.id as stop_id, s.mode as mode
    from messages m cross join sending_stops s
    where s.lifted_at is null and s.kind = 'mailbox' and s.subject = m.mailbox_id and m.class <> 'system'
    union all
    select c.message_id, s.id, s.mode
    from campaign_mails c cross join sending_stops s
    where s.lifted_at is null and s.kind = 'campaign' and s.subject = c.tag;

-- Behind which stop mail waits: one that lets nothing through comes before one that lets some, and a campaign's before
-- its mailbox's. One subquery for each, so that each is a look into an index.
create view lanes as select m.id as message_id, case m.class when 'system' then 0 else coalesce(
    (select s.id from campaign_mails c cross join sending_stops s where c.message_id = m.id
        and s.lifted_at is null and s.kind = 'campaign' and s.subject = c.tag and s.mode <> 'throttled' limit 1),
    (select s.id from sending_stops s where s.lifted_at is null and s.kind = 'mailbox' and s.subject = m.mailbox_id
        and s.mode <> 'throttled' limit 1),
    (select s.id from campaign_mails c cross join sending_stops s where c.message_id = m.id
        and s.lifted_at is null and s.kind = 'campaign' and s.subject = c.tag and s.mode = 'throttled' limit 1),
    (select s.id from sending_stops s where s.lifted_at is null and s.kind = 'mailbox' and s.subject = m.mailbox_id
        and s.mode = 'throttled' limit 1),
    0) end as lane
    from messages m;

-- The lane of a queued delivery: 0 where nothing stops it, the id of the stop it waits behind, -1 where a throttle let
-- it through. Claims look at the free ones only, so that what waits behind a stop costs them nothing.
alter table deliveries add column lane integer not null default 0;
drop index deliveries_due;
create index deliveries_due on deliveries (due_at) where status = 'queued' and lane <= 0;
create index deliveries_parked on deliveries (lane, due_at) where status = 'queued' and lane > 0;

create trigger deliveries_parked_new after insert on deliveries
    when new.status = 'queued' and exists (select 1 from sending_stops)
    begin
        update deliveries set lane = (select l.lane from lanes l where l.message_id = new.message_id)
        where id = new.id;
    end;
create trigger deliveries_parked_again after update of status on deliveries
    when new.status = 'queued' and (new.lane <> 0 or exists (select 1 from sending_stops))
    begin
        update deliveries set lane = (select l.lane from lanes l where l.message_id = new.message_id)
        where id = new.id;
    end;
create trigger deliveries_parked_with_campaign after insert on campaign_mails
    when exists (select 1 from sending_stops where kind = 'campaign' and subject = new.tag and lifted_at is null)
    begin
        update deliveries set lane = (select l.lane from lanes l where l.message_id = new.message_id)
        where message_id = new.message_id and status = 'queued' and lane >= 0;
    end;
