"""What people with bad intent, broken programs and unlucky fingers send.

`MARK` stands in every element, attribute and call that a payload tries to bring into being, so that
one look at a page tells whether it did.
"""

MARK = "zqx7"

SCRIPT = {
    "script": f"<script>{MARK}()</script>",
    "broken out of an attribute": f'"><img src=x onerror={MARK}()>',
    "broken out of a quoted attribute": f"'><svg/onload={MARK}()>",
    "handler without a tag": f'" autofocus onfocus={MARK}() {MARK}="',
    "address of script": f"javascript:{MARK}()",
    "out of a text area": f"</textarea><script>{MARK}()</script>",
    "out of a title": f"</title><{MARK}-element>",
    "out of a script": f"</script><script>{MARK}()</script>",
    "out of a select": f"</option></select><img src=x onerror={MARK}()>",
    "comment": f"<!--><img src=x onerror={MARK}()>-->",
    "entity": f"&lt;img src=x onerror={MARK}()&gt; &#60;{MARK}&#62; &amp;amp;",
    "frame": f'<iframe srcdoc="<script>{MARK}()</script>"></iframe>',
    "form": f'<form action="//{MARK}.example"><input name={MARK}></form>',
    "style": f"<style>@import '//{MARK}.example';</style>",
    "link": f'<a href="javascript:{MARK}()">look</a>',
    "JSON": f'{{"{MARK}": "</script>", "\\u003c": 1}}',
}
TEMPLATE = {
    "Django's": "{{7*7}} {% debug %} {{ request.user.password }}",
    "unfinished": "{% {{ {# %}",
    "others'": "${7*7} #{7*7} <%= 7*7 %> `${7*7}`",
    "format": "%s %(name)s %d {0} {name} {0.__class__}",
}
SQL = {
    "always true": "' OR 1=1 --",
    "second statement": "x'); DROP TABLE consultations_patient; --",
    "wildcards": "100%_\\%",
    "backslash": "\\",
    "quotes": "\"'`´",
}
FORMULA = {
    "equals": "=1+1",
    "plus": "+1+1",
    "minus": "-1+1",
    "at": "@SUM(1,1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "call": '=HYPERLINK("http://example.org","look")',
}
CONTROL = {
    "null": "a\x00b",
    "low": "a" + "".join(map(chr, (1, 2, 7, 8, 11, 12, 14, 27, 31))) + "b",
    "delete and next line": "a\x7fb\x85c\x9fd",
    "line separators": "a\u2028b\u2029c",
}
UNICODE = {
    "override": "abc\u202egnp.exe\u202d",
    "unclosed isolate": "abc\u2067\u2066def",
    "zero width": "a\u200bb\ufeffc\u2060d\u00ade",
    "lone surrogate": "a\ud800b\udfffc",
    "flood of accents": "Z" + "\u0301\u0320\u0489" * 40,
    "emoji": "🙂👩🏽‍⚕️🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "beyond the plane": "𠮷𝒳\U0010ffff",
    "right to left": "عبد الرحمن אברהם",
    "tags": "a\U000e0041\U000e007fb",
    "not a character": "a\ufffe\uffffb",
    "grows when folded": "ﷺ" * 20 + "ßİŉ",
    "only spaces": " \u00a0\u2003\u3000",
}
LONG = {
    "ten thousand": "x" * 10_000,
    "ten times a note": "n" * 200_000,
    "a megabyte": "m" * 1_000_000,
}
TEXTS = SCRIPT | TEMPLATE | SQL | FORMULA | CONTROL | UNICODE

# For fields that are no text.
VALUES = {
    "nothing": "",
    "zeros": "0000-00-00",
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "no such day": "31/02/2025",
    "five digits": "12025-01-01",
    "week": "2025-W10",
    "not a number": "NaN",
    "infinite": "inf",
    "too large": "1e400",
    "minus nothing": "-0",
    "huge": "9" * 5000,
    "beyond 64 bits": str(2**63),
    "negative": "-1",
    "small": "1e-400",
    "other digits": "٢٠٢٥",
    "superscript": "²",
    "grouped": "1,000.5_0",
    "maybe": "maybe",
    "list": "[1, 2]",
    "dictionary": '{"a": 1}',
    "key of nothing": "999999999",
    "path": "../../etc/passwd",
    "time": "25:61",
    "UUID": "00000000-0000-0000-0000-00000000000g",
}
ANYTHING = TEXTS | VALUES

# For the parameters of an address, beside the above.
QUERY = {
    "lookup": "__class__",
    "order": "-1.2.-3.999999999999999999999",
    "page": "-1",
    "key": "0",
    "elsewhere": f"//{MARK}.example/",
    "elsewhere in full": f"https://{MARK}.example/",
    "elsewhere by backslash": f"/\\{MARK}.example",
    "elsewhere by tab": f"/\t/{MARK}.example",
    "bad address": "//[",
    "header": f"/admin/\r\nX-{MARK}: 1",
    "long": "q" * 5000,
}
KEYS = [
    "0",
    "-1",
    "+1",
    "1.0",
    "1e1",
    "9" * 19,
    "9" * 400,
    "٣",
    "²",
    "None",
    "__class__",
    "..",
    "../1",
    "1/../1",
    "1/",
    "%2e%2e",
    "_2F",
    "_",
    "_zz",
    "a\x00b",
    "\u202e1",
    "🙂",
    "' OR 1=1",
    "x" * 5000,
]


def as_bytes(value):
    """As it goes over the wire; lone surrogates as a broken program sends them."""
    return str(value).encode("utf-8", "surrogatepass")
