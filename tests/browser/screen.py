"""What one does at a screen, by the words on it; everything waits until it can be done."""

import re
from urllib.parse import urlsplit

from .chromium import Error
from .words import MESSAGES

# What the browser remarks on by itself, now and then.
ADVICE = {"verbose", "info", "debug"}


class Screen:
    """One browser window. `page` is Playwright's own; `troubles` is what the browser complained of.

    Troubles are words in the console (breaches of the content security policy among them), errors
    in scripts, requests that fail or leave this machine, and answers of 400 and above, except
    a page's own that is in `expected`. `presses` and `answers` count what one had to do.
    """

    def __init__(self, context, address):
        self.context = context
        self.address = address
        self.troubles = []
        self.expected = None
        self.presses = self.answers = 0
        context.on("console", self._hear)
        context.on("weberror", lambda told: self.troubles.append(f"script: {told.error}"))
        context.on("request", self._watch)
        context.on("requestfailed", self._miss)
        context.on("response", self._weigh)
        self.page = context.new_page()

    def _hear(self, message):
        # Of missing files the answer itself tells more, in _weigh.
        advice = message.type in ADVICE or message.text.startswith("Failed to load resource")
        if not advice:
            self.troubles.append(f"console {message.type}: {message.text}")

    def _watch(self, request):
        # The browser’s own reader of PDFs is an extension, with parts of the browser itself.
        own = (f"{self.address}/", "data:", "blob:", "chrome-extension:", "chrome://resources/")
        if not request.url.startswith(own):
            self.troubles.append(f"request leaves this machine: {request.url}")

    def _miss(self, request):
        # Aborted is what was on its way when the next page was asked for.
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"request failed: {request.url} ({request.failure})")

    def _weigh(self, response):
        asked = response.request.is_navigation_request() and response.status == self.expected
        if response.status >= 400 and not asked:
            self.troubles.append(f"{response.status} {urlsplit(response.url).path}")

    # Doing

    def open(self, url):
        """Go to an address. A file to download is weighed like a page, and not kept."""
        try:
            self.page.goto(url)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
        return self

    def press(self, name):
        """Click the button, link or heading to unfold of exactly this name: the first of them."""
        self.control(name).first.click()
        self.presses += 1

    def fill(self, answers, row=0):
        """Answer fields by their labels; `row` counts the visible ones of the same label."""
        self.answers += len(answers)
        for label, answer in answers.items():
            field = self.field(label).nth(row)
            kind = field.evaluate("field => field.tagName")
            if kind == "SELECT":
                field.select_option(label=answer)
            elif kind == "DIV":
                field.get_by_label(answer, exact=True).check()
            else:
                field.fill(answer)

    def tab_to(self, target):
        """Press Tab until the target has the focus, as somebody without a mouse does."""
        for _stop in range(100):
            if target.evaluate_all("all => all.includes(document.activeElement)"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {target}.")

    def write(self, text):
        self.page.keyboard.type(text)

    def enter(self):
        self.page.keyboard.press("Enter")

    # Seeing

    def control(self, name):
        button = self.page.get_by_role("button", name=name, exact=True)
        return button.or_(self.page.get_by_role("link", name=name, exact=True)).or_(
            self.page.locator("summary").get_by_text(name, exact=True)
        )

    def field(self, label):
        """The fields of this label; what follows it (a colon, an asterisk) does not count."""
        words = re.compile(rf"^\s*{re.escape(label)}\W*$")
        return self.page.get_by_label(words).locator("visible=true")

    def reads(self, words):
        """Wait until these words are on the page, somewhere in sight."""
        self.page.get_by_text(words, exact=False).locator("visible=true").first.wait_for()

    def has_value(self, selector, value):
        """Wait until a field holds this, asked from outside: no page of ours evaluates a string."""
        from playwright.sync_api import expect

        expect(self.page.locator(selector)).to_have_value(value)

    def shows_page(self, heading):
        """Wait for the page of this main heading."""
        self.page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()

    def arrives_at(self, url):
        self.page.wait_for_url(f"{self.address}{url}")

    @property
    def path(self):
        return self.page.url.removeprefix(self.address)

    @property
    def messages(self):
        """What the program says about what was just done."""
        told = self.page.locator(MESSAGES)
        told.first.wait_for()
        return [" ".join(text.split()) for text in told.all_inner_texts()]
