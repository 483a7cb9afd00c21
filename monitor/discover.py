"""Finds one-file extensions: a file that binds the constant is the registration."""

from __future__ import annotations

import importlib
import pkgutil


class ExtensionsBroken(ImportError):
    """Extensions that cannot be used; one line for each, with its file."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def discover(package: str, constant: str) -> dict[str, object]:
    """Every module of `package` binds `constant`; the result is keyed by its `name`.

    Raises ExtensionsBroken, naming every file that cannot be imported, binds nothing, or takes a
    name twice: an extension that is silently absent would be a rule that never judges.
    """
    found: dict[str, object] = {}
    faults: list[str] = []
    parent = importlib.import_module(package)
    for module in sorted(pkgutil.iter_modules(parent.__path__), key=lambda m: m.name):
        file = f"{package.replace('.', '/')}/{module.name}.py"
        try:
            imported = importlib.import_module(f"{package}.{module.name}")
        except Exception as error:  # noqa: BLE001 - whatever a file raises stops the start, named
            faults.append(f"{file}:1: cannot be imported: {type(error).__name__}: {error}")
            continue
        extension = getattr(imported, constant, None)
        name = getattr(extension, "name", None)
        if extension is None:
            faults.append(f"{file}:1: no extension; bind {constant} = … in it")
        elif not isinstance(name, str) or not name:
            faults.append(f"{file}:1: its {constant} has no name; give it one")
        elif name in found:
            faults.append(f'{file}:1: the name "{name}" is taken by another file; choose another')
        else:
            found[name] = extension
    if faults:
        raise ExtensionsBroken(tuple(faults))
    return found
