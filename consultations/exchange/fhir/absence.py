"""Codes that say there is none: an allergy by its form, and by what it says none at all.

SNOMED CT's were looked up in HL7's value set allergyintolerance-code of FHIR 4.0.1 and in
AbsentOrUnknownSNOMEDUvIps of the International Patient Summary (HL7/fhir-ips), 160244002 in the
value set allergyintolerance-substance-code of FHIR 1.4.0, which systems still send; the words with
hyphens in the code system absent-unknown-uv-ips 1.1.0 of the same guide.
"""

# No allergy of any kind.
NO_ALLERGY = {
    "716186003": "No known allergy",
    "160244002": "No known allergies",
    "no-known-allergies": "No known allergies",
}
# None of one kind: of all others it says nothing.
NO_ALLERGY_OF_A_KIND = {
    "409137002": "No known drug allergy",
    "428197003": "No known insect allergy",
    "428607008": "No known environmental allergy",
    "429625007": "No known food allergy",
    "716220001": "No known animal allergy",
    "no-known-environmental-allergies": "No known environmental allergies",
    "no-known-food-allergies": "No known food allergies",
    "no-known-medication-allergies": "No known medication allergies",
}
# Nobody knows: no answer at all.
NO_INFORMATION = {
    "no-allergy-info": "No information about allergies",
    "no-medication-info": "No information about medications",
    "no-problem-info": "No information about problems",
}
