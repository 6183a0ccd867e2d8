"""The decoder's process: `python -I decoding < picture`. A number of degrees after that turns a
picture of our own; `logo` makes the picture one to be printed.

It has limits of time and memory, writes no file, and reaches no more of the program than this
folder.
"""

import json
import resource
import sys
import warnings
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))

from decoding import Refused, logo, turned, written_anew

MOST_SECONDS = 30
MOST_MEMORY = 2 * 1024**3


def limit_this_process():
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    limit_this_process()
    warnings.simplefilter("ignore")
    try:
        known, pixels = asked(sys.stdin.buffer.read(), *sys.argv[1:])
    except Refused as refusal:
        known, pixels = {"refused": str(refusal)}, b""
    sys.stdout.buffer.write(json.dumps(known).encode() + b"\n" + pixels)


def asked(content, what=""):
    if what == "logo":
        return logo(content)
    return turned(content, int(what)) if what else written_anew(content)


if __name__ == "__main__":
    main()
