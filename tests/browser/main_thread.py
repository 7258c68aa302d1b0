"""What the main thread of a page works, task by task, as Chromium itself records it.

CPU time of the thread, not time on the wall: a busy machine makes a task wait, it does not make it work more.
"""

from collections import defaultdict
from types import TracebackType
from typing import Any, Self

from playwright.sync_api import Page

TASK = "ThreadControllerImpl::RunTask"


class MainThread:
    """`with MainThread(page) as work: ...`; afterwards `work.longest_ms` and `work.total_ms` of the page's thread."""

    def __init__(self, page: Page) -> None:
        browser = page.context.browser
        assert browser is not None
        self._page, self._chrome = page, browser.new_browser_cdp_session()
        self._events: list[dict[str, Any]] = []
        self._is_over = False
        self.longest_ms = self.total_ms = 0.0

    def __enter__(self) -> Self:
        self._chrome.on("Tracing.dataCollected", lambda part: self._events.extend(part["value"]))
        self._chrome.on("Tracing.tracingComplete", lambda _: self._finish())
        self._chrome.send("Tracing.start", {"categories": "toplevel", "transferMode": "ReportEvents"})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._chrome.send("Tracing.end")
        while not self._is_over:
            self._page.wait_for_timeout(100)
        self._chrome.detach()

    def _finish(self) -> None:
        mains = {
            (e["pid"], e["tid"])
            for e in self._events
            if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
        }
        spent: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
        for event in self._events:
            thread = event["pid"], event["tid"]
            if event["name"] == TASK and thread in mains:
                spent[thread].append(event.get("tdur", 0) / 1000)
        tasks = max(spent.values(), key=sum, default=[0.0])
        self.longest_ms, self.total_ms = max(tasks), sum(tasks)
        self._is_over = True
