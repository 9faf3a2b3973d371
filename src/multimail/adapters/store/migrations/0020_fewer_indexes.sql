-- Every index is one more page that a call, or a mail that is held, writes to the disk. The newest call of a principal
-- is found by its time as well, and one index serves both what somebody was told of and what nobody was told of yet.
drop index calls_by_principal;
drop index awaiting_untold;
drop index awaiting_by_mailbox;
create index awaiting_by_mailbox on awaiting (mailbox_id, told_at, since);
