-- Erasures, and what makes them hold in backups.

-- Somebody was erased, or is being. While it goes on, who it is has to be known, also after a crash; with the last row
-- of them the row forgets it too and keeps the key, in hexadecimal. `found_seq` is the mail up to which mentions were
-- looked for. The row stays for good: a backup that is restored is told by it whom to erase again.
create table erasures (
    id text primary key,
    address_key text not null,
    principal_id text not null,
    stage text not null check (stage in ('sweeping', 'cleaning', 'ended')),
    traces text, -- personal: traces
    found_seq integer not null default 0,
    removed integer not null default 0,
    redacted integer not null default 0,
    rows_scrubbed integer not null default 0,
    asked_at integer not null,
    touched_at integer not null,
    ended_at integer,
    copies_at integer -- when nothing was left in any backup that the server knows either
) without rowid;
create index erasures_by_key on erasures (address_key, asked_at);
create index erasures_by_time on erasures (asked_at, id);
create index erasures_in_copies on erasures (ended_at) where stage = 'ended' and copies_at is null;
create index erasures_open on erasures (touched_at) where stage <> 'ended';

-- Somebody by any spelling of the address.
create index people_by_spelling on people (lower(address));
