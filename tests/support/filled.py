"""A form of a page as a browser without script would send it: every control with what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from tests.support.guest import Guest


def filled(page: str, action: str) -> dict[str, str]:
    """The fields of the first form that is sent to this address."""
    form = LexborHTMLParser(page).css_first(f'form[action="{action}"][method="post"]')
    assert form is not None, f"no form for {action}"
    found: dict[str, str] = {}
    for one in form.css("input, textarea, select"):
        name, value = one.attributes.get("name"), _value(one)
        if name and value is not None:
            found[name] = value
    return found


def _value(one: LexborNode) -> str | None:
    if one.tag == "textarea":
        return one.text()
    if one.tag == "select":
        chosen = one.css_first("option[selected]") or one.css_first("option")
        return (chosen.attributes.get("value") or "") if chosen else None
    if one.attributes.get("type") in {"checkbox", "radio"} and "checked" not in one.attributes:
        return None
    return one.attributes.get("value") or ""


def beside(page: str, field: str) -> str:
    """The fault that stands beside a control, which names it."""
    tree = LexborHTMLParser(page)
    control = tree.css_first(f'[aria-invalid="true"][aria-describedby~="fault-{field}"]')
    fault = tree.css_first(f"#fault-{field}")
    assert control is not None, f"no fault is named at {field}"
    assert fault is not None, f"no fault stands beside {field}"
    return " ".join(fault.text().split())


async def send(guest: Guest, at: str, action: str = "", /, **changes: str | None) -> str:
    """Open the page, change its form and send it; what is shown then, or the address that is gone to."""
    shown = await guest.get(at)
    return await again(guest, shown.text, action or at, **changes)


async def again(guest: Guest, page: str, action: str, /, **changes: str | None) -> str:
    """Send the form of a page that is there already. None is for what is not sent, such as a box that is unticked."""
    sent = {name: text for name, text in (filled(page, action) | changes).items() if text is not None}
    answer = await guest.post(action, **sent)
    return answer.headers["location"] if answer.status_code == 303 else answer.text
