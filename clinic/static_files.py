"""Static files: collected ones by their hashed names, all others from the source tree."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Django's manifest storage fails every page that names a file it does not know.

    Before the first `collectstatic`, and after an upgrade without one, pages use the plain name
    instead, which WhiteNoise finds in the source tree.
    """

    def stored_name(self, name):
        is_collected = self.hash_key(self.clean_name(name)) in self.hashed_files
        return super().stored_name(name) if is_collected else name
