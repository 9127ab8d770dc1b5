"""The forms of logging in and of choosing a password; they check shape, the operations do the rest."""

import re
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guanshu.portal.domain.passwordrules import MAX_LENGTH
from guanshu.portal.domain.resetting import check_password_shape
from guanshu.portal.models import Account


def _secret(label: str, missing: str) -> forms.CharField:
    """Return a password field; spaces around a password are part of it."""
    return forms.CharField(
        label=label,
        max_length=MAX_LENGTH,
        strip=False,
        error_messages={"required": missing},
        widget=forms.PasswordInput,
    )


class LoginForm(forms.Form):
    """Account and password."""

    username = forms.CharField(label="账号", max_length=40, error_messages={"required": "请填写账号。"})
    password = _secret("密码", "请填写密码。")


class CodeForm(forms.Form):
    """The six digits of an authenticator, or a recovery code."""

    code = forms.CharField(
        label="验证码", max_length=40, error_messages={"required": "请输入 6 位动态验证码，或一个恢复码。"}
    )


class PasswordForm(forms.Form):
    """The old password, and the new one twice."""

    old = _secret("原密码", "请填写原密码。")
    new = _secret("新密码", "请填写新密码。")
    again = _secret("再次输入新密码", "请再次填写新密码。")

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_old(self) -> str:
        """Refuse a wrong old password: an unattended screen must not be enough."""
        old: str = self.cleaned_data["old"]
        if not self.account.check_password(old):
            raise ValidationError("原密码不正确。")
        return old

    def clean_new(self) -> str:
        """Apply the rules for passwords."""
        new: str = self.cleaned_data["new"]
        if new == self.data.get("old"):
            raise ValidationError("新密码不能与原密码相同。")
        validate_password(new, self.account)
        return new

    def clean_again(self) -> str:
        """Refuse two different new passwords."""
        again: str = self.cleaned_data["again"]
        if again != self.data.get("new"):
            raise ValidationError("两次输入的新密码不一致。")
        return again


class AskForm(forms.Form):
    """Which account a code is asked for."""

    username = forms.CharField(label="账号", max_length=40, error_messages={"required": "请填写账号，再获取验证码。"})


class ResetForm(forms.Form):
    """Account, code, and the new password twice. Nothing here asks whether there is such an account."""

    username = forms.CharField(label="账号", max_length=40, error_messages={"required": "请填写账号。"})
    code = forms.CharField(label="验证码", max_length=20, error_messages={"required": "请填写短信中的 6 位验证码。"})
    new = _secret("新密码", "请填写新密码。")
    again = _secret("再次输入新密码", "请再次填写新密码。")

    def clean_code(self) -> str:
        """Return the six digits, also when they were typed with spaces or in full width."""
        code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", self.cleaned_data["code"]))
        if not re.fullmatch(r"[0-9]{6}", code):
            raise ValidationError("验证码是 6 位数字，请核对短信后再输入。")
        return code

    def clean_new(self) -> str:
        """Apply the rules that hold for every account; those of its role come after the code."""
        new: str = self.cleaned_data["new"]
        check_password_shape(self.cleaned_data.get("username", ""), new)
        return new

    def clean_again(self) -> str:
        """Refuse two different new passwords."""
        again: str = self.cleaned_data["again"]
        if again != self.data.get("new"):
            raise ValidationError("两次输入的新密码不一致。")
        return again
