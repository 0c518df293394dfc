"""The whole job in a real browser: a file comes in, is filtered, sent, mended where it failed, decided where in doubt.

Anything that the console, the page's policy or the network complains of fails, whatever the page.
"""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
