"""What every page keeps, each promise a function that tells what breaks it on the page shown."""

WIDTHS = (768, 390)
SHEET = {"width": 703, "height": 1017}  # A4 within its margins
GRAVE = {"critical", "serious", "moderate"}
EVERYTHING = {"rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
TARGETS = {"runOnly": ["target-size"]}
# Pages are judged as they stand; fetching their stylesheets anew would only cost time.
JUDGE = """async (options) => (await axe.run({
  ...options, resultTypes: ["violations"], preload: false, iframes: false
})).violations"""
SETTLE = "() => document.getAnimations().forEach((one) => one.finish())"

NAME = """
const name = (element) => element.tagName.toLowerCase()
  + (element.id ? `#${element.id}` : "")
  + [...element.classList].map((one) => `.${one}`).join("")
  + (element.name ? `[name=${element.name}]` : "");
"""

# What sticks to the edge covers something wherever one has scrolled to; targets scroll clear.
UNSTICK = """() => document.querySelectorAll(".submit-row, #header").forEach((one) => {
  one.style.position = "static";
})"""
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"

# What reaches furthest beyond the window, unless something around it scrolls or cuts it off.
SIDEWAYS = f"""() => {{
  {NAME}
  if (document.scrollingElement.scrollWidth <= window.innerWidth) return [];
  const held = (element) => {{
    for (let box = element.parentElement; box && box !== document.body; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== "visible") return true;
    return false;
  }};
  const right = (element) => element.getBoundingClientRect().right;
  const wide = [...document.body.querySelectorAll("*")]
    .filter((element) => right(element) > window.innerWidth && !held(element))
    .sort((one, other) => right(other) - right(one));
  return [wide.length ? name(wide[0]) : "body"];
}}"""

# A focus is seen by an outline or a shadow, of the element itself or of the one around it.
UNSEEN_FOCUS = f"""() => {{
  {NAME}
  const outline = (style) => style.outlineStyle === "none" ? "" : style.outline;
  const look = (element) => [element, element.parentElement]
    .map((one) => getComputedStyle(one))
    .map((style) => `${{outline(style)}} ${{style.boxShadow}}`).join();
  const stops = "a[href], button, input, select, textarea, summary, [tabindex]";
  return [...document.querySelectorAll(stops)]
    .filter((element) => element.tabIndex >= 0 && !element.disabled && element.checkVisibility())
    .filter((element) => {{
      document.activeElement.blur();
      const before = look(element);
      element.focus();
      document.getAnimations().forEach((one) => one.finish());
      return document.activeElement === element && look(element) === before;
    }}).map(name);
}}"""


# What can be pressed or picked, still seen on paper.
PRESSABLE = f"""() => {{
  {NAME}
  const controls = "button, summary .icon, dialog, nav a, .button, "
    + "input:is([type=submit], [type=button], [type=file], [type=range])";
  return [...document.querySelectorAll(controls)].filter((one) => one.checkVisibility()).map(name);
}}"""

# What holds more than it shows on paper.
CUT = f"""() => {{
  {NAME}
  const cuts = (one) => getComputedStyle(one).overflow !== "visible"
    && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
  return [...document.querySelectorAll("main, main *:not(svg *, .visually-hidden, .diary-grid *)")]
    .filter((one) => one.checkVisibility() && cuts(one)).map(name);
}}"""


def breaches(page, axe):
    """Every promise that the page shown breaks, each with the element that does."""
    page.evaluate(UNFOLD)
    page.evaluate(axe)
    yield from judged(page, EVERYTHING)
    yield from (f"focus is not seen: {one}" for one in unseen_focus(page))
    page.emulate_media(color_scheme="dark")
    yield from (f"dark, {one}" for one in judged(page, COLOURS))
    page.emulate_media(color_scheme="light")
    wide = page.viewport_size
    yield from on_paper(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": wide["height"]})
        yield from (f"{width} px, scrolls sideways: {one}" for one in page.evaluate(SIDEWAYS))
    page.evaluate(UNSTICK)
    yield from (f"{width} px, {one}" for one in judged(page, TARGETS))
    page.set_viewport_size(wide)


def end_of_story(page, axe):
    """What axe-core finds on the page that a story ends on, in light and in dark."""
    page.evaluate(axe)
    yield from judged(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    yield from (f"dark, {one}" for one in judged(page, COLOURS))


def on_paper(page):
    """What can be pressed, or is cut, where an A4 sheet is printed."""
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    yield from (f"on paper, can be pressed: {one}" for one in page.evaluate(PRESSABLE))
    yield from (f"on paper, is cut: {one}" for one in page.evaluate(CUT))
    page.emulate_media(media="screen")


def judged(page, options):
    page.evaluate(SETTLE)
    for rule in page.evaluate(JUDGE, options):
        if rule["impact"] in GRAVE:
            for node in rule["nodes"]:
                yield f"axe {rule['id']} ({rule['impact']}): {node['target'][-1]}"


def unseen_focus(page):
    # The first stop by key, so that the browser shows the focus from then on.
    page.keyboard.press("Tab")
    return page.evaluate(UNSEEN_FOCUS)
