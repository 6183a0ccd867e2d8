"""The consent wordings that a new clinic begins with; the manager writes the next editions.

What laser does to skin, how often and for how long, is that of the clinical reference, 3.4 and 6.2.
"""

from consultations.vocabulary import ConsentKind, LaserType

PHOTO = """\
I agree that this clinic takes photographs of the parts of my body that are assessed or \
treated.

What they are for: to plan my treatment and, by comparing before and after, to see what it \
has done. They are part of my record and are kept as long as it is.

Who sees them: only those at this clinic who treat me or are responsible for my treatment. \
Reception does not. If I am referred to a surgeon, they are sent along only if I agree to it \
then.

What they are not for: they are not published, shown to other patients or used for \
advertising or teaching. For anything of that kind I would be asked separately, and may say \
no.

I may decline photographs and still be treated. I may withdraw this consent at any time, \
without giving a reason. From then on no photograph is taken, and those already in my record \
are no longer shown. Should I agree again later, that covers them too.
"""

PUBLICITY = """\
I agree that this clinic shows photographs of my treatment to others, to tell what it does: \
on its own website, in its rooms, and in other places only where they were named to me.

My name is not given. I may still be recognised.

I may decline and still be treated. I may withdraw this consent at any time, without giving \
a reason. The clinic then takes the photographs down wherever it put them. What others have \
copied in the meantime it cannot call back.
"""

OPENING = """\
What it is for: to tighten lax skin by heat, so that it forms new collagen. It takes several \
sessions, mostly five or more. The result builds up over three to six months, differs from \
person to person, cannot be promised, and may fade.
"""
WHAT_TO_EXPECT = {
    LaserType.NON_ABLATIVE: """\
How it feels: warm to hot, with short stings. Afterwards the skin is red, and may swell, for \
hours to three days. The surface stays closed.

What may go wrong: blisters or burns, an acne flare, lasting redness, darker or lighter \
patches, infection, and rarely a scar.
""",
    LaserType.NON_ABLATIVE_FRACTIONAL: """\
How it feels: hot, with many small stings; a numbing cream is often used. Afterwards the \
skin is red and swollen for two or three days, rough for about a week.

What may go wrong: an acne flare (the most common), lasting redness, darker patches, which \
show after three to four weeks and mostly fade within months, cold sores, infection, \
blisters or burns, and rarely a scar.
""",
    LaserType.ABLATIVE_FRACTIONAL: """\
How it feels: painful without numbing. Tiny columns of skin are removed. Afterwards it oozes \
and crusts for two to three days, is open to infection until it has closed, mostly within a \
week, and stays red for three to seven days or longer.

What may go wrong: infection, which may also come after weeks; cold sores; redness for \
weeks; darker patches, which may last months or years; lighter patches, which may show only \
after one or two years; thickened scars, above all on the neck; and a lower lid that is \
pulled down.
""",
    LaserType.ABLATIVE_FULL: """\
How it feels: painful without numbing or sedation. The surface of the skin is removed. \
Afterwards it is raw for seven to ten days, open to infection until it has closed, and red \
for weeks to three months. Most people keep away from work for about two weeks.

What may go wrong: infection, which may also come after weeks; cold sores; darker patches, \
which may last months or years; lasting lighter skin, which in some studies came to one in \
five and may show only after one or two years; thickened scars; and a lower lid that is \
pulled down.
""",
}
CLOSING = """\
What I do: I tell the clinic about my health, medicines, pregnancy and sun, at each visit. I \
keep the aftercare, and ring at once with pain that grows, pus, blisters or fever.

I could ask everything I wanted to know. I may take time to think and change my mind at \
any time, also on the day, without giving a reason, and my other care does not depend on it.

I agree to this treatment.
"""


def first_wording(kind, laser_type=""):
    """Return the text that a clinic begins with for a kind of consent; for treatment, by the laser
    type."""
    if kind == ConsentKind.TREATMENT:
        return "\n".join((OPENING, WHAT_TO_EXPECT[laser_type], CLOSING))
    return PUBLICITY if kind == ConsentKind.PUBLICITY else PHOTO
