"""python -m tests.screenshots: the pages of the README, of a demo clinic loaded for the purpose."""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tqdm import tqdm

from tests.browser.chromium import DESK, HERE, PHONE, NoChromiumError, run_chromium

HOUSE = Path(__file__).resolve().parent.parent
PATIENT = "D-000001"
# What the file is called: the address within the admin, about that patient and their latest plan.
BEFORE_LOG_IN = {
    "login": "login/",
}
PAGES = {
    "today": "",
    "patients": "consultations/patient/",
    "chart": "consultations/patient/{patient}/chart/",
    "consultation": "consultations/consultation/add/?patient={patient}",
    "visit": "consultations/patient/{patient}/visit/",
    "photos": "consultations/patient/{patient}/photos/",
}
USERNAME, PASSWORD = "clinician", "demo"
MOST_COLOURS = 256
LOOKS = {
    "": DESK,
    "-dark": DESK | {"color_scheme": "dark"},
    "-phone": PHONE,
}


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HOUSE / ".screenshots")
    folder = parser.parse_args().folder
    try:
        with run_chromium() as browser, tempfile.TemporaryDirectory() as clinic:
            environment = demo_clinic(Path(clinic))
            with served(environment) as address:
                folder.mkdir(parents=True, exist_ok=True)
                take(browser, address, folder)
    except NoChromiumError as missing:
        sys.exit(str(missing))
    except KeyboardInterrupt:
        sys.exit(130)


def demo_clinic(folder):
    """Load the demo into a database of its own; the environment that leads to it."""
    own = {"DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}", "MEDIA_ROOT": str(folder)}
    environment = os.environ | own | {"ALLOWED_HOSTS": "", "DEBUG": ""}
    loaded = subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-server"],
        cwd=HOUSE,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    if loaded.returncode:
        sys.exit("The demo could not be loaded.")
    return environment


@contextmanager
def served(environment):
    """The demo's address, for as long as its server runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{free.getsockname()[1]}"
    server = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", place],
        cwd=HOUSE,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(server, f"http://{place}/admin/login/")
        yield f"http://{place}/admin/"
    finally:
        server.terminate()
        server.wait()


def wait_for(server, url):
    while server.poll() is None:
        try:
            urlopen(url).close()
            return
        except URLError:
            time.sleep(0.1)
    sys.exit("The demo's server did not start.")


def take(browser, address, folder):
    with tqdm(total=len(LOOKS) * len(BEFORE_LOG_IN | PAGES), desc="Screenshots") as progress:
        for look, device in LOOKS.items():
            page = browser.new_context(**HERE | device).new_page()
            for name in photographed(page, address):
                shoot(page, folder / f"{name}{look}.png")
                progress.update()


def photographed(page, address):
    """Open one page after the other, and say what each is called."""
    for name, url in BEFORE_LOG_IN.items():
        page.goto(address + url)
        yield name
    log_in(page, address)
    keys = find(page, address)
    for name, url in PAGES.items():
        page.goto(address + url.format(**keys))
        yield name


def shoot(page, path):
    # As much as a screen shows: a README is no place for pages of several screens.
    page.screenshot(path=path, animations="disabled")
    shrink(path)


def log_in(page, address):
    page.goto(f"{address}login/")
    page.locator("#id_username").fill(USERNAME)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def find(page, address):
    """The numbers that addresses need, read off the links of the pages themselves."""
    page.goto(f"{address}consultations/patient/?q={PATIENT}")
    patient = re.search(r"patient/(\d+)/chart/", page.content())[1]
    page.goto(f"{address}consultations/patient/{patient}/chart/")
    return {"patient": patient, "plan": re.search(r"\?plan=(\d+)", page.content())[1]}


def shrink(path):
    """Keep the colours that matter, where Pillow is there to choose them."""
    try:
        from PIL import Image
    except ImportError:
        return
    with Image.open(path) as image:
        image.convert("RGB").quantize(MOST_COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
