"""Companies, users and groups, for administrators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.forms import ReadOnlyPasswordHashWidget, UserCreationForm
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from integrations.admin.permissions_table import PermissionsField, with_hidden_permissions
from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin
from integrations.admin.typed_django import AnyGroupAdmin, AnyPasswordForm, AnyTabularInline, AnyUserAdmin, AnyUserForm
from integrations.erp.tax_ids import shown
from integrations.models import Company, SendingPolicy


class PolicyInline(AnyTabularInline):
    """Which kinds of document go to which ERP; without rows, everything goes to both."""

    model = SendingPolicy
    extra = 0
    fields = ("kind", "code", "goes_to")


@admin.register(Company, site=site)
class CompanyAdmin(StaffAdmin):
    """The companies whose books are kept here."""

    menu_group, menu_order, forbidden = "Configuración", 40, ("delete",)
    list_display = ("name", "tax_id_cell")
    search_fields = ("name", "tax_id")
    tax_id_columns = ("tax_id",)
    inlines = (PolicyInline,)
    empty_text = "Registre primero la empresa cuyos libros se llevan aquí."

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("tax_id",) if obj else ()

    @admin.display(description="NIT", ordering="tax_id")
    def tax_id_cell(self, company: Company) -> str:
        return shown(company.tax_id)


class HiddenPassword(ReadOnlyPasswordHashWidget):
    """Shows that there is a password and links to its change, without Django's details of the hash."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return {**context, "summary": [{"label": "Tiene contraseña; nadie puede verla", "value": ""}]}


class UserForm(AnyUserForm):
    """A user; of the password only that there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if password := self.fields.get("password"):
            password.widget, password.help_text = HiddenPassword(), ""


class PasswordForm(AnyPasswordForm):
    """A new password for another user, without Django's option of an account without password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)


class _PermissionsTableMixin:
    """A form whose permissions are a table; permissions that the table leaves out are kept as they were."""

    permissions_column = "permissions"
    filter_horizontal: Any = ()

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == self.permissions_column:
            return PermissionsField(required=False, label="Permisos")
        if db_field.name == "groups":
            kwargs |= {"widget": forms.CheckboxSelectMultiple(), "help_text": "Cada grupo da los suyos."}
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        if self.permissions_column in form.cleaned_data and form.instance.pk:
            previous = getattr(form.instance, self.permissions_column)
            chosen = form.cleaned_data[self.permissions_column]
            form.cleaned_data[self.permissions_column] = with_hidden_permissions(chosen, previous)
        super().save_related(request, form, formsets, change)  # type: ignore[misc]


@admin.register(User, site=site)
class StaffUserAdmin(_PermissionsTableMixin, StaffAdmin, AnyUserAdmin):
    """The users, with their groups and own permissions."""

    menu_group, menu_order = "Configuración", 60
    list_display = ("username", "first_name", "last_name", "in_groups", "may_enter", "may_all")
    readonly_fields = ("last_login", "date_joined")
    permissions_column = "user_permissions"
    change_user_password_template = "admin/person_password.html"  # noqa: S105 - a template
    form, add_form = UserForm, UserCreationForm
    list_filter = ("groups", "is_active")
    change_password_form = PasswordForm
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Datos personales", {"fields": (("first_name", "last_name"), "email")}),
        ("Qué puede hacer", {"fields": (("is_active", "is_staff", "is_superuser"), "groups")}),
        ("Permisos propios, además de los de sus grupos", {"fields": ("user_permissions",), "classes": ("collapse",)}),
        ("Fechas", {"fields": (("last_login", "date_joined"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Grupos")
    def in_groups(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "–"

    @admin.display(description="Puede entrar", ordering="is_active")
    def may_enter(self, user: User) -> str:
        return "✓ Sí" if user.is_active and user.is_staff else "✕ No"

    @admin.display(description="Administrador", ordering="is_superuser")
    def may_all(self, user: User) -> str:
        return "✓ Sí" if user.is_superuser else "–"


@admin.register(Group, site=site)
class StaffGroupAdmin(_PermissionsTableMixin, StaffAdmin, AnyGroupAdmin):
    """The groups, with their permissions."""

    menu_group, menu_order = "Configuración", 70
