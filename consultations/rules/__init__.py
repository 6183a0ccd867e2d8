"""Clinical judgement, pure: facts in, findings and verdicts out. No records, requests or clock.

RULEBOOK names the version that every verdict keeps. Give it a new value whenever a rule, a number
or the words of a rule change.
"""

RULEBOOK = "2026.12.1"
