"""*Importaciones anteriores* and *Importar archivo*. Every import has one URL, whose page depends on its state."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from integrations.admin import import_pages, import_review, import_undo, kept_forms
from integrations.admin.asked_ids import by_id, by_id_or_404
from integrations.admin.badges import moment, pill
from integrations.admin.permissions import may_import
from integrations.admin.site import OwnPage, site
from integrations.admin.staff_admin import ReadOnlyAdmin
from integrations.choices import Kind, Target
from integrations.files.errors import FileError
from integrations.files.importing import column_answers, confirmation, rejects, survey_step, uploads
from integrations.models import Company, ImportFile

_State = ImportFile.State
_LOOKS: dict[str, tuple[str, str]] = {
    _State.LOOKING: ("queued", "◷"),
    _State.ASKING: ("changed", "?"),
    _State.STAGING: ("queued", "◷"),
    _State.REVIEW: ("changed", "○"),
    _State.RUNNING: ("queued", "◷"),
    _State.DONE: ("synced", "✓"),
    _State.UNDOING: ("queued", "◷"),
    _State.UNDONE: ("excluded", "–"),
    _State.REFUSED: ("rejected", "✕"),
    _State.CANCELLED: ("excluded", "–"),
    _State.FAILED: ("rejected", "✕"),
}


def state_badge(file: ImportFile) -> SafeString:
    """The pill of an import's state."""
    return pill(*_LOOKS[file.state], file.get_state_display())


@admin.register(ImportFile, site=site)
class ImportFileAdmin(ReadOnlyAdmin):
    """The imports with their counts; the page of one is its present step."""

    menu_group, menu_order = "Archivos", 40
    add_label = "Importar archivo"
    own_pages = (OwnPage("Archivos", 5, "Importar archivo", "integrations_importfile_add", "", may_import),)
    list_display = ("__str__", "kind_cell", "state_cell", "row_count", "counts_cell", "at", "requested_by")
    list_filter = ("state", "kind")
    list_select_related = ("requested_by",)
    search_fields = ("name",)
    search_help_text = "Busque por el nombre del archivo"
    empty_text = "Todavía no se ha importado ningún archivo."

    @admin.display(description="Tipo", ordering="kind")
    def kind_cell(self, file: ImportFile) -> str:
        return file.get_kind_display() or "–"

    @admin.display(description="Estado", ordering="state")
    def state_cell(self, file: ImportFile) -> SafeString:
        return state_badge(file)

    @admin.display(description="Nuevos / Actualizados / Con error")
    def counts_cell(self, file: ImportFile) -> SafeString:
        return format_html('<span class="cuentas">{} / {} / {}</span>', file.new, file.changed, file.wrong)

    @admin.display(description="Fecha", ordering="created_at")
    def at(self, file: ImportFile) -> str:
        return moment(file.created_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("plan", "shown")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_import(request) or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_import(request) or super().has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_import(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/columnas/", view(require_POST(self.answer)), name="import_answer"),
            path("<int:pk>/avance/", view(require_GET(self.progress)), name="import_progress"),
            path("<int:pk>/decidir/", view(require_POST(self.decide)), name="import_decide"),
            path("<int:pk>/revision.<str:ending>", view(require_GET(self.export)), name="import_export"),
            path("<int:pk>/deshacer/", view(self.undo), name="import_undo"),
            path("<int:pk>/enviar/<str:target>/", view(require_POST(self.send)), name="import_send"),
            path("<int:pk>/rechazadas/", view(require_GET(self.rejected)), name="import_rejected"),
            path("<int:pk>/<str:verb>/hacer/", view(require_POST(self.command)), name="import_command"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """*Importar archivo*: the first step. Raises: PermissionDenied."""
        if not may_import(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._upload(request)
        return import_pages.upload(request)

    def _upload(self, request: HttpRequest) -> HttpResponse:
        upload, kind = request.FILES.get("file"), request.POST.get("kind", "")
        company = _company_of(request)
        if kind and (kind not in Kind.values or not import_pages.may_write(request, kind)):
            return import_pages.upload(request, _NOT_ALLOWED)
        if company is None:
            return import_pages.upload(request, _WHICH_COMPANY if Company.objects.exists() else _NO_COMPANY)
        if upload is None:
            return import_pages.upload(request, "Elija un archivo.")
        user: Any = request.user
        try:
            file = uploads.store_upload(str(upload.name), upload.chunks(), company=company, user=user, kind=kind)
        except FileError as refused:
            return import_pages.upload(request, str(refused))
        survey_step.begin(file)
        return _to(file.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return import_pages.step(request, _file(object_id), state_badge, may_import=may_import(request))

    @kept_forms.fills_in_again
    def answer(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form of the second step: formats and columns. Without `mirar`, the file is read with them."""
        file = _importable_file(request, pk)
        if file.state != _State.ASKING:
            return _to(pk)
        if kept_forms.is_given_back(request):
            survey_step.keep_form(file, request.POST.dict())
            messages.warning(request, kept_forms.GIVEN_BACK)
            return _to(pk)
        try:
            answers = column_answers.parse_answers(file, request.POST)
            if answers:
                survey_step.answer(file, answers)
        except (FileError, ValueError) as wrong:
            survey_step.keep_form(file, request.POST.dict())
            messages.error(request, str(wrong))
            return _to(pk)
        if not import_pages.may_write(request, file.kind):
            messages.error(request, _NOT_ALLOWED)
        elif not {"mirar", "usar"} & request.POST.keys():
            survey_step.accept(file, user=request.user)
        return _to(pk)

    def decide(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save what was decided about documents that may be here already."""
        file = _importable_file(request, pk)
        try:
            messages.success(request, import_review.save_answers(file, request.POST))
        except FileError as wrong:
            messages.error(request, str(wrong))
        return redirect(f"{_address(pk)}?ver=por-decidir")

    def export(self, request: HttpRequest, pk: int, ending: str) -> Any:
        """The documents of the review as a table. Raises: Http404, PermissionDenied."""
        return import_review.export(request, _importable_file(request, pk), ending)

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """*Deshacer importación*. Raises: Http404, PermissionDenied."""
        return import_undo.page(request, _importable_file(request, pk))

    def send(self, request: HttpRequest, pk: int, target: str) -> HttpResponse:
        """*Enviar los listos* of a finished import. Raises: Http404, PermissionDenied."""
        if target not in Target:
            raise Http404
        return import_undo.send_ready(request, _importable_file(request, pk), target)

    def command(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """*Importar*, *Volver a las columnas*, *Reintentar* and *Cancelar*. Raises: Http404, PermissionDenied."""
        file = _importable_file(request, pk)
        if verb == "cancelar":
            messages.success(request, _CANCELLED if confirmation.cancel(pk) else "Ya no se puede cancelar.")
        elif verb == "reintentar":
            is_queued = confirmation.try_again(pk)
            messages.success(request, "Se intenta de nuevo." if is_queued else "No había nada que reintentar.")
        elif verb == "columnas":
            if not survey_step.ask_again(pk):
                messages.warning(request, "Ya no se puede volver a las columnas de este archivo.")
        elif verb != "importar":
            raise Http404
        elif not import_pages.may_write(request, file.kind):
            raise PermissionDenied
        else:
            confirmation.confirm(pk, over_sent="over_sent" in request.POST)
        return _to(pk)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The progress as JSON, which the page polls."""
        if not self.has_view_permission(request):
            return JsonResponse({"error": "Su sesión terminó. Entre de nuevo."}, status=403)
        return JsonResponse(import_pages.progress_of(_file(pk)))

    def rejected(self, request: HttpRequest, pk: int) -> Any:
        """Download the rows that were not imported, to correct and import again."""
        file = _importable_file(request, pk)
        file_format = rejects.rejects_format(file)
        name = f"por-corregir-{file.pk}.{file_format.ending}"
        try:
            content = rejects.rejects_of(file)
        except FileError as refused:
            messages.error(request, str(refused))
            return _to(pk)
        return FileResponse(content, as_attachment=True, filename=name, content_type=file_format.content_type)


_CANCELLED = "Se canceló: no se importa nada más."
_NO_COMPANY = "Falta registrar la empresa en Configuración › Empresas."
_WHICH_COMPANY = "Elija de qué empresa es el archivo."
_NOT_ALLOWED = "No tiene permiso para importar ese tipo. Pídalo al administrador."


def _company_of(request: HttpRequest) -> Company | None:
    """The company that was chosen, or the only one there is."""
    companies = list(Company.objects.all()[:2])
    return by_id(Company.objects.all(), request.POST.get("company")) or (companies[0] if len(companies) == 1 else None)


def _file(pk: str | int) -> ImportFile:
    return by_id_or_404(ImportFile.objects.select_related("company", "requested_by"), pk)


def _importable_file(request: HttpRequest, pk: int) -> ImportFile:
    """Raises: PermissionDenied for who may not import, Http404."""
    if not may_import(request):
        raise PermissionDenied
    return _file(pk)


def _to(pk: int) -> HttpResponse:
    return redirect(_address(pk))


def _address(pk: int) -> str:
    return reverse("admin:integrations_importfile_change", args=[pk])
