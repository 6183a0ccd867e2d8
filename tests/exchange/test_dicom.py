"""Photos as DICOM: read back by pydicom, judged by dciodvfy, decoded by dcmtk, taken by an
archive."""

import hashlib
import io
import os
import re
import shutil
import socket
import subprocess
import time
import zipfile
from contextlib import contextmanager
from datetime import UTC, date, datetime
from datetime import time as clock
from functools import cache
from pathlib import Path

import pydicom
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from PIL import Image
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder

from consultations.actions.decoding import as_jpeg
from consultations.exchange.dicom import (
    BODY_PARTS,
    export_dicom,
    export_dicom_zip,
    of_series,
    person_name,
)
from consultations.management.said import NOT_ENCRYPTED
from consultations.models import AccessRecord, Photo
from consultations.models.photo import VIEWS_OF_AREA
from consultations.vocabulary import Area, PhotoView
from tests.admin.browsing import Browser, page_url
from tests.factories import ClinicSettingsFactory, ConsentFactory, PatientFactory, PhotoFactory

pytestmark = pytest.mark.django_db
MADE_AT = datetime(2025, 1, 2, 3, 4, 5, 678, UTC)


@cache
def jpeg(colour):
    """A picture as the program stores it."""
    image = Image.effect_noise((96, 64), 40).convert("RGB")
    image.paste(colour, (0, 0, 48, 32))
    return as_jpeg(image)


def photo_of(patient, colour="tan", content=None, **fields):
    content = content or jpeg(colour)
    image = ContentFile(content, "image.jpg")
    digest = hashlib.sha256(content).hexdigest()
    return PhotoFactory(patient=patient, image=image, digest=digest, **fields)


@pytest.fixture
def patient():
    ClinicSettingsFactory(name="Laser & Haut Müller")
    patient = PatientFactory(family_name="Wałęsa", given_name="Lech", sex="male")
    type(patient)._base_manager.filter(pk=patient.pk).update(created_at=MADE_AT)
    patient.refresh_from_db()
    ConsentFactory(patient=patient)
    return patient


def exported(patient, by):
    """The files by name, and what was left out."""
    files = {}
    left_out = export_dicom(
        patient=patient, by=by, take=lambda file: files.update({file.name: file.content})
    )
    return files, left_out


def read(content):
    return pydicom.dcmread(io.BytesIO(content))


def tool(name):
    """A program of another make; where it is missing the test is left out, but fails in CI."""
    if not (found := shutil.which(name)) and os.environ.get("CI") != "true":
        pytest.skip(f"{name} is not installed")
    return found or name


def test_pydicom_reads_back_what_was_written(patient, manager):
    photo = photo_of(patient, view="left_oblique", taken_at=clock(10, 11, 12))
    [(name, content)] = exported(patient, manager)[0].items()
    assert name == f"2025-03-03-face-left_oblique-{photo.pk}.dcm"
    told = read(content)
    assert told.file_meta.TransferSyntaxUID.name == "JPEG Baseline (Process 1)"
    assert told.file_meta.MediaStorageSOPInstanceUID == told.SOPInstanceUID
    assert told.file_meta.MediaStorageSOPClassUID == told.SOPClassUID
    ratio = f"{96 * 64 * 3 / len(jpeg('tan')):.2f}"
    values = {one.keyword: one.value for one in told if one.keyword != "PixelData"}
    assert {name: value for name, value in values.items() if not name.endswith("UID")} == {
        "SpecificCharacterSet": "ISO_IR 192",
        "ImageType": ["DERIVED", "PRIMARY"],
        "StudyDate": "20250303",
        "StudyTime": "",
        "ContentDate": "20250303",
        "ContentTime": "101112",
        "AccessionNumber": "",
        "Modality": "XC",
        "Manufacturer": "Turgor",
        "InstitutionName": "Laser & Haut Müller",
        "ReferringPhysicianName": "",
        "StudyDescription": "Photos",
        "SeriesDescription": "Face, Left, 45°",
        "PatientName": "Walesa^Lech=Wałęsa^Lech",
        "PatientID": f"laser-haut-muller-{patient.record_number}",
        "IssuerOfPatientID": "Laser & Haut Müller",
        "PatientBirthDate": f"{patient.date_of_birth:%Y%m%d}",
        "PatientSex": "M",
        "BodyPartExamined": "FACE",
        "StudyID": "20250303",
        "SeriesNumber": 12,
        "InstanceNumber": photo.pk,
        "PatientOrientation": ["LP", "F"],
        "SamplesPerPixel": 3,
        "PhotometricInterpretation": "YBR_FULL_422",
        "PlanarConfiguration": 0,
        "Rows": 64,
        "Columns": 96,
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "PixelRepresentation": 0,
        "LossyImageCompression": "01",
        "LossyImageCompressionRatio": float(ratio),
        "LossyImageCompressionMethod": "ISO_10918_1",
        "AcquisitionContextSequence": [],
    }


def test_the_pixels_are_those_of_the_photo(patient, manager):
    photo_of(patient)
    [content] = exported(patient, manager)[0].values()
    [frame] = generate_frames(read(content).PixelData, number_of_frames=1)
    assert frame[: len(jpeg("tan"))] == jpeg("tan")
    assert len(frame) - len(jpeg("tan")) in {0, 1}
    decoder = get_decoder(read(content).file_meta.TransferSyntaxUID)
    pixels, _about = decoder.as_buffer(read(content))
    image = Image.open(io.BytesIO(jpeg("tan")))
    image.draft("YCbCr", image.size)
    assert bytes(pixels) == image.tobytes()


def test_one_study_a_day_and_one_series_a_view(patient, manager):
    photo_of(patient, "tan")
    photo_of(patient, "navy")
    photo_of(patient, "olive", view="left_side")
    photo_of(patient, "teal", taken_on=date(2025, 4, 4))
    told = [read(content) for content in exported(patient, manager)[0].values()]
    studies = [one.StudyInstanceUID for one in told]
    series = [one.SeriesInstanceUID for one in told]
    # By area, view and day: the navy and the tan one are of one series.
    assert [studies.index(one) for one in studies] == [0, 0, 2, 0]
    assert [series.index(one) for one in series] == [0, 0, 2, 3]
    assert len({one.SOPInstanceUID for one in told}) == 4
    uids = {*studies, *series, *(one.SOPInstanceUID for one in told)}
    assert len(uids) == 9
    assert all(re.fullmatch(r"2\.25\.[1-9]\d{0,38}", uid) for uid in uids)


def test_the_same_photo_is_the_same_file_each_time(patient, manager):
    photo_of(patient)
    assert exported(patient, manager) == exported(patient, manager)


def test_a_correction_has_a_uid_of_its_own(patient, manager):
    photo = photo_of(patient)
    [before] = map(read, exported(patient, manager)[0].values())
    patient.date_of_birth = date(1979, 5, 6)
    patient.save(by=manager)
    [born] = map(read, exported(patient, manager)[0].values())
    photo.view = PhotoView.RIGHT_SIDE
    photo.save(by=manager)
    [turned] = map(read, exported(patient, manager)[0].values())
    assert len({one.SOPInstanceUID for one in (before, born, turned)}) == 3
    assert len({one.StudyInstanceUID for one in (before, born, turned)}) == 1
    assert before.SeriesInstanceUID == born.SeriesInstanceUID != turned.SeriesInstanceUID


def test_two_clinics_never_share_a_study(patient, manager):
    photo_of(patient)
    [one] = map(read, exported(patient, manager)[0].values())
    later = MADE_AT.replace(microsecond=679)
    type(patient)._base_manager.filter(pk=patient.pk).update(created_at=later)
    patient.refresh_from_db()
    [other] = map(read, exported(patient, manager)[0].values())
    assert one.PatientID == other.PatientID
    assert one.StudyInstanceUID != other.StudyInstanceUID
    assert one.SeriesInstanceUID != other.SeriesInstanceUID


@pytest.mark.parametrize(
    ("family", "given", "name"),
    [
        ("Müller", "Eva-María", "Müller^Eva-María"),
        ("Wałęsa", "Lech", "Walesa^Lech=Wałęsa^Lech"),
        ("Nguyễn", "Thị Đào", "Nguyen^Thi Dao=Nguyễn^Thị Đào"),
        ("ŞAHİN", "Ayşe", "SAHIN^Ayse=ŞAHİN^Ayşe"),
        ("Παπαδοπούλου", "Ελένη", "Παπαδοπούλου^Ελένη"),
        ("王", "小明", "王^小明"),
        ("العلي", "عائشة", "العلي^عائشة"),
        ("Sukarno", "", "Sukarno"),
        ("O=Neil", r"A^B\C", "O Neil^A B C"),
        ("L" * 40, "M" * 40, "L" * 40 + "^" + "M" * 23),
    ],
)
def test_names_in_every_script(family, given, name):
    assert person_name(family, given) == name


def test_a_name_that_does_not_fit_is_told_whole_elsewhere(patient, manager):
    patient.family_name, patient.given_name = "L" * 90, "M" * 90
    patient.save(by=manager)
    photo_of(patient)
    [told] = map(read, exported(patient, manager)[0].values())
    assert told.PatientComments == f"{'L' * 90}, {'M' * 90}"


def test_a_clinic_in_another_script_has_an_id_that_every_archive_finds(patient, manager):
    ClinicSettingsFactory._meta.model.objects.filter(pk=1).update(name="ЛАЗЕР")
    photo_of(patient)
    [told] = map(read, exported(patient, manager)[0].values())
    digest = hashlib.sha256("ЛАЗЕР".encode()).hexdigest()[:8]
    assert (told.PatientID, told.IssuerOfPatientID) == (
        f"{digest}-{patient.record_number}",
        "ЛАЗЕР",
    )


@pytest.mark.parametrize(("area", "views"), VIEWS_OF_AREA.items())
def test_every_view_of_every_area_has_its_series(area, views, patient):
    told = [
        of_series(Photo(area=area, view=view, taken_on=MADE_AT), patient, "x") for view in views
    ]
    assert len({one["SeriesNumber"] for one in told}) == len(views)
    assert {one["BodyPartExamined"] for one in told} == {BODY_PARTS[area]}


# What leaves, and what stays


def test_without_consent_nothing_leaves(manager):
    ClinicSettingsFactory()
    photo_of(person := PatientFactory())
    with pytest.raises(ValidationError, match="There are no photos that may be shown"):
        exported(person, manager)
    assert not AccessRecord.objects.exists()


def test_without_the_clinics_name_nothing_leaves(manager):
    photo_of(person := ConsentFactory().patient)
    with pytest.raises(ValidationError, match="Enter the name of the clinic"):
        exported(person, manager)


def test_what_cannot_be_written_is_told(patient, manager):
    gone, bad = photo_of(patient, "tan"), photo_of(patient, content=b"no picture")
    changed, good = photo_of(patient, "navy"), photo_of(patient, "olive")
    gone.image.storage.delete(gone.image.name)
    with open(changed.image.path, "wb") as file:
        file.write(jpeg("teal"))
    files, left_out = exported(patient, manager)
    assert list(files) == [f"2025-03-03-face-front-{good.pk}.dcm"]
    assert left_out == [
        f"Photo {gone.pk}: its file is missing, or not the one that was recorded.",
        f"Photo {bad.pk}: its JPEG is of a kind that archives do not take.",
        f"Photo {changed.pk}: its file is missing, or not the one that was recorded.",
    ]
    file = io.BytesIO()
    export_dicom_zip(patient=patient, by=manager, file=file)
    with zipfile.ZipFile(file) as archive:
        assert archive.namelist() == [*files, "LEFT-OUT.txt"]
        assert archive.read("LEFT-OUT.txt").decode().splitlines() == left_out


def test_it_is_logged_as_an_export(patient, manager):
    photo_of(patient)
    exported(patient, manager)
    kept = AccessRecord.objects.values_list("user", "kind", "patient", "detail")
    assert list(kept) == [(manager.pk, "export", patient.pk, "Photos as DICOM: 1.")]


def test_the_manager_downloads_them_from_the_page_of_photos(patient, manager, clinician):
    photo = photo_of(patient)
    page = Browser(manager).open(page_url(patient, "photos"))
    assert "Export as DICOM" in page.text
    answer = Browser(manager).client.post(page_url(patient, "dicom"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist() == [f"2025-03-03-face-front-{photo.pk}.dcm"]
    assert "Export as DICOM" not in Browser(clinician).open(page_url(patient, "photos")).text


def test_a_refusal_is_told_on_the_page_of_photos(manager, client_for):
    person = ConsentFactory().patient
    answer = client_for(manager).post(page_url(person, "dicom"), follow=True)
    assert answer.redirect_chain == [(page_url(person, "photos"), 302)]
    assert "Enter the name of the clinic" in answer.content.decode()


# The command


def run(*args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("export_dicom", *args, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_the_command_writes_a_folder_for_its_owner_alone(patient, manager, tmp_path):
    photo_of(patient)
    lost = photo_of(patient, "navy")
    lost.image.storage.delete(lost.image.name)
    told, complained = run(patient=patient.record_number, output=str(tmp_path), by="manager")
    [folder] = tmp_path.iterdir()
    [file] = folder.iterdir()
    assert told == f"{folder}: 1 file. {NOT_ENCRYPTED}\n"
    assert complained.startswith(f"Left out. Photo {lost.pk}: its file is missing")
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert AccessRecord.objects.get().detail.startswith("Photos as DICOM: 2. By command, ")


def test_the_command_refuses_in_words(patient, manager, clinician, tmp_path):
    options = {"patient": patient.record_number, "output": str(tmp_path)}
    with pytest.raises(CommandError, match="There are no photos that may be shown"):
        run(**options, by="manager")
    photo_of(patient)
    with pytest.raises(CommandError, match="may not do this"):
        run(**options, by="clinician")
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        run(**{**options, "output": f"{tmp_path}/no"}, by="manager")
    with pytest.raises(CommandError, match='There is no record "P-999999"'):
        run(**{**options, "patient": "P-999999"}, by="manager")


@pytest.mark.parametrize(
    ("ended_by", "raised", "words"),
    [
        (OSError(28, "No space left on device"), CommandError, "cannot be written: No space left"),
        (KeyboardInterrupt(), SystemExit, "130"),
    ],
)
def test_half_an_export_is_not_left(
    patient, manager, tmp_path, monkeypatch, ended_by, raised, words
):
    photo_of(patient)
    photo_of(patient, "navy")
    real, written = Path.write_bytes, []

    def ends(path, content):
        written.append(path)
        if len(written) == 2:
            raise ended_by
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", ends)
    with pytest.raises(raised, match=words):
        run(patient=patient.record_number, output=str(tmp_path), by="manager")
    assert (len(written), list(tmp_path.iterdir())) == (2, [])


def test_no_folder_is_left_where_no_photo_could_be_exported(patient, manager, tmp_path):
    lost = photo_of(patient)
    lost.image.storage.delete(lost.image.name)
    with pytest.raises(CommandError, match=r"No photo could be exported\."):
        run(patient=patient.record_number, output=str(tmp_path), by="manager")
    assert list(tmp_path.iterdir()) == []


# Programs of other makes


def test_dciodvfy_finds_nothing_wrong(patient, manager, tmp_path):
    checker = tool("dciodvfy")
    photo_of(patient)
    photo_of(patient, "navy", area=Area.ARMS, view=PhotoView.ARMS_OUT)
    for name, content in exported(patient, manager)[0].items():
        (tmp_path / name).write_bytes(content)
        done = subprocess.run([checker, tmp_path / name], capture_output=True, text=True)
        told = [line for line in done.stderr.splitlines() if "Error" in line]
        assert (told, "VLPhotographicImage" in done.stderr) == ([], True)


def test_dcmtk_decodes_the_same_pixels(patient, manager, tmp_path):
    decoder = tool("dcmdjpeg")
    photo_of(patient)
    [content] = exported(patient, manager)[0].values()
    (tmp_path / "in.dcm").write_bytes(content)
    subprocess.run([decoder, tmp_path / "in.dcm", tmp_path / "out.dcm"], check=True)
    out = pydicom.dcmread(tmp_path / "out.dcm")
    assert out.PhotometricInterpretation == "RGB"
    ours = Image.open(io.BytesIO(jpeg("tan"))).tobytes()
    # Two decoders round in their own ways.
    assert max(abs(a - b) for a, b in zip(out.PixelData, ours, strict=True)) <= 2


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def listening(port, *command):
    """A server while it answers on a port of this machine."""
    with subprocess.Popen(command) as process:
        try:
            for _try in range(100):
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield str(port)
        finally:
            process.terminate()


def archive(folder):
    """dcmtk's archive, which keeps what it is sent as files."""
    server, port = tool("storescp"), free_port()
    return listening(port, server, "--accept-all", "--output-directory", folder, str(port))


def searchable(folder):
    """dcmtk's archive that can be searched."""
    server, port = tool("dcmqrscp"), free_port()
    (folder / "db").mkdir()
    (folder / "archive.cfg").write_text(
        f"NetworkTCPPort = {port}\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
        "HostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\n"
        f"AETable BEGIN\nARCHIVE {folder / 'db'} RW (100, 1024mb) ANY\nAETable END\n"
    )
    return listening(port, server, "--prefer-jpeg8", "--config", folder / "archive.cfg")


def sent(files, port, folder):
    """Send files to the archive, and return how many it says that it took."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    # It leaves with 0 whatever happened: only its report tells.
    command = [tool("dcmsend"), "-dn", "-aec", "ARCHIVE", "+crf", f"{folder}.txt"]
    subprocess.run([*command, "127.0.0.1", port, *folder.iterdir()], check=True)
    return Path(f"{folder}.txt").read_text().count("0x0000 (Success)")


def found(told, port, folder):
    """What the archive has of a patient, searched by number: name and birth date of each image."""
    folder.mkdir()
    keys = {
        "QueryRetrieveLevel": "IMAGE",
        "PatientID": told.PatientID,
        "StudyInstanceUID": told.StudyInstanceUID,
        "SeriesInstanceUID": told.SeriesInstanceUID,
    }
    asked = [f"{key}={value}" for key, value in keys.items()]
    asked += ["PatientName", "PatientBirthDate", "SOPInstanceUID"]
    asked = [option for key in asked for option in ("-k", key)]
    command = [tool("findscu"), "-P", "-X", "-od", folder, "-aec", "ARCHIVE", *asked]
    subprocess.run([*command, "127.0.0.1", port], check=True)
    answers = [pydicom.dcmread(one) for one in sorted(folder.iterdir())]
    return sorted((str(one.PatientName), one.PatientBirthDate) for one in answers)


@pytest.mark.parametrize(
    ("family", "given", "name"),
    [
        ("Müller", "Eva", "Müller^Eva"),
        ("Wałęsa", "Lech", "Walesa^Lech=Wałęsa^Lech"),
        ("王", "小明", "王^小明"),
        ("العلي", "عائشة", "العلي^عائشة"),
    ],
)
def test_an_archive_finds_names_in_every_script(patient, manager, tmp_path, family, given, name):
    patient.family_name, patient.given_name = family, given
    patient.save(by=manager)
    photo_of(patient)
    files = exported(patient, manager)[0]
    [told] = map(read, files.values())
    with searchable(tmp_path) as port:
        assert sent(files, port, tmp_path / "out") == 1
        [(answer, _born)] = found(told, port, tmp_path / "found")
    assert answer == name


def test_an_archive_keeps_a_correction_beside_what_it_had(patient, manager, tmp_path):
    photo_of(patient)
    files = exported(patient, manager)[0]
    [told] = map(read, files.values())
    was = f"{patient.date_of_birth:%Y%m%d}"
    with searchable(tmp_path) as port:
        sent(files, port, tmp_path / "out")
        # The same once more is the same instance, whether the archive keeps or replaces it.
        sent(exported(patient, manager)[0], port, tmp_path / "again")
        assert [born for _name, born in found(told, port, tmp_path / "one")] == [was]
        patient.date_of_birth = date(1979, 5, 6)
        patient.save(by=manager)
        # One that keeps what it has says Success to what it drops: it must not be the same one.
        assert sent(exported(patient, manager)[0], port, tmp_path / "corrected") == 1
        answers = [born for _name, born in found(told, port, tmp_path / "two")]
    assert answers == sorted([was, "19790506"])


def test_an_archive_takes_them(patient, manager, tmp_path):
    photo_of(patient)
    photo_of(patient, "navy")
    files = exported(patient, manager)[0]
    (tmp_path / "in").mkdir()
    with archive(tmp_path / "in") as port:
        assert sent(files, port, tmp_path / "out") == 2
    taken = {one.SOPInstanceUID: one for one in map(pydicom.dcmread, (tmp_path / "in").iterdir())}
    for content in files.values():
        ours = read(content)
        assert taken[ours.SOPInstanceUID] == ours
