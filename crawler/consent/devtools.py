"""What only the DevTools protocol can do in a page: look once without leaving anything, and reach closed shadow roots.

Quirk: Playwright's own way to evaluate first brings a script of its own into each document, and passes every value
through a copy; for one question a page that is most of what it costs.
"""

from collections.abc import Mapping
from typing import Any, Self

from playwright.async_api import CDPSession, Error, Page

_GROUP = "microfiche-consent"  # of the objects that the browser holds for us
_TELLS = "(channel, root) => window.dispatchEvent(new CustomEvent(channel, { detail: { opened: [root] } }))"


class Devtools:
    """Asks the main frame's document, whichever that is; raises Playwright's Error when it goes away meanwhile."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    @classmethod
    async def of(cls, page: Page) -> Self:
        """Opens a session of its own."""
        return cls(await page.context.new_cdp_session(page))

    async def detach(self) -> None:
        """Ends the session."""
        await self._session.detach()

    async def value(self, expression: str) -> Any:
        """Returns what an expression says."""
        return (await self._evaluated(expression, returnByValue=True)).get("value")

    async def open_roots(self, expression: str, *, channel: str) -> int:
        """Has our guard know the closed shadow roots of the elements that an expression gives; returns how many."""
        opened = 0
        try:
            for element in await self._objects(expression):
                for root in await self._closed_roots(element):
                    await self._tell(root, channel=channel)
                    opened += 1
        finally:
            await self._session.send("Runtime.releaseObjectGroup", {"objectGroup": _GROUP})
        return opened

    async def _evaluated(self, expression: str, **how: Any) -> Mapping[str, Any]:
        answer = await self._session.send("Runtime.evaluate", {"expression": expression, "objectGroup": _GROUP, **how})
        if "exceptionDetails" in answer:
            raise Error(str(answer["exceptionDetails"].get("text", "a script failed")))
        return dict(answer["result"])

    async def _objects(self, expression: str) -> list[str]:
        listed = await self._evaluated(expression)
        told = {"objectId": listed["objectId"], "ownProperties": True}
        properties = (await self._session.send("Runtime.getProperties", told))["result"]
        return [one["value"]["objectId"] for one in properties if one["name"].isdigit()]

    async def _closed_roots(self, element: str) -> list[str]:
        node = (await self._session.send("DOM.describeNode", {"objectId": element}))["node"]
        numbers = [one["backendNodeId"] for one in node.get("shadowRoots", ()) if one["shadowRootType"] == "closed"]
        found = []
        for number in numbers:
            told = {"backendNodeId": number, "objectGroup": _GROUP}
            found.append((await self._session.send("DOM.resolveNode", told))["object"]["objectId"])
        return found

    async def _tell(self, root: str, *, channel: str) -> None:
        told = {
            "objectId": root,
            "functionDeclaration": f"function (channel) {{ ({_TELLS})(channel, this); }}",
            "arguments": [{"value": channel}],
        }
        await self._session.send("Runtime.callFunctionOn", told)
