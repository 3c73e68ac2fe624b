"""Runs notebooks in real Jupyter and prints what each code cell printed, as JSON: execute.py NOTEBOOK..."""
import html
import json
import os
import re
import sys
import time

import nbformat
from nbclient import NotebookClient


class Client(NotebookClient):
    async def async_execute_cell(self, cell, *args, **kwargs):
        done = await super().async_execute_cell(cell, *args, **kwargs)
        # tslab aborts cells that arrive within 200 ms after an error.
        if any(output.get("name") == "stderr" for output in cell.get("outputs", [])):
            time.sleep(0.4)
        return done


def text_of(output):
    """What an output says: its text, or the text that a picture carries for those who cannot see it."""
    if output["output_type"] == "stream":
        return output["text"]
    svg = output.get("data", {}).get("image/svg+xml", "")
    found = re.search(r"<desc>(.*?)</desc>", svg, re.S)
    return html.unescape(found.group(1)) + "\n" if found else ""


def printed(cell):
    outputs = cell.get("outputs", [])
    return {
        "id": cell["id"],
        "text": "".join(text_of(output) for output in outputs),
        "others": sorted({kind for output in outputs if "data" in output for kind in output["data"]}),
        "errors": [output["ename"] for output in outputs if output["output_type"] == "error"],
    }


for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    Client(notebook, timeout=120, kernel_name="tslab", allow_errors=True, resources={"metadata": {"path": os.path.dirname(path)}}).execute()
    print(json.dumps([printed(cell) for cell in notebook.cells if cell.cell_type == "code"]))
