"""Somebody who opens a new installation for the first time, over HTTP, with nothing but Python.

    visitor.py ADDRESS [--through HOST:PORT --certificate FILE] [--from ADDRESS] [--photo FILE]

Signs in as `first` (password in FIRST_PASSWORD), sets up sign-in codes where they are asked for,
opens Today, registers a patient and opens the chart; with --photo adds that photo. Ends with 1 and
a sentence at the first answer that is not what a person should meet.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import os
import re
import ssl
import struct
import sys
import time
from html import unescape
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

PATIENCE = 60
REDIRECTS = {301, 302, 303}


class Page(HTMLParser):
    """The forms of a page, each with what a browser would post, and the files it needs."""

    def __init__(self, status, headers, body):
        super().__init__()
        self.status, self.headers, self.text = status, headers, body.decode(errors="replace")
        self.forms, self.sheets = [], []
        self.select = self.area = None
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        name, value = found.get("name"), found.get("value") or ""
        if tag == "link" and found.get("rel") == "stylesheet":
            self.sheets.append(found["href"])
        elif tag == "form":
            self.forms.append({})
        elif not self.forms or (not name and tag != "option"):
            return
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            if "selected" in found or self.select not in self.forms[-1]:
                self.forms[-1][self.select] = value
        elif tag == "textarea":
            self.area, self.forms[-1][name] = name, ""
        elif tag == "input":
            kind = found.get("type", "text")
            if kind in {"checkbox", "radio"} and "checked" not in found:
                return
            if kind not in {"submit", "file", "button"}:
                self.forms[-1][name] = value

    def handle_endtag(self, tag):
        if tag in {"select", "textarea"}:
            self.select = self.area = None

    def handle_data(self, data):
        if self.area and self.forms:
            self.forms[-1][self.area] += data

    def form_with(self, name):
        for form in self.forms:
            if name in form:
                return form
        raise SystemExit(f"There is no form with {name!r} on the page.")


class Visitor:
    def __init__(self, root, *, through=None, certificate=None, source=None):
        self.root, self.cookies = root.rstrip("/"), {}
        address = urlsplit(self.root)
        self.host, self.is_https = address.netloc, address.scheme == "https"
        self.place = (through or self.host).rsplit(":", 1)
        self.source = (source, 0) if source else None
        self.trust = ssl.create_default_context(cafile=certificate)
        self.trust.check_hostname = False  # called by its address, as the walk has no name server

    def connection(self):
        options = {"timeout": PATIENCE, "source_address": self.source}
        host, port = self.place[0], int(self.place[1])
        if self.is_https:
            return http.client.HTTPSConnection(host, port, context=self.trust, **options)
        return http.client.HTTPConnection(host, port, **options)

    def ask(self, path, body=None, kind="application/x-www-form-urlencoded"):
        """One answer, without following where it leads."""
        headers = {"Host": self.host, "Referer": self.root + "/"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = kind
        wire = self.connection()
        wire.request("GET" if body is None else "POST", path, body, headers)
        answer = wire.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.expect(bool(morsel["secure"]) == self.is_https, f"cookie {name}: {line}")
                self.cookies[name] = morsel.value
        page = Page(answer.status, answer.headers, answer.read())
        wire.close()
        return page

    def open(self, path, status=200):
        page = self.ask(path)
        self.expect(page.status == status, f"{path} was answered {page.status}")
        return page

    def send(self, path, form, then=None):
        """Post a form and open the page that it leads to; returns its path and the page."""
        return self.follow(path, self.ask(path, urlencode(form).encode()), then)

    def follow(self, path, page, then=None):
        self.expect(page.status in REDIRECTS, f"{path} was answered {page.status}, not accepted")
        path = urljoin(path, page.headers["Location"])
        page = self.ask(path)
        if page.status in REDIRECTS:
            return self.follow(path, page, then)
        self.expect(page.status == 200, f"{path} was answered {page.status}")
        self.expect(then is None or then in path, f"led to {path}, not to {then}")
        return path, page

    def upload(self, path, form, name, file):
        edge = "----walk"
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in form.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="photo.jpg"'
        parts += [head.encode() + b"\r\nContent-Type: image/jpeg\r\n\r\n", file.read_bytes()]
        body = b"".join([*parts, f"\r\n--{edge}--\r\n".encode()])
        answer = self.ask(path, body, f"multipart/form-data; boundary={edge}")
        return self.follow(path, answer)

    @staticmethod
    def expect(holds, words):
        if not holds:
            raise SystemExit(f"visitor: {words}")


def code_of(secret):
    """The six digits that an authenticator app shows now (RFC 6238)."""
    letters = "".join(secret.split()).upper()
    key = base64.b32decode(letters + "=" * (-len(letters) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def sign_in(visitor, password):
    login = visitor.open("/admin/login/")
    visitor.expect(login.sheets, "the sign-in page names no style sheet")
    for sheet in login.sheets:
        visitor.expect(len(visitor.open(sheet).text) > 100, f"{sheet} is empty")
    form = login.form_with("username") | {"username": "first", "password": password}
    path, page = visitor.send("/admin/login/", form)
    if "second-factor/set-up" in path:
        secret = unescape(re.search(r'class="secret">([^<]+)<', page.text)[1])
        form = page.form_with("next") | {"code": code_of(secret)}
        answer = visitor.ask(path, urlencode(form).encode())
        visitor.expect(answer.status in {200, 302}, f"the code was answered {answer.status}")
        print("signed in with a code that was set up now")
    today = visitor.open("/admin/")
    visitor.expect("Today" in today.text, "the first page is not Today")
    return today


def register_patient(visitor):
    path = "/admin/consultations/patient/add/"
    form = visitor.open(path).form_with("family_name")
    named = {"family_name": "Walker", "given_name": "Ann", "date_of_birth": "1980-05-17"}
    visitor.send(path, form | named | {"_save": "1"})
    visitor.open("/admin/consultations/patient/1/chart/")


def add_photo(visitor, file):
    path = "/admin/consultations/patient/1/photos/"
    form = visitor.open(path).form_with("signed_name")
    _path, page = visitor.send(path, form | {"signed_name": "Ann Walker", "_consent": "1"})
    form = page.form_with("taken_on")
    form |= {"area": "face", "view": "front", "taken_on": time.strftime("%Y-%m-%d"), "_upload": "1"}
    _path, page = visitor.upload(path, form, "photos", file)
    found = re.search(r'src="(/admin/consultations/photo/\d+/[^"]*)"', page.text)
    told = re.findall(r'<li class="(?:error|warning)[^>]*>(.*?)</li>', page.text, re.DOTALL)
    visitor.expect(found, f"the photo is not on its page: {told}")
    visitor.open(unescape(found[1]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("--through")
    parser.add_argument("--certificate")
    parser.add_argument("--from", dest="source")
    parser.add_argument("--photo", type=Path)
    told = parser.parse_args()
    visitor = Visitor(
        told.address, through=told.through, certificate=told.certificate, source=told.source
    )
    sign_in(visitor, os.environ["FIRST_PASSWORD"])
    print("sign-in page, style sheets and Today answer 200")
    register_patient(visitor)
    print("a patient is registered")
    if told.photo:
        add_photo(visitor, told.photo)
        print(f"a photo of {told.photo.stat().st_size / 1024**2:.1f} MB is kept")


if __name__ == "__main__":
    sys.exit(main())
