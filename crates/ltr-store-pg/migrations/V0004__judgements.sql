-- What an operator is to look at: proposals of rules, requests that wait for a second person, links that were refused or
-- are suspect. Told by the log like everything else; a row goes when it is settled. The judgements themselves stand in
-- record_history, with each record that they name.
create table ltr.review (
    id text primary key,
    kind text not null,
    records text[] not null,
    known_at timestamptz not null,
    sequence bigint not null,
    view bytea not null
);
create index review_waiting on ltr.review (known_at, id collate "C");
