"""`python -m ledger.demo`: what `manage.py demo` does, without reading the settings twice."""

import sys
from argparse import ArgumentParser

from ledger.demo.environment import begin

parser = ArgumentParser(prog="python -m ledger.demo")
parser.add_argument("--port", type=int, default=8000)
begin(parser.parse_known_args()[0].port, *sys.argv[1:])
