"""axe-core in a page: what keeps somebody out, by rule and place.

The page's policy lets no foreign script in; the debugger's own evaluation stands outside of it.
"""

import json
from importlib.resources import files
from typing import Any

from selenium.webdriver import Chrome

_SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
_GRAVE = ("serious", "critical", "moderate", "minor")
_WAYS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def violations(driver: Chrome, *rules: str) -> list[str]:
    """Serious and critical ones of the page that is open, as «rule: place» lines; with `rules`, of those alone."""
    asked = {"runOnly": list(rules) or _WAYS, "resultTypes": ["violations"], "preload": False}
    _evaluate(driver, f"window.axe ? 0 : (0, eval)({json.dumps(_SOURCE)}, 0)")
    found: list[dict[str, Any]] = json.loads(
        _evaluate(driver, f"axe.run(document, {json.dumps(asked)}).then(said => JSON.stringify(said.violations))")
    )
    return [
        f"{one['id']} ({one['impact']}): {' '.join(map(str, node['target']))} {_why(node)}"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    return str((node["any"] or node["all"] or node["none"] or [{"message": ""}])[0]["message"])


def _evaluate(driver: Chrome, script: str) -> Any:
    said = driver.execute_cdp_cmd(
        "Runtime.evaluate", {"expression": script, "awaitPromise": True, "returnByValue": True}
    )
    if "exceptionDetails" in said:
        raise AssertionError(said["exceptionDetails"]["exception"].get("description"))
    return said["result"].get("value", "")
