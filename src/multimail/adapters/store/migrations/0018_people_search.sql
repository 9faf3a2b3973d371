-- A part of an address or name is found by an index of every three letters that stand side by side in them, however many
-- contacts there are. Contacts are put into it some at a time soon after they came or got another name, which costs a
-- sixth of what each by itself would, and nobody who waits: until then `seq` is NULL, and they are looked at themselves.
alter table contacts add column seq integer;
create unique index contacts_by_seq on contacts (seq);
create virtual table contact_letters using fts5 (text, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
insert into contact_letters (contact_letters, rank) values ('automerge', 8);
-- What is to be taken out of it, also a little later: a trigger that named the index itself would make every mail that
-- comes in wait for it.
-- personal: text
create table letters_of_contacts_left (
    seq integer primary key,
    text text not null
);
create trigger contact_letters_changed after update of name on contacts
when old.seq is not null and new.name <> old.name begin
    insert into letters_of_contacts_left (seq, text) values (old.seq, old.address || char(10) || old.name);
    update contacts set seq = null where id = new.id;
end;
create trigger contact_letters_gone after delete on contacts when old.seq is not null begin
    insert into letters_of_contacts_left (seq, text) values (old.seq, old.address || char(10) || old.name);
end;
