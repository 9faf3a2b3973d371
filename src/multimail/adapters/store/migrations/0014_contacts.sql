-- Contacts at scale: provenance, what searches need, imports.

-- Who said what stands in a field: 'name', 'metadata.KEY', or '*' for all that has no row of its own. `kept` is what an
-- operator, an import or a mail had said before an agent wrote over it: JSON with value, source, by and at.
-- personal: kept
create table contact_fields (
    contact_id text not null references contacts (id) on delete cascade,
    field text not null,
    source text not null check (source in ('operator', 'inbound', 'import', 'agent', 'system')),
    said_by text not null default '',
    at integer not null,
    kept text,
    primary key (contact_id, field)
) without rowid;
