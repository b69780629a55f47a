"""What is done anew for each test, or each AppTest, and once is enough.

Streamlit looks for components through every package that is installed, which takes longer than a
run of the page. And before it learnt to bring them along, an AppTest knew only the components that
were registered while it ran, but ours are registered when `convviz.ui` is imported.

Python's collector walks over all modules and all tests again and again: it waits until they are
there, and then leaves them out.
"""

import gc
from collections.abc import Iterator
from functools import cache

import pytest
from streamlit.components import v2
from streamlit.components.v2 import component_manager, manifest_scanner

if hasattr(manifest_scanner, "scan_component_manifests"):
    manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
if not hasattr(v2, "_ensure_component_on_active_runtime"):
    component_manager.BidiComponentManager = cache(component_manager.BidiComponentManager)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
