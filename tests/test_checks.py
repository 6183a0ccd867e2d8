"""What `manage.py check` says of the folder for photos."""

from consultations.checks import media_can_be_kept


def test_folder_that_is_there_or_can_be_made_is_fine(settings, tmp_path):
    for place in (tmp_path, tmp_path / "not" / "yet"):
        settings.MEDIA_ROOT = place
        assert media_can_be_kept(None) == []


def test_folder_that_cannot_be_made_is_told(settings, tmp_path):
    (tmp_path / "file").write_text("in the way")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    [told] = media_can_be_kept(None)
    assert told.id == "turgor.W001"
    assert str(tmp_path / "file") in told.msg
