"""Listens where RedisInsight would, answers its health check, and says on a page what it is.

Environment, as RedisInsight reads it: RI_APP_PORT, RI_REDIS_HOST, RI_REDIS_PORT, RI_REDIS_ALIAS.
"""

import html
import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stand-in for RedisInsight</title>
<style>body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem }}</style>
<h1>This is not RedisInsight</h1>
<p>It is a stand-in, because the real image, <code>redis/redisinsight</code>, could not be pulled: no container registry
answered when this cluster was made. Where one answers, RedisInsight itself is here.</p>
<p>It was set up for {redis}.</p>
<p><code>redis-cli</code> in the Redis pod shows what the cache holds, too:
<code>kubectl exec deploy/NAME-redis -- redis-cli --scan</code></p>
</html>
"""


def page(environment: dict[str, str]) -> str:
    """The one page, as HTML."""
    host = environment.get("RI_REDIS_HOST")
    if host is None:
        return PAGE.format(redis="no Redis: RI_REDIS_HOST is not set")
    address = html.escape(f"{host}:{environment.get('RI_REDIS_PORT', '6379')}")
    alias = html.escape(environment.get("RI_REDIS_ALIAS", host))
    return PAGE.format(redis=f"the Redis <b>{alias}</b> at <code>{address}</code>")


class Handler(BaseHTTPRequestHandler):
    """GET /api/health/ is RedisInsight's health check; the page answers everything else."""

    def do_GET(self) -> None:
        if self.path.startswith("/api/health"):
            self.answer("application/json", json.dumps({"status": "up", "standIn": True}))
        else:
            self.answer("text/html; charset=utf-8", page(dict(os.environ)))

    def answer(self, content_type: str, body: str) -> None:
        content = body.encode()
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Probes come every few seconds: they aren't worth a line each."""


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = int(os.environ.get("RI_APP_PORT", "5540"))
    print(f"stand-in for RedisInsight, on port {port}")
    ThreadingHTTPServer(("", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
