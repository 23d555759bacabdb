"""A broker database of its own for every parallel pytest worker, as pytest-django gives each its own test database.

Loaded with `-p tests.workers`, because it has to act before the settings are read.
"""

import os
from urllib.parse import urlsplit


def url_of_worker(url: str, worker: str) -> str:
    """The address with the database number moved on by the number of the worker ("gw0", "gw1", ...)."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + int(worker.removeprefix("gw"))
    return parts._replace(path=f"/{number}").geturl()


if "PYTEST_XDIST_WORKER" in os.environ and "REDIS_URL" in os.environ:
    os.environ["REDIS_URL"] = url_of_worker(os.environ["REDIS_URL"], os.environ["PYTEST_XDIST_WORKER"])
