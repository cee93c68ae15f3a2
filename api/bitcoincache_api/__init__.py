"""What operator and backend agree on: the resource, the names of its children, and the contract between them.

Belongs here: models, names and constants that two packages need. Does not belong here: I/O of any kind, or anything
that only one of them needs. Imports pydantic and nothing else.
"""
