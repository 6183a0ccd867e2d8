"""What each kind of row becomes, one file to a kind."""

from .appointments import Appointments
from .consultations import Consultations
from .lasers import Lasers
from .patients import Patients
from .sessions import Sessions

# In the order in which one rests on another.
TARGETS = {
    "patients": Patients,
    "lasers": Lasers,
    "consultations": Consultations,
    "sessions": Sessions,
    "appointments": Appointments,
}


def target_of(batch, by):
    """Return what makes records of the rows of a batch, in the name of `by`."""
    return TARGETS[batch.target](batch, by)
