-- Everybody who sent or got mail that is here, under each spelling of the name, and in how many places. A search for a
-- part of a name or address looks here first; who occurs nowhere any more is forgotten with the last mail.
create table people (
    address text not null,
    name text not null,
    places integer not null,
    primary key (address, name)
) without rowid;
insert into people (address, name, places)
select address, name, count(*) from (
    select sender as address, sender_name as name from messages union all select address, name from recipients
) group by address, name;

create trigger people_sent after insert on messages begin
    insert into people (address, name, places) values (new.sender, new.sender_name, 1)
    on conflict (address, name) do update set places = places + 1;
end;
create trigger people_got after insert on recipients begin
    insert into people (address, name, places) values (new.address, new.name, 1)
    on conflict (address, name) do update set places = places + 1;
end;
create trigger people_sent_no_more after delete on messages begin
    update people set places = places - 1 where address = old.sender and name = old.sender_name;
    delete from people where address = old.sender and name = old.sender_name and places = 0;
end;
create trigger people_got_no_more after delete on recipients begin
    update people set places = places - 1 where address = old.address and name = old.name;
    delete from people where address = old.address and name = old.name and places = 0;
end;

-- From such a person to the mail, without looking at it.
drop index messages_by_sender;
create index messages_by_sender on messages (sender, seq, sender_name);
drop index recipients_by_address;
create index recipients_by_address on recipients (address, message_seq, name, kind);

-- Where hardly any mail has files, or none was answered, those that do are known without looking at the others.
create index messages_with_files on messages (seq) where has_attachments = 1;
create index messages_answered on messages (seq) where has_replies = 1;
