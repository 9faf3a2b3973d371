-- Approval by rule: what an operator lets pass without a person, and mails that share one review.

-- What a program may decide on; the rest of its decisions hands a mail on to a person. JSON, null for no limit.
alter table principals add column approval_limit text;
