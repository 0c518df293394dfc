from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from config.health import health, queue_health
from integrations.admin.site import site

# Here and not at the start of every process: commands and the queue have no pages.
admin.autodiscover()

urlpatterns = [
    path("salud", health, name="health"),
    path("salud/cola", queue_health, name="queue_health"),
    path("admin/", site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
