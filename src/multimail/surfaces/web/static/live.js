// Parts of a page that follow the server, from its event stream.
"use strict";
