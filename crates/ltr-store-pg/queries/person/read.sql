-- One row a record, or one without a record where none has an answer: the checkpoint is told either way.
select
    checkpoint.stream_created_at,
    checkpoint.stream_created_nanoseconds,
    checkpoint.sequence,
    checkpoint.running_digest,
    checkpoint.known_at,
    checkpoint.policy_sequence,
    checkpoint.resolved,
    checkpoint.resolved_person,
    checkpoint.resolved_changes,
    answer.*
from
    ltr.checkpoint
    left join lateral (
        select
            membership.record,
            person.person,
            person.sequence as person_sequence,
            person.review_on,
            person.trn,
            person.stage,
            person.phase,
            person.certainty,
            person.digest,
            person.view,
            person.sealed,
            person.awaits
        from ltr.membership inner join ltr.person_:generation as person using (person)
        where membership.record = any($1::text[]) and membership.known_to is null
    ) as answer on true
where checkpoint.generation = :generation
