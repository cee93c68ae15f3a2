"""The backend: a REST API over PostgreSQL, with Redis as a cache that never answers with stale data.

Layers, each knowing only what is below it: the HTTP edge (``main``, ``views``, ``middlewares``, ``problems``,
``openapi``), the cache service (``service``, ``priming``), the ports that it is written against (``ports``), and the
adapters behind them (``postgres``, ``redis_cache``, ``clock``). ``main`` and ``prime`` put the pieces together.
"""
