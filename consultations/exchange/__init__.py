"""Records in and out: other systems’ files, lists, FHIR, DICOM, the whole clinic."""
