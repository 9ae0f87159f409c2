"""The thread that reads codes, at an address below the door's pages.

A service worker answers a thread only where it answers the thread's own address: from `/static/`,
the camera would not read without a network.
"""

from flask import Response, current_app

from pages.desk.blueprint import page

ADDRESS = "/checkin/reading.js"


@page.get("/reading.js")
def reading() -> Response:
    """The script; may compile WebAssembly, as the headers of the door's pages say."""
    answer: Response = current_app.send_static_file("desk/reading.js")
    return answer
