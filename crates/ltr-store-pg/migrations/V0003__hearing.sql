-- What was heard of the feeds, by known time, so that a rule from silence can be asked as of any moment. Rows are only
-- added; the latest up to a known time is what holds. Providers and years that are not named are '' and 0: all of them.

-- Complete deliveries of Register's trainees: the latest instant of which one with this coverage spoke.
create table ltr.sweep (
    provider text not null,
    year smallint not null,
    known_at timestamptz not null,
    spoke_at timestamptz not null,
    primary key (provider, year, known_at)
);

-- How many trainees of a provider, by the academic year they start in, could be recognised as somebody's of Apply.
create table ltr.share (
    ukprn text not null,
    year smallint not null,
    known_at timestamptz not null,
    trainees integer not null,
    recognised integer not null,
    primary key (ukprn, year, known_at)
);

-- Under which numbers the people of a provider, as Apply names it, have turned up in Register.
create table ltr.provider (
    name text not null,
    ukprn text not null,
    known_from timestamptz not null,
    primary key (name, ukprn)
);

-- When each feed was heard: from whomever (''), for all providers ('*'), or for one.
create table ltr.word (
    feed text not null,
    provider text not null,
    known_at timestamptz not null,
    taken_at timestamptz not null,
    primary key (feed, provider, known_at)
);

-- The provider whose silence an answer rests on or waits for. What is heard of one makes those answers due for review.
alter table ltr.person add column awaits text;
create index person_1_awaits on ltr.person_1 (awaits) where awaits is not null;
create index person_1_review_on on ltr.person_1 (review_on, person) where review_on is not null;

-- What was heard before these tables were there, as far as the deliveries tell. Shares and providers are told by
-- observations only: a store that held any is to be projected anew, and until then silence settles nothing in it.
insert into ltr.word (feed, provider, known_at, taken_at)
select feed, provider, opened_at, max(max(taken_at)) over before
from ltr.delivery cross join lateral (values (''), (coalesce(scope ->> 'provider', '*'))) as spoken (provider)
where pages > 0
group by feed, provider, opened_at
window before as (partition by feed, provider order by opened_at);

-- When a feed was heard is read from there now.
drop index ltr.delivery_heard;
