"""Adds the coins of a CSV file through the API: load_coins.py URL FILE. Coins that exist keep their price."""

import csv
import json
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from pathlib import Path

AT_ONCE = 4
ATTEMPTS = 10


def add(url: str, coin: dict[str, str]) -> str:
    """Adds one coin and answers "added" or "kept".

    A refusal that asks to come back (503) and a lost connection are tried again; a coin that was added
    although its answer was lost counts as kept.

    Raises:
        OSError: the API can't be reached, or refuses for good.
    """
    body = json.dumps({"symbol": coin["symbol"], "price": int(coin["price"])}).encode()
    request = urllib.request.Request(f"{url}/api/v1/bitcoins", body, {"Content-Type": "application/json"})
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=10):
                return "added"
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.CONFLICT:
                return "kept"
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE or attempt == ATTEMPTS:
                raise
            pause = float(error.headers.get("Retry-After", "1"))
        except OSError:
            if attempt == ATTEMPTS:
                raise
            pause = 1.0
        time.sleep(pause)
    raise AssertionError("unreachable: the last attempt returns or raises")


def main(url: str, path: str) -> None:
    """Adds all coins, a few at a time, and says how many were new. Exits where the API does not take them."""
    with Path(path).open(newline="", encoding="utf-8") as file:
        coins = list(csv.DictReader(file))
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcomes = Counter(pool.map(lambda coin: add(url, coin), coins))
    except OSError as error:
        sys.exit(f"error: {url} did not take the coins: {error}")
    print(f"{outcomes['added']} coins added, {outcomes['kept']} were there already")


if __name__ == "__main__":
    main(*sys.argv[1:])
