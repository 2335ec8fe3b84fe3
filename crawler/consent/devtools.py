"""What only the DevTools protocol can do in a page: look once without leaving anything, and reach closed shadow roots.

Quirk: Playwright's own way to evaluate first brings a script of its own into each document, and passes every value
through a copy; for one question a page that is most of what it costs.
"""

from collections.abc import Mapping
from typing import Any

from playwright.async_api import CDPSession, Error, Page

_GROUP = "microfiche-consent"  # of the objects that the browser holds for us
_TELLS = "(channel, root) => window.dispatchEvent(new CustomEvent(channel, { detail: { opened: [root] } }))"


async def session_of(page: Page) -> CDPSession:
    """Opens a session that tells what the page's frames do."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.enable")
    return session


class Devtools:
    """Asks the main frame's document, whichever that is; raises Playwright's Error when it goes away meanwhile."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session

    async def value(self, expression: str) -> Any:
        """Returns what an expression says."""
        return (await self._evaluated(expression, returnByValue=True)).get("value")

    async def open_roots(self, expression: str, *, channel: str) -> int:
        """Has our guard know the closed shadow roots of the elements that an expression gives; returns how many."""
        return await self._open_roots(expression, channel=channel, where={})

    async def open_roots_in_frames(self, expression: str, *, channel: str) -> int:
        """Does the same in all documents of the page."""
        wheres = [{"uniqueContextId": one} for one in await self._worlds()]
        return sum([await self._open_roots(expression, channel=channel, where=where) for where in wheres])

    async def _worlds(self) -> list[str]:
        """Returns the scripts' own world of each document: they are told once to whoever begins to listen."""
        found: list[str] = []

        def note(event: Mapping[str, Any]) -> None:
            if event["context"].get("auxData", {}).get("isDefault"):
                found.append(event["context"]["uniqueId"])

        self._session.on("Runtime.executionContextCreated", note)
        try:
            await self._session.send("Runtime.enable")
            await self._session.send("Runtime.disable")
        finally:
            self._session.remove_listener("Runtime.executionContextCreated", note)
        return found

    async def _open_roots(self, expression: str, *, channel: str, where: Mapping[str, str]) -> int:
        opened = 0
        try:
            for element in await self._objects(expression, where=where):
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

    async def _objects(self, expression: str, *, where: Mapping[str, str]) -> list[str]:
        listed = await self._evaluated(expression, **where)
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
