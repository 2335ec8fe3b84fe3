"""What Chromium says of itself: the configured User-Agent, and client hints that are true.

Quirk: Playwright (1.65, `crPage.ts`) makes up hints for a `user_agent` of its contexts, with the platform "Windows"
wherever the User-Agent names none. So the program is started with ours (`--user-agent`), which goes for workers and
pop-ups as well, and Chromium fills in the rest truly. What a page is told beyond that is our name among the brands.
"""

import re
import sys
from typing import Any, Final

_PLATFORMS: Final = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}
_PRODUCT: Final = re.compile(r"([^\s/()]+)(?:/([\w.]+))?")


def flag(user_agent: str) -> str:
    """Returns the launch flag that sets the User-Agent everywhere."""
    return f"--user-agent={user_agent}"


def told(user_agent: str, *, version: str, language: str) -> dict[str, Any]:
    """Returns the parameters of `Emulation.setUserAgentOverride` for a Chromium of a version like 156.0.8078.79.

    Nothing is said of processor and version of the system: nobody needs them.
    """
    brands = [("Chromium", version)]
    if product := _PRODUCT.match(user_agent):
        brands.append((product[1], product[2] or "0"))
    return {
        "userAgent": user_agent,
        "acceptLanguage": language,
        "userAgentMetadata": {
            "brands": [{"brand": brand, "version": full.partition(".")[0]} for brand, full in brands],
            "fullVersionList": [{"brand": brand, "version": full} for brand, full in brands],
            "platform": _PLATFORMS.get(sys.platform, "Unknown"),
            "platformVersion": "",
            "architecture": "",
            "model": "",
            "mobile": False,
        },
    }
