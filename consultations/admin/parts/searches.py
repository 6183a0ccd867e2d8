"""Searches that leave no trace in a browser: their words are posted and kept in the session, and
addresses hold a short key instead. So histories and bookmarks name nobody."""

from django.contrib import messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.crypto import get_random_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

KEY, WORDS = "s", "q"
SEARCHES = "searches"  # in the session, the newest last
MOST_SEARCHES = 50
LENGTH_OF_KEY = 6
LONGEST_WORDS = 200


def key_of_search(request, text):
    """A key that stands for a search in this session's addresses."""
    kept = request.session.get(SEARCHES, {})
    for key, words in kept.items():
        if words == text:
            return key
    key = get_random_string(LENGTH_OF_KEY)
    newest = [*kept.items(), (key, text)][-MOST_SEARCHES:]
    request.session[SEARCHES] = dict(newest)
    return key


def searched(request):
    """The words of the search that an address names by its key; `?q=` is still understood."""
    if key := request.GET.get(KEY):
        return request.session.get(SEARCHES, {}).get(key, "")
    return _clean(request.GET.get(WORDS, ""))


def words_searched(request):
    """The words of the search that a request is about, posted or named by its key."""
    return _clean(request.POST.get(WORDS, "")) or searched(request)


def redirect_posted_search(request, *, name=WORDS, keep=()):
    """Where a search was posted: to the same page with its key, and with the fields named in
    `keep`. None where none was posted."""
    if request.method != "POST" or name not in request.POST:
        return None
    asked = {one: request.POST[one] for one in keep if request.POST.get(one)}
    if text := _clean(request.POST[name]):
        asked[KEY] = key_of_search(request, text)
    return HttpResponseRedirect(f"{request.path}?{urlencode(asked)}" if asked else request.path)


def _clean(text):
    return text.replace("\x00", "").strip()[:LONGEST_WORDS]


class SearchedChangeList(ChangeList):
    """Its links carry the key of a search, never its words."""

    def get_query_string(self, new_params=None, remove=None):
        return super().get_query_string(new_params, [*(remove or ()), WORDS])

    @property
    def files(self):
        """Where the list is to be had as a file, by the name of its format."""
        return {
            one.upper(): f"export/{self.get_query_string({'format': one})}"
            for one in ("xlsx", "csv")
        }

    def get_filters_params(self, params=None):
        filters = super().get_filters_params(params)
        return {name: value for name, value in filters.items() if name != KEY}


class SearchedLists:
    """For ModelAdmins: the search of their list is posted."""

    preserve_filters = False  # Django would put the words into links

    def get_changelist(self, request, **kwargs):
        return SearchedChangeList

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and not self.has_view_permission(request):
            raise PermissionDenied
        filters = [one.parameter_name for one in self.get_list_filter(request)]
        if answer := redirect_posted_search(request, keep=(*filters, "o")):
            return answer
        request.GET = self.with_words(request)
        return super().changelist_view(request, extra_context)

    def with_words(self, request):
        """What the address asks for, a search both in words for Django and by its key for links."""
        asked, words = request.GET.copy(), searched(request)
        if KEY in asked and not words:
            del asked[KEY]
            self.message_user(request, _("That search has ended. Type it again."), messages.INFO)
        if words:
            asked[WORDS], asked[KEY] = words, key_of_search(request, words)
        return asked
