-- Webhooks: who is told what. `position` is the place in the log up to which events were looked at for it; only
-- events behind it are ever told. `events` and `tags` are JSON lists.
create table webhooks (
    id text primary key,
    url text not null,
    events text not null,
    mailbox_id text references mailboxes (id),
    tags text not null default '[]',
    audience text not null check (audience in ('agent', 'reviewer')),
    description text not null default '',
    secret text not null,
    old_secret text,
    old_until integer,
    state text not null check (state in ('active', 'paused', 'disabled')),
    reason text not null default '',
    position integer not null,
    delivered integer not null default 0,
    failed integer not null default 0,
    failures integer not null default 0,
    last_delivered_at integer,
    last_failed_at integer,
    last_failure text not null default '',
    created_at integer not null,
    updated_at integer not null,
    deleted_at integer
) without rowid;

-- One row for each webhook and event, once. `body` is made at the first try and the same in every other; `tries` is
-- a JSON list, oldest first.
create table webhook_deliveries (
    seq integer primary key,
    id text not null unique,
    webhook_id text not null references webhooks (id),
    event_seq integer not null,
    event text not null,
    status text not null check (status in ('pending', 'delivered', 'failed')),
    attempts integer not null default 0,
    due_at integer not null,
    lease_owner text,
    lease_until integer,
    body blob,
    tries text not null default '[]',
    created_at integer not null,
    done_at integer,
    unique (webhook_id, event_seq)
);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, due_at, seq) where status = 'pending';
create index webhook_deliveries_failed on webhook_deliveries (webhook_id, done_at) where status = 'failed';
create index webhook_deliveries_done on webhook_deliveries (done_at) where done_at is not null;
