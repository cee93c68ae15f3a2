"""The Kubernetes API: the only package that imports ``kubernetes``.

Belongs here: requests and their errors. Does not belong here: what a request is for.
"""
