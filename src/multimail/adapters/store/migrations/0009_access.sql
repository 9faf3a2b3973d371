-- Passkeys, and what a session asked an authenticator: one question at a time, good for one answer.
create table passkeys (
    id text primary key,
    principal_id text not null references principals (id),
    name text not null,
    rp_id text not null,
    public_key blob not null,
    sign_count integer not null,
    created_at integer not null,
    used_at integer
) without rowid;
create index passkeys_by_principal on passkeys (principal_id, created_at);
alter table sessions add column challenge text;
alter table sessions add column challenge_until integer;
