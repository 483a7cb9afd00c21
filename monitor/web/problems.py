"""What went wrong, in one sentence, Chinese and English, never a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from monitor.errors import ActRefused, NotFound, StoreUnavailable
from monitor.web.pages import says

_PLAIN = {
    404: "没有这个地址。 / There is nothing at this address.",
    405: "这个地址不能这样用。 / This address is not used like that.",
}
_FOR_PROGRAMS = ("/api/", "/hooks/", "/healthz", "/readyz", "/metrics")


def catch(app: FastAPI) -> None:
    """Every error that a caller can cause has its answer here."""
    app.add_exception_handler(ActRefused, _refused)
    app.add_exception_handler(StoreUnavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _defect)


async def _refused(request: Request, fault: Exception) -> Response:
    if isinstance(fault, NotFound):
        return _answer(request, 404, f"{fault} / There is no such thing.")
    return _answer(request, 409, f"{fault} / That cannot be done now.")


async def _unavailable(request: Request, fault: Exception) -> Response:
    said = (
        "没有登记上：数据文件暂时写不进去，请再试一次。 / Not kept: the store is busy, try again."
    )
    return _answer(request, 503, said)


async def _invalid(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, RequestValidationError | ValidationError)
    return _answer(request, 422, f"填写有误（{_first(fault.errors())}）。 / Not valid.")


def _first(faults: Sequence[Any]) -> str:
    """The first fault as "field: what", without what was typed."""
    where = [str(part) for part in faults[0]["loc"] if part not in ("body", "query", "path")]
    return f"{'.'.join(where)}: {faults[0]['msg']}"


async def _http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException)
    said = fault.detail if " / " in fault.detail else _PLAIN.get(fault.status_code, fault.detail)
    return _answer(request, fault.status_code, said, fault.headers)


async def _defect(request: Request, fault: Exception) -> Response:
    return _answer(request, 500, "服务内部出错，已记入日志。 / A defect; see the service's log.")


def _answer(request: Request, status: int, said: str, headers: Any = None) -> Response:
    if request.url.path.startswith(_FOR_PROGRAMS):
        return JSONResponse({"detail": said}, status, headers)
    return says(request, said, status)
