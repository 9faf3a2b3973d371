-- Mail that comes in is unread, and that is looked at first: the list of states that wait for somebody would be put up
-- anew for each mail.
drop trigger unexamined_born;
create trigger unexamined_born after insert on messages when new.status <> 'unread' and new.status in
    ('pending_approval', 'escalated', 'changes_requested', 'scheduled', 'pending_inbound_approval')
begin
    insert into unexamined (message_id) values (new.id);
end;
drop trigger awaiting_born;
create trigger awaiting_born after insert on messages when new.status <> 'unread'
    and new.status in ('pending_approval', 'escalated', 'pending_inbound_approval') and new.class <> 'system'
begin
    insert into awaiting (message_id, mailbox_id, since) values (new.id, new.mailbox_id, new.created_at);
end;
