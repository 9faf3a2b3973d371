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

-- A contact's data by key and value, to three objects deep, in the order of a page, for everybody and for each domain.
-- A value is cut and a number written one way: what is found here is looked at again in the contact itself.
-- personal: path, value, domain
create table contact_metadata (
    path text not null,
    value text not null,
    contact_id text not null,
    domain text not null,
    primary key (path, value, contact_id)
) without rowid;
create index contact_metadata_of_domain on contact_metadata (domain, path, value, contact_id);
create view metadata_of_contacts (contact_id, domain, path, value) as
select id, domain, substr(path, 1, 200), case
        when type in ('true', 'false') then type
        when type = 'text' then substr(atom, 1, 100)
        when atom = cast(atom as integer) then cast(cast(atom as integer) as text)
        else cast(atom as text)
    end
from (
    select c.id, c.domain, a.key as path, a.type, a.atom
    from contacts c, json_each(c.metadata) a
    union all
    select c.id, c.domain, a.key || '.' || b.key, b.type, b.atom
    from contacts c, json_each(c.metadata) a, json_each(iif(a.type = 'object', a.value, '{}')) b
    union all
    select c.id, c.domain, a.key || '.' || b.key || '.' || d.key, d.type, d.atom
    from contacts c, json_each(c.metadata) a, json_each(iif(a.type = 'object', a.value, '{}')) b,
        json_each(iif(b.type = 'object', b.value, '{}')) d
) where type not in ('object', 'array', 'null');
insert into contact_metadata (path, value, contact_id, domain)
select path, value, contact_id, domain from metadata_of_contacts where true on conflict do nothing;
create trigger contact_metadata_born after insert on contacts when new.metadata <> '{}' begin
    insert into contact_metadata (path, value, contact_id, domain)
    select path, value, contact_id, domain from metadata_of_contacts where contact_id = new.id on conflict do nothing;
end;
create trigger contact_metadata_going before update of metadata on contacts when new.metadata <> old.metadata begin
    delete from contact_metadata where (path, value, contact_id) in
        (select path, value, contact_id from metadata_of_contacts where contact_id = old.id);
end;
create trigger contact_metadata_changed after update of metadata on contacts when new.metadata <> old.metadata begin
    insert into contact_metadata (path, value, contact_id, domain)
    select path, value, contact_id, domain from metadata_of_contacts where contact_id = new.id on conflict do nothing;
end;
create trigger contact_metadata_gone before delete on contacts when old.metadata <> '{}' begin
    delete from contact_metadata where (path, value, contact_id) in
        (select path, value, contact_id from metadata_of_contacts where contact_id = old.id);
end;

-- When somebody was last written to, as the log has it or else the contact's own data: what is searched by time.
alter table contacts add column noted integer;
create trigger contacts_noted_born after insert on contacts
when new.metadata <> '{}' and json_extract(new.metadata, '$.last_contacted') is not null begin
    update contacts set noted = cast(strftime('%s', json_extract(new.metadata, '$.last_contacted')) as integer) * 1000000
    where id = new.id;
end;
create trigger contacts_noted after update of metadata on contacts when new.metadata <> old.metadata
    and json_extract(new.metadata, '$.last_contacted') is not json_extract(old.metadata, '$.last_contacted') begin
    update contacts set noted = cast(strftime('%s', json_extract(new.metadata, '$.last_contacted')) as integer) * 1000000
    where id = new.id;
end;
update contacts set noted = cast(strftime('%s', json_extract(metadata, '$.last_contacted')) as integer) * 1000000
where json_extract(metadata, '$.last_contacted') is not null;
drop index contacts_by_contacted;
create index contacts_by_contacted on contacts (coalesce(last_contacted, noted), id);
create index contacts_by_inbound on contacts (last_inbound, id);

-- Contacts by a tag with its value, in the order of a page; without the value there is tags_by_tag.
create index tags_of_contacts on tags (tag, value, target) where kind = 'contact' and value <> '';

-- How often a mailbox wrote to a domain: what is known of a domain however many people are there.
-- personal: domain
create table written_domains (
    mailbox_id text not null,
    domain text not null,
    written integer not null,
    primary key (mailbox_id, domain)
) without rowid;
insert into written_domains (mailbox_id, domain, written)
select i.mailbox_id, c.domain, count(*) from interactions i cross join contacts c on c.id = i.contact_id
where i.kind in ('sent', 'replied') and i.hidden = 0 group by i.mailbox_id, c.domain;
create trigger written_domains_more after insert on interactions
when new.kind in ('sent', 'replied') and new.hidden = 0 begin
    insert into written_domains (mailbox_id, domain, written)
    select new.mailbox_id, c.domain, 1 from contacts c where c.id = new.contact_id
    on conflict (mailbox_id, domain) do update set written = written + 1;
end;
create trigger written_domains_less after delete on interactions
when old.kind in ('sent', 'replied') and old.hidden = 0 begin
    update written_domains set written = written - 1 where mailbox_id = old.mailbox_id
        and domain = (select c.domain from contacts c where c.id = old.contact_id);
    delete from written_domains where mailbox_id = old.mailbox_id and written = 0
        and domain = (select c.domain from contacts c where c.id = old.contact_id);
end;
-- While the contact is there to say its domain: afterwards the log would go without a word.
create trigger interactions_gone before delete on contacts begin
    delete from interactions where contact_id = old.id;
end;
drop index interactions_written;
