"""The encoding of a text that does not say it: what makes whole words of it, or the user is asked.

Each candidate is judged by the words that it gives, no list of names needed: no name has a capital
after a small letter and small ones behind it, letters of two scripts, or a sign in its middle.
"""

import re
from dataclasses import dataclass

MOST_LINES = 2000  # with letters beyond ASCII: enough to tell
LONGEST = 2000  # bytes of a line that are looked at
ENOUGH = 0.9  # of the words have to be such
ENOUGH_OF_WESTERN = 0.75  # the usual one, where no other fits: somebody has a rare name
SPLIT = re.compile(r"[\s,;|\"()/<>=:]+")
# Quotation marks that go together say nothing.
QUOTED = re.compile(r"„([^„“”]*)[“”]|“([^“”]*)”|‚([^‚‘’]*)[‘’]|‘([^‘’]*)’|[«»]([^«»]*)[«»]")

WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿðþßœšž"
CENTRAL = "áâäăąćčçďđéëęěíîłĺľńňóôőöŕřśšşťţúůűüýźżžß"
GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐ"
CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћђџќѓѕ"
HEBREW = "אבגדהוזחטיךכלםמןנסעףפץצקרשת"
ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيپچژگ"
# Letters that stand in western files too, but seldom: alone they prove nothing.
SELDOM = set("œšžŒŠŽŸ")
# Signs that stand right behind a letter or before one; and, of these, within a word.
BESIDE = set("’‘´ªº°²³µ™®©…–—·×¿¡€£§“”„‚«»½¼¾±•¹")
WITHIN = set("’‘´·–—\u00ad")
NO_BEGINNING = set("£€³¹¯")  # of a word: of an amount at most
NO_END = set("‘“„‚¿¡£€")
BESIDE_OTHERS = set("’–—№…")  # of scripts that are not Latin


# What Czech, Croatian and Polish names are in Windows-1252: Spanish ñ stands before vowels,
# French è does not, and æ not behind one.
CENTRAL_IN_WESTERN = "ø.*[áéíýúì]|[áéíýúì].*ø|^è|ì.|ñ(?![aeiouáéíóúü])|è[aeiouy]|[aeiou]æ"
# And the other way round: before vowels Polish writes ni.
WESTERN_IN_CENTRAL = "ń[aeiouyáéíóú]"
PREFIXES = {"Mc", "Mac", "De", "Di", "Du", "La", "Le"}


@dataclass(frozen=True)
class Encoding:
    """A codec of Python's, its name in words, and its letters ("" of those of East Asia)."""

    codec: str
    words: str
    letters: str = ""


ENCODINGS = {
    one.codec: one
    for one in (
        Encoding("cp1252", "Windows-1252", WESTERN),
        Encoding("mac_roman", "Mac Roman", WESTERN),
        Encoding("cp850", "MS-DOS (850)", WESTERN),
        Encoding("cp1250", "Windows-1250", CENTRAL),
        Encoding("cp1251", "Windows-1251", CYRILLIC),
        Encoding("koi8_r", "KOI8-R", CYRILLIC),
        Encoding("cp866", "MS-DOS (866)", CYRILLIC),
        Encoding("mac_cyrillic", "Mac Cyrillic", CYRILLIC),
        Encoding("cp1253", "Windows-1253", GREEK),
        Encoding("cp1255", "Windows-1255", HEBREW),
        Encoding("cp1256", "Windows-1256", ARABIC),
        Encoding("cp932", "Shift-JIS"),
        Encoding("euc_jp", "EUC-JP"),
        Encoding("gbk", "GBK"),
        Encoding("big5", "Big5"),
        Encoding("euc_kr", "EUC-KR"),
    )
}
# The characters that are in use, by their first byte; each codec has thousands beside them.
COMMON = {
    "cp932": ((0x82, 0x83), (0x88, 0x98)),
    "euc_jp": ((0xA4, 0xA5), (0xB0, 0xCF)),
    "gbk": ((0xB0, 0xD7),),
    "big5": ((0xA4, 0xC6),),
    "euc_kr": ((0xB0, 0xC8),),
}
EAST_ASIAN = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f]")
SIGNS_OF_EAST = re.compile(r"[\u3000-\u3003\u3008-\u301f\u30fb\uff01-\uff65]")


def told(lines):
    """The encodings that lines of bytes may be in, the likely one first: one where it can be
    told, none where none fits."""
    lines = [line[:LONGEST] for line in lines]
    shares = {codec: _share(codec, lines) for codec in ENCODINGS}
    fitting = [codec for codec, share in shares.items() if share >= ENOUGH]
    if not fitting and shares["cp1252"] >= ENOUGH_OF_WESTERN:
        fitting = ["cp1252"]
    if "cp1252" in fitting:
        # Western words are also words of Windows-1250, and none of any other encoding.
        others = [one for one in fitting if one in {"mac_roman", "cp850"}]
        is_sure = not (_accents(lines) <= SELDOM) or not _accents(lines)
        fitting = ["cp1252", *(() if is_sure else others)]
    return [ENCODINGS[codec] for codec in fitting]


def example_words(lines, codec, most=2):
    """Words with letters beyond ASCII as a codec gives them; first those that are others in the
    encodings next to it."""
    found = {}
    for line in lines:
        words = _words(_decoded(line[:LONGEST], codec))
        for word in words:
            if re.search(r"[^\W\d_]", word):
                found.setdefault(word.strip("'.-"), _tells_more(word, codec))
        if sum(found.values()) >= most:
            break
    return sorted(found, key=lambda word: not found[word])[:most]


def looks_western(text):
    """Whether the words of a text may be those of western names."""
    words = _words(text)
    return sum(_is_word(word, WESTERN) for word in words) >= ENOUGH * len(words)


def _tells_more(word, codec):
    try:
        return word.encode(codec).decode("cp1250") != word
    except UnicodeError:
        return True


def _decoded(line, codec):
    # A line may be cut within a character.
    return line.decode(codec, "replace" if len(line) == LONGEST else "strict")


def _accents(lines):
    text = "".join(_decoded(line, "cp1252") for line in lines)
    return {one for one in text if one.isalpha() and not one.isascii() and one not in "ªºµ"}


def _words(text):
    text = QUOTED.sub(lambda found: next(filter(None, found.groups()), ""), text)
    return [word for word in SPLIT.split(text) if not word.isascii()]


def _share(codec, lines):
    """How many of the words that a codec gives may be words, 0 to 1."""
    words = set()
    for line in lines:
        try:
            words.update(_words(_decoded(line, codec)))
        except UnicodeError:
            return 0
    if not words:
        return 1
    letters = ENCODINGS[codec].letters
    is_word = (
        (lambda word: _is_word(word, letters)) if letters else lambda word: _is_eastern(word, codec)
    )
    return sum(map(is_word, words)) / len(words)


def _is_eastern(word, codec):
    """Whether a word is of East Asia's letters alone, in characters that are in use there."""
    if re.search(r"[A-Za-z]", word):
        return False
    for one in word:
        if one.isascii() or SIGNS_OF_EAST.match(one):
            continue
        if not EAST_ASIAN.match(one):
            return False
        first, *more = one.encode(codec)
        if more and not any(low <= first <= high for low, high in COMMON[codec]):
            return False
    return True


def _is_word(word, letters):
    """Whether a word of an alphabet may be one, with the signs in and beside it."""
    accented = letters + letters.upper()
    signs = [at for at, one in enumerate(word) if not (one.isascii() or one in accented)]
    if len(signs) > 1 and not any(one.isalnum() for one in word):
        return False
    beside = BESIDE if letters in {WESTERN, CENTRAL} else BESIDE_OTHERS
    if not all(_is_sign(word[at], word[:at][-1:], word[at + 1 :][:1], beside) for at in signs):
        return False
    return all(_is_part(part, letters) for part in re.findall(r"[^\W\d_ªºµ]+", word))


def _is_sign(one, before, after, beside):
    """Whether a sign may stand between these characters."""
    if not (before.isalpha() and after.isalpha()):
        is_out_of_place = (before.isalpha() and one in NO_END) or (
            after.isalpha() and one in NO_BEGINNING
        )
        return one in beside and not is_out_of_place
    if one == "·":
        return (before + after).casefold() == "ll"
    # Names are joined by a dash, and then go on with a capital.
    return one in WITHIN and (one not in "–—" or after.isupper())


def _is_part(part, letters):
    """Whether letters in a row may be a word, or a part between hyphens."""
    if part.isascii():
        return True
    if not _has_case_of_a_word(part):
        return False
    is_latin = letters in {WESTERN, CENTRAL}
    if not is_latin:
        return not re.search("[A-Za-z]", part) and _ends_right(part, letters)
    own = [one for one in part if not one.isascii()]
    if len(part) > 1 and (len(own) == len(part) or re.search(r"[^\x00-\x7f]{4}", part)):
        return False
    small = part.lower()
    is_other = re.search(CENTRAL_IN_WESTERN if letters is WESTERN else WESTERN_IN_CENTRAL, small)
    return not is_other and not small.startswith("ß")


def _has_case_of_a_word(part):
    if part == part.lower() or part == part.upper():
        return True
    # Capitals within a word begin one: McKay, DeÁvila, but not MŸller.
    capitals = [place for place, one in enumerate(part) if one.isupper()]
    return capitals[0] == 0 and all(
        part[place].isascii() or part[:place] in PREFIXES for place in capitals[1:]
    )


def _ends_right(part, letters):
    """Letters that only end a word do, and those that are hardly ever written are not."""
    small = part.lower()
    if letters is GREEK:
        return "ς" not in small[:-1] and "ΰ" not in small
    if letters is HEBREW:
        return not re.search("[ךםןףץ].", small)
    if letters is CYRILLIC:
        return not re.search("^[ъь]|[ъь]{2}", small)
    return True
