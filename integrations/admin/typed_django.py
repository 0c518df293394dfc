"""Django's generic classes under names that both the type checker and the interpreter take."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm

if TYPE_CHECKING:
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
    AnyModelForm = forms.ModelForm[Any]
    AnyInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
    AnyUserAdmin = UserAdmin[Any]
    AnyGroupAdmin = GroupAdmin
    AnyMultipleChoice = forms.ModelMultipleChoiceField[Any]
    AnyUserForm = UserChangeForm[Any]
    AnyPasswordForm = AdminPasswordChangeForm[Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyTabularInline = admin.TabularInline
    AnyModelForm = forms.ModelForm
    AnyInlineFormSet = forms.BaseInlineFormSet
    AnyUserAdmin = UserAdmin
    AnyGroupAdmin = GroupAdmin
    AnyMultipleChoice = forms.ModelMultipleChoiceField
    AnyUserForm = UserChangeForm
    AnyPasswordForm = AdminPasswordChangeForm
