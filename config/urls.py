from django.urls import path
from django.views.generic import RedirectView

from config.health import health
from integrations.admin.site import site

urlpatterns = [
    path("salud", health, name="health"),
    path("admin/", site.urls),
    path("", RedirectView.as_view(pattern_name="admin:index")),
]
