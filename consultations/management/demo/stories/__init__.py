"""Who comes to the demo clinic, and what happened to them. The first story is the longest."""

from . import afterwards, courses, ended_courses, referrals, verdicts

STORIES = (
    *courses.STORIES,
    *ended_courses.STORIES,
    *referrals.STORIES,
    *verdicts.STORIES,
    *afterwards.STORIES,
)
