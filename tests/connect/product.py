"""A product on an origin of its own, with pages that open the connect page in every way there is."""

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

PAGE = """<!doctype html><html lang="en"><title>Product</title>
<button id="go">Connect</button><output id="told"></output>{script}</html>"""

POPUP = """<script>
document.getElementById("go").onclick = () => {
  const opened = window.open(location.hash.slice(1), "connect", "width=700,height=800");
  window.addEventListener("message", (event) => {
    if (event.source !== null && event.source !== opened) return; // a closed window is no source any more
    document.getElementById("told").textContent = JSON.stringify({ origin: event.origin, data: event.data });
  });
};
</script>"""

FRAME = """<script>
document.getElementById("go").onclick = () => {
  const frame = document.createElement("iframe");
  frame.src = location.hash.slice(1);
  frame.style = "width:100%;height:640px;border:0";
  document.body.append(frame);
  window.addEventListener("message", (event) => {
    if (event.source !== frame.contentWindow) return;
    document.getElementById("told").textContent = JSON.stringify({ origin: event.origin, data: event.data });
    setTimeout(() => frame.remove(), 300);  // a click in it is still being watched
  });
};
</script>"""

SDK = """<script type="module">
import authenticate, { rapidForm } from "/sdk.js";
document.getElementById("go").onclick = () => {
  const { token, settings, ...options } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
  const tell = (kind) => (what) => {
    const shown = what instanceof Error ? { ...what, message: what.message } : what;
    document.getElementById("told").textContent = JSON.stringify({ [kind]: shown });
  };
  (settings ? rapidForm : authenticate)(token, options).then(tell("resolved"), tell("rejected"));
};
</script>"""


def product(sdk: Path | None) -> Starlette:
    """The product as an ASGI app; `sdk` is the npm package's script, where it is at hand."""

    def page(script: str) -> Callable[[Request], Response]:
        return lambda request: HTMLResponse(PAGE.replace("{script}", script))

    def script(request: Request) -> Response:
        return FileResponse(sdk or "", media_type="text/javascript")

    pages = {"/popup": POPUP, "/frame": FRAME, "/sdk": SDK}
    routes = [Route(path, page(text)) for path, text in pages.items()]
    return Starlette(routes=[*routes, Route("/sdk.js", script), Route("/done", page("<p>Welcome back</p>"))])
