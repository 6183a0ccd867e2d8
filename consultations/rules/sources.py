"""Sources that several rules cite, in the words by which a clinician finds them."""

# The patient guide that the clinic's protocol was built from.
GUIDE = "How Tightening the Skin with Lasers Works (patient guide, the clinic's protocol)"
HOMER = "Homer 2021, Eur J Plast Surg 45:117"
PLASTIC_SURGERY = "Facial resurfacing, Pocket Dentistry (contraindications)"
MHRA = "MHRA, Lasers, intense light source systems and LEDs: guidance for safe use, 2015"
