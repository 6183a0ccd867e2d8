"""Types the answers of `createsuperuser` as somebody at a terminal does: getpass takes no pipe."""

import os
import pty
import sys

ANSWERS = {"Username": "first", "Email": "", "Password:": None, "Password (again)": None}


def main(*command):
    asked, password = "", os.environ["FIRST_PASSWORD"]
    answers = dict(ANSWERS)
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    while True:
        try:
            got = os.read(terminal, 1024).decode()
        except OSError:  # the other end is gone
            break
        if not got:
            break
        sys.stdout.write(got)
        asked += got
        for prompt in [one for one in answers if one in asked]:
            typed = answers.pop(prompt)
            os.write(terminal, ((password if typed is None else typed) + "\n").encode())
            asked = asked.split(prompt, 1)[1]
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
