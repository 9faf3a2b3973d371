-- Consent records, topics, preferences.

-- Who agreed to what, and who took it back. A withdrawal is a row of its own, and what it covers carries its time; rows
-- are never changed otherwise. '' as topic is every topic, '' as region everywhere. address_key is the key in
-- hexadecimal, by which a person without a contact is known.
create table consents (
    seq integer primary key,
    id text not null unique,
    address_key text not null,
    contact_id text references contacts (id) on delete set null,
    topic text not null default '',
    region text not null default '',
    basis text not null
        check (basis in ('consent', 'contract', 'legitimate_interest', 'soft_opt_in', 'withdrawal')),
    source text not null default '', -- personal: source
    evidence text not null default '{}', -- personal: evidence
    provenance text not null check (provenance in ('operator', 'inbound', 'import', 'agent')),
    given_at integer not null,
    recorded_at integer not null,
    withdrawn_at integer,
    expires_at integer,
    made_by text not null default ''
);
create index consents_by_person on consents (address_key, seq);
create index consents_by_contact on consents (contact_id) where contact_id is not null;
create index consents_by_topic on consents (topic, seq);

-- By which channels somebody wants to be reached.
create table channels (
    address_key text not null,
    channel text not null,
    wanted integer not null,
    changed_at integer not null,
    made_by text not null default '',
    primary key (address_key, channel)
) without rowid;

-- What a mail is about, for those who keep the register of what mail is for.
alter table messages add column topic text not null default '';
create index messages_by_topic on messages (mailbox_id, topic) where topic <> '';

create trigger reach_consent_given after insert on consents begin
    update reach_version set version = version + 1;
end;
create trigger reach_consent_changed after update of withdrawn_at, expires_at on consents begin
    update reach_version set version = version + 1;
end;
create trigger reach_consent_gone after delete on consents begin
    update reach_version set version = version + 1;
end;
create trigger reach_region_changed after update of metadata on contacts
when new.metadata <> old.metadata and (
    json_extract(new.metadata, '$.region') is not json_extract(old.metadata, '$.region')
    or json_extract(new.metadata, '$.regions') is not json_extract(old.metadata, '$.regions')
) begin
    update reach_version set version = version + 1;
end;
