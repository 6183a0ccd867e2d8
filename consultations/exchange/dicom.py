"""DICOM: a patient's photos as VL Photographic Images, for the archive of a hospital.

Each photo that may be shown becomes a file of its own. The pixels are the stored JPEG, byte for
byte; nothing is decoded here.
"""

import re
import uuid
import zipfile
from dataclasses import dataclass
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings
from consultations.models.text import folded
from consultations.summaries.integrity import is_as_recorded, read_file
from consultations.summaries.photos import photos_of
from consultations.trust.access import record_export
from consultations.vocabulary import Area, PhotoView, Sex

from .jpeg import NotBaselineError, frame_of

PREFIX = "2.25."  # what stands before a UUID that is used as a UID
LONGEST_NAME, LONGEST_TEXT = 64, 64  # of a PN group and of a LO
LONGEST_COMMENT = 10240  # of a LT
APART = re.compile(r"[\\^=]")  # what parts the pieces of a name from each other
SEXES = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.OTHER: "O"}
# Defined terms of PS3.16, annex L.
BODY_PARTS = {
    Area.FACE: "FACE",
    Area.NECK: "NECK",
    Area.STOMACH: "ABDOMEN",
    Area.ARMS: "ARM",
    Area.LEGS: "LEG",
}
# Which way the rows and the columns of the picture run on the patient, who stands upright.
ORIENTATIONS = {
    PhotoView.FRONT: ["L", "F"],
    PhotoView.LEFT_OBLIQUE: ["LP", "F"],
    PhotoView.RIGHT_OBLIQUE: ["LA", "F"],
    PhotoView.LEFT_SIDE: ["P", "F"],
    PhotoView.RIGHT_SIDE: ["A", "F"],
    PhotoView.BACK: ["R", "F"],
}
PAIRED = (Area.ARMS, Area.LEGS)
SIDES = {PhotoView.LEFT_SIDE: "L", PhotoView.RIGHT_SIDE: "R"}
BOTH = "B"


@dataclass(frozen=True)
class DicomFile:
    """One photo as the bytes of a DICOM file."""

    name: str
    content: bytes


class DicomExport:
    """The DICOM files of a patient's photos; `left_out` says in words which cannot be written.

    Raises ValidationError for a clinic without a name: archives take two people with one number
    for the same person, so the clinic stands before it.
    """

    def __init__(self, patient):
        self.patient = patient
        self.clinic = ClinicSettings.objects.current().name
        if not self.clinic:
            raise ValidationError(
                _(
                    "Enter the name of the clinic in the clinic settings first: it stands before "
                    "the record number, so that no archive takes two people for one."
                )
            )
        self.photos = [
            photo
            for area in photos_of(patient)
            for series in area.series
            for photo in series.photos
        ]
        self.left_out = []

    def files(self):
        """Yield a DicomFile for each photo, one at a time."""
        for photo in self.photos:
            content = read_file(photo.image)
            if content is None or not is_as_recorded(photo, "image", content):
                told = _("Photo %(key)s: its file is missing, or not the one that was recorded.")
                self.left_out.append(told % {"key": photo.pk})
                continue
            try:
                dicom = written(photo, self.patient, self.clinic, content)
            except NotBaselineError:
                told = _("Photo %(key)s: its JPEG is of a kind that archives do not take.")
                self.left_out.append(told % {"key": photo.pk})
                continue
            yield DicomFile(file_name(photo), dicom)


def export_dicom(*, patient, by, take, address=None, way=""):
    """Log that `by` exports a patient's photos, and hand each DicomFile of them to `take`.

    Returns in words which were left out. `way` is added to the log if it was not by the page.
    Raises ValidationError where there is nothing to export.
    """
    export = DicomExport(patient)
    if not export.photos:
        raise ValidationError(_("There are no photos that may be shown."))
    # Before anything leaves: half an export is one.
    detail = _("Photos as DICOM: %(count)s.") % {"count": len(export.photos)}
    record_export(by=by, detail=detail, address=address, way=way, patient=patient)
    for file in export.files():
        take(file)
    return export.left_out


def export_dicom_zip(*, patient, by, file, address=None):
    """As `export_dicom`, into a ZIP; what was left out stands in it as a text."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        left_out = export_dicom(
            patient=patient,
            by=by,
            take=lambda one: archive.writestr(one.name, one.content),
            address=address,
        )
        if left_out:
            archive.writestr("LEFT-OUT.txt", "".join(f"{line}\n" for line in left_out))


def file_name(photo):
    return f"{photo.taken_on:%Y-%m-%d}-{photo.area}-{photo.view}-{photo.pk}.dcm"


def written(photo, patient, clinic, content):
    """Return a photo as a DICOM file. Raises NotBaselineError."""
    # Imported here, as it brings Pillow along, which the server does without.
    from pydicom.encaps import encapsulate
    from pydicom.filebase import DicomBytesIO
    from pydicom.uid import JPEGBaseline8Bit

    dataset = described(photo, patient, clinic, content)
    # Archives keep the first file that they are sent under a UID: what says anything else has
    # another.
    dataset.SOPInstanceUID = uid_of("image", dataset.to_json(), photo.digest)
    dataset.PixelData = encapsulate([content])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta = file_meta(dataset, JPEGBaseline8Bit)
    file = DicomBytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def file_meta(dataset, transfer_syntax):
    from pydicom.dataset import FileMetaDataset

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = transfer_syntax
    return meta


def described(photo, patient, clinic, content):
    """Return all that is said of a photo, but for its UID and its pixels."""
    from pydicom import Dataset
    from pydicom.uid import VLPhotographicImageStorage

    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = VLPhotographicImageStorage
    for group in (
        of_patient(patient, clinic),
        of_study(photo, patient),
        of_series(photo, patient, clinic),
        of_image(photo),
        of_pixels(content),
    ):
        for keyword, value in group.items():
            setattr(dataset, keyword, value)
    return dataset


def of_patient(patient, clinic):
    full = f"{patient.family_name}^{patient.given_name}".rstrip("^")
    name = person_name(patient.family_name, patient.given_name)
    is_cut = len(full) > LONGEST_NAME
    return {
        "PatientName": name,
        "PatientID": patient_id(patient, clinic),
        "IssuerOfPatientID": line(clinic),
        "PatientBirthDate": f"{patient.date_of_birth:%Y%m%d}",
        "PatientSex": SEXES.get(patient.sex, ""),
        # A name that does not fit is told whole here.
        **({"PatientComments": str(patient.full_name)[:LONGEST_COMMENT]} if is_cut else {}),
    }


def of_study(photo, patient):
    return {
        "StudyInstanceUID": uid_of("study", owner_of(patient), photo.taken_on.isoformat()),
        "StudyDate": f"{photo.taken_on:%Y%m%d}",
        "StudyTime": "",
        "StudyID": f"{photo.taken_on:%Y%m%d}",
        "StudyDescription": line(_("Photos")),
        "AccessionNumber": "",
        "ReferringPhysicianName": "",
    }


def of_series(photo, patient, clinic):
    where = f"{photo.area} {photo.view}"
    area, view = list(Area).index(photo.area) + 1, list(PhotoView).index(photo.view) + 1
    return {
        "Modality": "XC",  # external-camera photography
        "SeriesInstanceUID": uid_of("series", owner_of(patient), photo.taken_on.isoformat(), where),
        "SeriesNumber": 10 * area + view,
        "SeriesDescription": line(f"{photo.get_area_display()}, {photo.get_view_display()}"),
        "BodyPartExamined": BODY_PARTS[photo.area],
        "Manufacturer": "Turgor",
        "InstitutionName": line(clinic),
    }


def of_image(photo):
    return {
        "InstanceNumber": photo.pk,
        # Made smaller and upright when it came in.
        "ImageType": ["DERIVED", "PRIMARY"],
        "ContentDate": f"{photo.taken_on:%Y%m%d}",
        **({"ContentTime": f"{photo.taken_at:%H%M%S}"} if photo.taken_at else {}),
        "PatientOrientation": ORIENTATIONS.get(photo.view, ""),
        **({"ImageLaterality": SIDES.get(photo.view, BOTH)} if photo.area in PAIRED else {}),
        "AcquisitionContextSequence": [],
    }


def of_pixels(content):
    """Return what is said of a JPEG's pixels. Raises NotBaselineError."""
    frame = frame_of(content)
    ratio = frame.width * frame.height * 3 / len(content)
    return {
        "SamplesPerPixel": 3,
        "PhotometricInterpretation": frame.photometric,
        "PlanarConfiguration": 0,
        "Rows": frame.height,
        "Columns": frame.width,
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "PixelRepresentation": 0,
        "LossyImageCompression": "01",
        "LossyImageCompressionRatio": f"{ratio:.2f}",
        "LossyImageCompressionMethod": "ISO_10918_1",
    }


def person_name(family, given):
    """Return a name as DICOM writes it: in Latin letters before the `=` where taking off accents
    gives them, as archives that know Latin-1 alone leave other letters out; else alone."""
    name = group_of(family, given)
    if is_latin_1(name):
        return name
    latin = group_of(without_accents(family), without_accents(given))
    return f"{latin}={name}" if latin.isascii() else name


def group_of(family, given):
    parts = (" ".join(APART.sub(" ", one).split()) for one in (family, given))
    return "^".join(parts).rstrip("^")[:LONGEST_NAME].rstrip(" ^")


def is_latin_1(text):
    return all(ord(letter) < 256 for letter in text)


def without_accents(text):
    return "".join(letter if letter.isascii() else _plain(letter) for letter in text)


def _plain(letter):
    plain = folded(letter)
    return plain.capitalize() if letter.isupper() else plain


def patient_id(patient, clinic):
    """Return the record number with the clinic before it: the name in plain letters, or where it
    has none a digest of it."""
    plain = slugify(clinic)[:40].strip("-") or sha256(clinic.encode()).hexdigest()[:8]
    return f"{plain}-{patient.record_number}"


def line(text):
    """Return a text as a value of one line: a backslash would part it in two."""
    return str(text).replace("\\", "/")[:LONGEST_TEXT].strip()


def owner_of(patient):
    """Return what no other patient of any clinic has: the number, and the moment it was given."""
    return f"{patient.record_number} {patient.created_at.isoformat()}"


def uid_of(*parts):
    """Return a UID that is the same for the same parts, whenever and wherever it is made."""
    return PREFIX + str(uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(("turgor-dicom-1", *parts))).int)
