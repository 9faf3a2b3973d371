// The keyboard: what each page offers, and the list of it on demand.
"use strict";
