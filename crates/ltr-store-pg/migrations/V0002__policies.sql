-- Versions of the source-of-truth policy that were adopted, as their messages tell it. The one before the first is the
-- program's own.
create table ltr.policy (
    sequence bigint primary key,
    known_at timestamptz not null,
    version bigint not null,
    digest bytea not null,
    text text not null
);

-- Under which policy the answers are: the adoption in force (0: the program's own policy is), and to whom resolving
-- everybody anew has come. `resolved` is everybody, nobody or up_to; only the last has a person and a count of changes.
alter table ltr.checkpoint
    add column policy_sequence bigint not null default 0,
    add column resolved text not null default 'everybody',
    add column resolved_person uuid,
    add column resolved_changes bigint,
    add constraint checkpoint_resolved check (
        resolved in ('everybody', 'nobody', 'up_to')
        and (resolved = 'up_to') = (resolved_person is not null)
        and (resolved = 'up_to') = (resolved_changes is not null)
    );
