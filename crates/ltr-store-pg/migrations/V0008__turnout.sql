-- How many of a provider's recruits, as Apply names it, have turned up in Register, by the academic year they were to
-- start in and by known time; rows are only added. A store that was projected before knows of none, so silence settles
-- nothing in it until it is projected anew.
create table ltr.turnout (
    name text not null,
    year smallint not null,
    known_at timestamptz not null,
    recruits integer not null,
    turned_up integer not null,
    primary key (name, year, known_at)
);
