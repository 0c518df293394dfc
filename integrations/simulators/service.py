"""What the server asks of a stand-in, whichever ERP it stands for."""

from collections.abc import Mapping
from typing import Any, Protocol

from integrations.simulators.fault_injection import Fault
from integrations.simulators.treatment import UNTREATED, Treatment
from integrations.simulators.wire import Reply, Request


class Service(Protocol):
    """One ERP behind the socket."""

    target: str
    path: str

    def operation(self, request: Request) -> str:
        """What is asked, in a word: faults and journal go by it."""

    def answer(self, request: Request, treatment: Treatment = UNTREATED) -> Reply:
        """Do what is asked, as `treatment` changes it, and answer."""

    def odd_answer(self, name: str, request: Request, fault: Fault) -> Reply:
        """`server_error`, `empty_result`, `soap_fault`, `unauthorized`, `object_reference`, or one of the
        success texts and messages of `fault_injection`. Nothing is stored or read.
        """

    def masked(self, body: str) -> str:
        """`body` without its secrets."""

    def documents(self) -> object:
        """Everything stored, as JSON can carry it."""

    def reset(self) -> None:
        """Forget everything stored."""

    def act(self, name: str, options: Mapping[str, Any]) -> object:
        """What people do at the ERP itself, by name; what came of it. Raises ValueError, TypeError."""
