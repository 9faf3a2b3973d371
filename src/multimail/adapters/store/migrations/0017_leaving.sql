-- What each recipient's own copy carries is reckoned from the delivery and the account's secret, and kept nowhere.
alter table deliveries drop column token;
