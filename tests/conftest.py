"""One manager of components for all tests, where Streamlit makes a new one for each AppTest.

The components are registered when `convviz.ui` is imported, and before Streamlit learnt to bring
them along an AppTest knew only those registered while it ran.
"""

from functools import cache

from streamlit.components import v2
from streamlit.components.v2 import component_manager

if not hasattr(v2, "_ensure_component_on_active_runtime"):
    component_manager.BidiComponentManager = cache(component_manager.BidiComponentManager)
