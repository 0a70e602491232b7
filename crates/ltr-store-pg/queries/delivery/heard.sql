select feed, max(taken_at) as taken_at
from ltr.delivery
where pages > 0
group by feed
