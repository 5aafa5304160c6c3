// The worker's `pyodide.js`: says which file is being loaded for Python, and hands over to Pyodide's own.
"use strict";
{
  const channel = new BroadcastChannel("descentlab loading");
  const get = self.fetch;
  self.fetch = (what, ...more) => {
    channel.postMessage(new URL(what.url ?? what, self.location).pathname.split("/").pop());
    return get(what, ...more);
  };
  self.loadPyodide = (options) => {
    importScripts(`${options.indexURL}pyodide.js`);
    return self.loadPyodide(options);
  };
}
