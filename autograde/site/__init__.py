"""The course as a static site: JupyterLite with the lessons, nothing to install and no server.

pyodide.py   the browser's Python, wheels of what is installed here, and the lock file that names every package
build.py     the steps, one after another, into a folder that appears whole
first_page.html.j2   what a visitor sees first
"""
