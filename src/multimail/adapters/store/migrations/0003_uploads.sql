-- Uploads: files that came as a stream and wait to be attached to a mail. With row ids, because contents are long.
create table uploads (
    id text primary key,
    principal_id text not null,
    filename text not null,
    content_type text not null,
    size integer not null,
    sha256 text not null,
    created_at integer not null,
    expires_at integer not null,
    content blob not null
);
create index uploads_by_principal on uploads (principal_id, expires_at, size);
create index uploads_expiring on uploads (expires_at);
