"""Serve collected static files by their hashed names, all others from the source tree."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Use the plain name of a file that is not collected; WhiteNoise finds it in the source tree.

    That is so before the first `collectstatic`, and after an upgrade without one. Django's
    manifest storage would raise ValueError on every page.
    """

    def stored_name(self, name):
        is_collected = self.hash_key(self.clean_name(name)) in self.hashed_files
        return super().stored_name(name) if is_collected else name
