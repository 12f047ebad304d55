"""How the site is built: ``make docs``, or ``sphinx-build -W --keep-going docs build/docs``.

Nothing is fetched, neither while building nor by a reader's browser: no intersphinx, no fonts or
scripts of other hosts. Notebooks are run on every build, and one that fails fails the build.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

import rmatch
from annotations import load_types

load_types("rmatch.api", "rmatch.matching")

project = "rmatch"
author = "The rmatch developers"
copyright = author  # noqa: A001 - Sphinx reads this name
version = release = rmatch.__version__
language = "en_GB"
smartquotes = False  # they make a dash of the two before an option

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    # Of docs/_ext.
    "docstrings",
    "records",
    "commands",
    "metrics",
    "schemas",
]
exclude_patterns = ["_ext", "_static", "**/.ipynb_checkpoints"]

# ------------------------------------------------------------------------------------------- pages

myst_heading_anchors = 4
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "fieldlist"]

nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

# Neither prompts nor output lines are copied.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# --------------------------------------------------------------------------------------- reference

# Docstrings put code into double marks; a single mark is a slip that reads the same.
default_role = "code"

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_display_short_literal_types = True
maximum_signature_line_length = 80
napoleon_numpy_docstring = False
napoleon_use_ivar = True

nitpicky = True
# Types of the standard library and of other packages have no page here.
nitpick_ignore_regex = [
    ("py:.*", r"(?!rmatch\b)\w+\..*"),
    ("py:.*", r"'[\w ]+'"),  # a literal in a type
    ("py:.*", r"\w+Array|u?int\d+|float64|bool|PairIds"),  # arrays of numpy; two people's ids
]

# -------------------------------------------------------------------------------------------- look

html_theme = "furo"
html_title = "rmatch"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
