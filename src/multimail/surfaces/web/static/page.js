// Small helps on every page; each works without.
"use strict";
