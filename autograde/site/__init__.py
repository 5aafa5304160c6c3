"""The course as a static site: pages to read, and JupyterLite with the lessons; no server.

reading.py   executed lessons, docs and known mistakes as pages; sphinx_conf.py, pages.css: how Sphinx makes them
pyodide.py   the browser's Python, wheels of what is installed here, and the lock file that names every package
build.py     the steps, one after another, into a folder that appears whole
first_page.html.j2   what a visitor of the lessons that run in a browser sees first
"""
