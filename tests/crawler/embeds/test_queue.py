"""In which order embeds are fetched, and how many at once."""

from crawler.embeds.queue import AT_ONCE, AT_ONCE_A_HOST, MEDIA_AT_ONCE, MOST_WAITING, Queue


def taken(queue: Queue) -> list[str]:
    """Takes and gives back until nothing is left."""
    urls = []
    while one := queue.take():
        queue.done(*one)
        urls.append(one[0])
    return urls


def test_the_most_needed_come_first_and_hosts_take_turns() -> None:
    """Styles before scripts and fonts, images, media; what an earlier run left goes before all of its host."""
    queue = Queue()
    queue.put("http://a.example/v.mp4", "media")
    queue.put("http://a.example/i.png", "image")
    queue.put("http://a.example/s.css", "stylesheet")
    queue.put("http://a.example/late.png", "image", first=True)
    queue.put("http://b.example/f.woff", "font")
    queue.put("http://b.example/j.js", "script")
    assert taken(queue) == [
        "http://a.example/late.png",
        "http://b.example/f.woff",
        "http://a.example/s.css",
        "http://b.example/j.js",
        "http://a.example/i.png",
        "http://a.example/v.mp4",
    ]
    assert not queue


def test_a_host_gets_a_few_at_once_and_all_hosts_together_a_few_more() -> None:
    """Beyond that there is none to take until one is given back."""
    queue = Queue()
    for host in "abc":
        for number in range(10):
            queue.put(f"http://{host}.example/{number}", "image")
    at_once = [one[0] for one in iter(queue.take, None)]
    assert len(at_once) == AT_ONCE
    assert max(sum(url.startswith(f"http://{host}.") for url in at_once) for host in "abc") <= AT_ONCE_A_HOST
    queue.done(at_once[0], "image")
    assert queue.take() is not None
    assert queue.take() is None


def test_media_are_few_at_once_because_each_is_in_memory() -> None:
    """Images behind them on another host go on."""
    queue = Queue()
    for number in range(5):
        queue.put(f"http://a.example/{number}.mp4", "media")
    queue.put("http://b.example/i.png", "image")
    at_once = list(iter(queue.take, None))
    assert [kind for _, kind in at_once].count("media") == MEDIA_AT_ONCE
    assert ("http://b.example/i.png", "image") in at_once


def test_the_queue_is_full_at_last_and_can_be_cleared() -> None:
    """It says so, and gives back what it holds."""
    queue = Queue()
    for number in range(MOST_WAITING):
        queue.put(f"http://a.example/{number}", "image")
    assert queue.is_full
    assert len(queue.clear()) == MOST_WAITING
    assert (len(queue), queue.take()) == (0, None)
