"""The course as a static site: JupyterLite with the lessons, nothing to install and no server.

wheels.py    pure wheels of what is installed here, for the browser's Python
pyodide.py   where that Python comes from, and the lock file that names every package of the site
lessons.py   the released lessons as the site opens them
build.py     the steps, one after another, into a folder that appears whole
first_page.html.j2   what a visitor sees first
"""
