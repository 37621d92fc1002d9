"""A small deployment on loopback that answers as Coder does: for demo and tests.

::

    with Deployment(Settings(licensed=False)) as deployment:
        token = deployment.tokens.issue("laptop")
        ...  # anything that talks HTTP to deployment.url
        print(deployment.requests[-1].status)

It listens on 127.0.0.1 only, keeps everything in memory and asks no other machine: the
"upstream provider" behind its gateway is made up here as well.
"""

from __future__ import annotations

from aibridge_cli.loopback.deployment import Deployment
from aibridge_cli.loopback.recording import RecordedRequest
from aibridge_cli.loopback.settings import Fault, Settings
from aibridge_cli.loopback.tokens import Token, Tokens

__all__ = ["Deployment", "Fault", "RecordedRequest", "Settings", "Token", "Tokens"]
