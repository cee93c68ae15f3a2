"""What clients send to the backend, well-formed and not."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from hypothesis import strategies as st

COIN = b"/api/v1/bitcoins/BTC"
LIST = b"/api/v1/bitcoins"


def get(path: bytes = COIN, *fields: bytes, host: bytes = b"Host: test") -> bytes:
    return b"\r\n".join((b"GET " + path + b" HTTP/1.1", host, *fields, b"", b""))


_METHODS = st.sampled_from([b"GET"] * 6 + [b"HEAD", b"OPTIONS", b"get", b"G\x00T"])
_PATHS = st.sampled_from(
    [
        *(COIN, COIN, LIST, b"/api/v1/bitcoins/ETH", b"/api/v1/bitcoins/eth", b"/api/v1/bitcoins/%45TH"),
        *(COIN + b"?x=1", LIST + b"?limit=2", LIST + b"/", b"*", b"/", b"http://test" + COIN),
    ]
)
_SPACES = st.sampled_from([b" "] * 8 + [b"", b"  ", b"\t"])
_FIELDS = st.sampled_from(
    [
        *(b"Accept: */*", b"User-Agent: x", b"X-Request-Id: mine", b"X-Request-Id: ?", b"Cookie: a=b", b"X-Any: thing"),
        *(b"Connection: close", b"Connection: keep-alive", b"Expect: 100-continue", b"If-None-Match: *"),
        *(b"Content-Length: 3", b"Content-Length: 0", b"Accept-Encoding: gzip", b"Range: bytes=0-1"),
        *(b"Accept: \xe9", b" folded", b"nothing", b": empty"),
    ]
)
_CASES: st.SearchStrategy[Callable[[bytes], bytes]] = st.sampled_from([bytes, bytes, bytes.lower, bytes.upper])


@st.composite
def _requests(draw: st.DrawFn) -> bytes:
    version = draw(st.sampled_from([b"HTTP/1.1"] * 8 + [b"HTTP/1.0", b"HTTP/1.2", b"HTTX/1.1", b""]))
    line = draw(_METHODS) + draw(_SPACES) + draw(_PATHS) + draw(_SPACES) + version
    fields = [draw(_CASES)(field) for field in draw(st.lists(_FIELDS, max_size=3))]
    hosts = draw(st.sampled_from([[b"Host: test"]] * 6 + [[], [b"Host: a b"], [b"Host: test", b"Host: test"]]))
    end = draw(st.sampled_from([b"\r\n"] * 9 + [b"\n"]))
    body = b"abc" if any(field.lower() == b"content-length: 3" for field in fields) else b""
    return end.join([line, *hosts, *fields, b"", b""]) + body


@st.composite
def conversations(draw: st.DrawFn) -> list[bytes]:
    """What a client sends, in pieces: requests, most of them right, and most pieces whole requests."""
    stream = b"".join(draw(st.lists(st.one_of(st.just(get()), _requests()), min_size=1, max_size=4)))
    if draw(st.booleans()):
        place = draw(st.integers(0, len(stream) - 1))
        stream = stream[:place] + draw(st.binary(max_size=2)) + stream[place + draw(st.integers(0, 2)) :]
    ends = [match.end() for match in re.finditer(rb"\r\n\r\n", stream)]
    anywhere = st.integers(1, max(len(stream), 1))
    cuts = draw(st.one_of(st.just(ends), st.lists(st.one_of(st.sampled_from(ends or [1]), anywhere), max_size=4)))
    places = [0, *sorted(set(cuts)), len(stream)]
    return [stream[start:end] for start, end in pairwise(places) if start < end]
