-- Conversations, newest first. A list of them goes through the mail of each state in its order and asks of each only
-- which conversation it belongs to: that stands in the index, so that a conversation of ten thousand mails is passed by
-- without looking at one of them.
drop index messages_by_status;
create index messages_by_status on messages (status, mailbox_id, seq, thread_id);

-- The same of a whole mailbox: mail of other states is passed by without looking at it either.
drop index messages_by_mailbox;
create index messages_by_mailbox on messages (mailbox_id, seq, status, thread_id);

-- How many mails of which state a conversation has, without reading them.
drop index messages_by_thread;
create index messages_by_thread on messages (thread_id, seq, status);

-- Mail that was kept here instead of leaving.
create index messages_captured on messages (mailbox_id, seq, thread_id) where delivery = 'captured';
