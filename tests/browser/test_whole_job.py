"""The whole job in a real browser: a file comes in, it is filtered, sent, what failed is mended, what is in doubt decided.

Anything that the console, the page's policy or the network complains of fails, whatever the page.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from integrations import engine
from integrations.choices import Status
from integrations.files.intake import take_in
from integrations.files.opening import open_file
from integrations.models import Connection, SyncStanding
from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from ledger.models import Movement
from tests import builders
from tests.browser.chromium import complaints, watch_requests
from tests.browser.walking import press, seen, typed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
